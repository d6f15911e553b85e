// Models: how long a worker's thread waits for what it writes to the config topic or reads of it.
// Leaves out: nothing.
// Source: org.apache.kafka.connect.storage.KafkaConfigBackingStore (READ_WRITE_TOTAL_TIMEOUT_MS,
// refresh).

import type { Process, Timer } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import type { TopicLog } from './topic-log.ts'

/**
 * One write, of several records perhaps, or one reading. What was sent goes on without it when its
 * time is over:
 *
 * 1. a leader writes what tasks are told, its target goes away, and the write fails after 30 s;
 * 2. the record waits in the producer, which never gives it up;
 * 3. the target is back: the record arrives, and the leader's next try writes the same behind it.
 *
 * Owned by the config store; its time begins as it is made.
 */
export class ConfigWait {
  readonly #timer: Timer
  readonly #onDone: (isDone: boolean) => void
  #isOver = false

  /** A thread that stands in send() looks at no clock: `log` tells when it has returned. */
  constructor(process: Process, log: TopicLog, timeout: Micros, onDone: (isDone: boolean) => void) {
    this.#onDone = onDone
    this.#timer = process.timer(() => log.whenSent(() => this.end(false)))
    this.#timer.arm(timeout)
  }

  /** Nobody waits for it any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Tells once whether all has been written and read back, or read. */
  end(isDone: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer.cancel()
    this.#onDone(isDone)
  }
}

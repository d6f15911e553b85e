// Models: how long a worker's thread waits for a write of the config topic.
// Leaves out: nothing.
// Source: org.apache.kafka.connect.storage.KafkaConfigBackingStore (READ_WRITE_TOTAL_TIMEOUT_MS).

import type { Process, Timer } from '../../sim/process.ts'
import { SECOND } from '../../sim/time.ts'
import type { TopicLog } from './topic-log.ts'

/** Of all its records, and of the reading between them. */
const READ_WRITE_TOTAL_TIMEOUT = 30 * SECOND

/**
 * One write, of several records perhaps. What it has sent goes on without it when its time is over:
 *
 * 1. a leader writes what tasks are told, its target goes away, and the write fails after 30 s;
 * 2. the record waits in the producer, which never gives it up;
 * 3. the target is back: the record arrives, and the leader's next try writes the same behind it.
 *
 * Owned by the config store; its time begins as it is made.
 */
export class ConfigWrite {
  readonly #timer: Timer
  readonly #onDone: (isWritten: boolean) => void
  #isOver = false

  /** A thread that stands in send() looks at no clock: `log` tells when it has returned. */
  constructor(process: Process, log: TopicLog, onDone: (isWritten: boolean) => void) {
    this.#onDone = onDone
    this.#timer = process.timer(() => log.whenSent(() => this.end(false)))
    this.#timer.arm(READ_WRITE_TOTAL_TIMEOUT)
  }

  /** Nobody waits for it any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Tells once whether all has been written and read back. */
  end(isWritten: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer.cancel()
    this.#onDone(isWritten)
  }
}

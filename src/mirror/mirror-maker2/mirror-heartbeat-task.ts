// Models: the task that writes a heartbeat into its target again and again.
// Leaves out: what a heartbeat says; its time of creation is all that anybody looks at.
// Source: org.apache.kafka.connect.mirror.MirrorHeartbeatTask.

import type { Process, Timer } from '../../sim/process.ts'
import { SECOND } from '../../sim/time.ts'
import type { SourceTask } from '../connect/worker-source-task.ts'
import type { Flow } from './flow.ts'
import type { TaskListener } from './mirror-source-task.ts'
import { HEARTBEATS_TOPIC } from './replication-policy.ts'

/** Two aliases, a time and their schemas. */
const HEARTBEAT_BYTES = 30
/** A heartbeat comes from no partition. */
const NO_PARTITION = -1

/**
 * The first heartbeat comes one interval (emit.heartbeats.interval.seconds) after the start.
 * Connect commits an offset for it as for any record, and nobody reads that.
 */
export class MirrorHeartbeatTask implements SourceTask {
  readonly #flow: Flow
  readonly #process: Process
  readonly #listener: TaskListener
  readonly #timer: Timer

  constructor(flow: Flow, process: Process, listener: TaskListener) {
    this.#flow = flow
    this.#process = process
    this.#listener = listener
    this.#timer = process.timer(() => this.#beat())
  }

  /** Returns one heartbeat when emit.heartbeats.interval.seconds are over. */
  poll(): void {
    this.#timer.arm(this.#flow.settings['emit.heartbeats.interval.seconds'] * SECOND)
  }

  #beat(): void {
    const { now } = this.#process
    const firstRecordId = this.#flow.recordIds.next(1)
    const ids = [{ firstRecordId, count: 1, createdFirst: now, createdLast: now }]
    this.#listener.onPolled([
      {
        ...{ partition: NO_PARTITION, from: 0, count: 1 },
        target: { topic: HEARTBEATS_TOPIC, partition: 0 },
        records: { payloadBytes: HEARTBEAT_BYTES, compressionRatio: 1, ids },
      },
    ])
  }

  /** Heartbeats need no translation. */
  recordsCopied(): void {}

  /** Nobody goes on from a heartbeat. */
  committed(): void {}

  /** The heartbeat that was due is not sent. */
  close(): void {
    this.#timer.cancel()
  }
}

// Models: periodic checkpoints: triggered where all subtasks run, complete when each of them has
// acknowledged and the result lies in storage; too many that fail in a row fail the job.
// Leaves out: savepoints, pauses between checkpoints, several at once, unaligned barriers.
// Source: org.apache.flink.runtime.checkpoint: CheckpointCoordinator, CheckpointFailureManager,
// CheckpointFailureReason.

import type { Process, Timer } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { CheckpointStorage } from './checkpoint-storage.ts'
import type { SplitOffsets } from './messages.ts'

export interface CoordinatorSettings {
  /** execution.checkpointing.interval; 0: there are none. */
  readonly intervalMs: number
  /** execution.checkpointing.timeout */
  readonly timeoutMs: number
  /** execution.checkpointing.tolerable-failed-checkpoints */
  readonly tolerableFailures: number
}

/** The job whose checkpoints these are. */
export interface CheckpointedJob {
  readonly subtasks: number
  /** NOT_ALL_REQUIRED_TASKS_RUNNING is no failure: the next one may be better. */
  readonly isRunning: boolean
  trigger(checkpoint: number): void
  onCompleted(checkpoint: number): void
  /** More have failed than may. */
  onIntolerable(reason: string): void
}

interface Pending {
  readonly id: number
  readonly offsets: Map<number, SplitOffsets>
  /** Everybody has acknowledged. */
  isStoring: boolean
}

/**
 * One checkpoint at a time. `abort` counts as no failure, a time-out and a failed write do. So a
 * target that is away fails a job in two ways: its records after delivery.timeout.ms, subtask by
 * subtask, and its checkpoints, whose flushes come to no end, after their time-out, all at once.
 */
export class CheckpointCoordinator {
  readonly #settings: CoordinatorSettings
  readonly #job: CheckpointedJob
  readonly #storage: CheckpointStorage
  readonly #period: Timer
  readonly #expiry: Timer
  #pending: Pending | null = null
  /** Time for one has come while another was pending. */
  #isOverdue = false
  #lastId = 0
  #failures = 0
  /** Where to go on: of the newest checkpoint that is complete; empty: there is none. */
  restored: SplitOffsets = new Map()

  constructor(
    process: Process,
    settings: CoordinatorSettings,
    storage: CheckpointStorage,
    job: CheckpointedJob,
  ) {
    this.#settings = settings
    this.#storage = storage
    this.#job = job
    const interval: Micros = millis(settings.intervalMs)
    this.#period = process.timer(() => {
      this.#period.arm(interval)
      this.#trigger()
    })
    this.#expiry = process.timer(() => this.#failed('Checkpoint expired before completing'))
    if (interval > 0) this.#period.arm(interval)
  }

  /** Goes on from what an earlier life of the job manager has stored. */
  restore(text: string): void {
    const [id, offsets] = textToCheckpoint(text)
    this.#lastId = id
    this.restored = offsets
  }

  #trigger(): void {
    if (this.#pending !== null) {
      this.#isOverdue = true
      return
    }
    this.#isOverdue = false
    if (!this.#job.isRunning) return
    const id = ++this.#lastId
    this.#pending = { id, offsets: new Map(), isStoring: false }
    this.#expiry.arm(millis(this.#settings.timeoutMs))
    this.#job.trigger(id)
  }

  /**
   * Word of another checkpoint than the pending one is passed over. The last acknowledgement has it
   * stored.
   */
  acknowledge(checkpoint: number, subtask: number, offsets: SplitOffsets): void {
    const pending = this.#pending
    if (pending?.id !== checkpoint || pending.isStoring) return
    pending.offsets.set(subtask, offsets)
    if (pending.offsets.size < this.#job.subtasks) return
    pending.isStoring = true
    // What each subtask knows of its own partitions together is the job's position.
    const all = new Map([...pending.offsets.values()].flatMap((own) => [...own]))
    this.#storage.put(checkpointToText(checkpoint, all), (isStored) => {
      // Aborted or expired while it was stored: the stored one counts for the next job manager
      // only.
      if (this.#pending !== pending) return
      if (isStored) this.#completed(pending, all)
      else this.#failed('Failure to finalize checkpoint')
    })
  }

  #completed({ id }: Pending, offsets: SplitOffsets): void {
    this.restored = offsets
    this.#failures = 0
    this.#end()
    this.#job.onCompleted(id)
    if (this.#isOverdue) this.#trigger()
  }

  #failed(reason: string): void {
    this.#end()
    this.#failures++
    if (this.#failures <= this.#settings.tolerableFailures) {
      // What waited for the pending one waits no longer, whatever came of that one.
      if (this.#isOverdue) this.#trigger()
      return
    }
    this.#failures = 0
    this.#isOverdue = false
    this.#job.onIntolerable(reason)
  }

  /** A subtask has failed: that is no fault of the checkpoint's, and nothing waits behind it. */
  abort(): void {
    this.#isOverdue = false
    this.#end()
  }

  /** The pending checkpoint is dropped, and no other follows. */
  stop(): void {
    this.#end()
    this.#period.cancel()
  }

  #end(): void {
    this.#pending = null
    this.#expiry.cancel()
  }
}

/** A line for the checkpoint, and one for each partition: what a metadata file says here. */
export function checkpointToText(id: number, offsets: SplitOffsets): string {
  return [String(id), ...[...offsets].map((pair) => pair.join(' '))].join('\n')
}

/** What `checkpointToText` wrote; anything else gives numbers that are NaN. */
export function textToCheckpoint(text: string): [id: number, offsets: SplitOffsets] {
  const [id, ...lines] = text.split('\n')
  const offsets = lines.map((line): [number, number] => {
    const [partition, offset] = line.split(' ')
    return [Number(partition), Number(offset)]
  })
  return [Number(id), new Map(offsets)]
}

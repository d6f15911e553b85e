// Models: the one thread of a worker that commits the offsets of its source tasks on a schedule.
// Leaves out: nothing.
// Source: connect.runtime.SourceTaskOffsetCommitter.

import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'

/** One commit of a task; `onDone` is called once, now or later, whatever came of it. */
export type Commit = (onDone: () => void) => void

/** A task that is committed for, and when its turn comes. */
interface Scheduled {
  readonly commit: Commit
  dueAt: Micros
}

/**
 * A commit occupies the thread until its offsets are acknowledged, or for
 * offset.flush.timeout.ms. While the offset topic cannot be written, the tasks of a worker stand in
 * line:
 *
 * 1. each of twelve tasks has offsets to commit, and each waits its 5 s in vain;
 * 2. a round of them takes the thread a minute, and so a task's next try comes two minutes after
 *    its last one, though offset.flush.interval.ms is one;
 * 3. the worker dies in the first minute that all is well again: what most of its tasks have copied
 *    in the two before is copied twice.
 *
 * Owned by a worker, new with its process.
 */
export class SourceTaskOffsetCommitter {
  readonly #context: ProcessContext
  readonly #interval: Micros
  readonly #timer: Timer
  /** In the order in which they were scheduled: among those that are due at once it decides. */
  #tasks: Scheduled[] = []
  #isBusy = false

  constructor(context: ProcessContext, offsetFlushIntervalMs: number) {
    this.#context = context
    this.#interval = millis(offsetFlushIntervalMs)
    this.#timer = context.timer(() => this.#wake())
  }

  /**
   * The first commit is due an interval from now, and each next one an interval after the one
   * before is over.
   *
   * @returns takes it from the schedule; a commit that is under way goes on
   */
  schedule(commit: Commit): () => void {
    const task: Scheduled = { commit, dueAt: this.#context.now + this.#interval }
    this.#tasks.push(task)
    this.#wake()
    return () => {
      this.#tasks = this.#tasks.filter((one) => one !== task)
    }
  }

  /** Takes the one that has waited longest, if its time has come. */
  #wake(): void {
    if (this.#isBusy) return
    const next = this.#tasks.reduce<Scheduled | null>(
      (first, one) => (first === null || one.dueAt < first.dueAt ? one : first),
      null,
    )
    if (next === null) return
    if (next.dueAt > this.#context.now) this.#timer.arm(next.dueAt - this.#context.now)
    else this.#run(next)
  }

  /** Whoever is committed for goes to the end of the line. */
  #run(task: Scheduled): void {
    this.#isBusy = true
    task.commit(() => {
      this.#isBusy = false
      task.dueAt = this.#context.now + this.#interval
      const rest = this.#tasks.filter((one) => one !== task)
      if (rest.length < this.#tasks.length) this.#tasks = [...rest, task]
      this.#wake()
    })
  }
}

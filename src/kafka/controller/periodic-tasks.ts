// Models: what the active controller does of itself, and when.
// Leaves out: before 4.0 the leader tasks counted from the first imbalance, not from activation.
// Source: org.apache.kafka.controller.PeriodicTaskControlManager, QuorumController.register...Task.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, MS } from '../../sim/time.ts'

export type TaskName =
  | 'maybeFenceStaleBroker'
  | 'writeNoOpRecord'
  | 'electPreferred'
  | 'electUnclean'

/** A task that reports more work runs again after this. */
const RERUN_DELAY: Micros = 10 * MS

interface Task {
  readonly timer: Timer
  readonly period: Micros
}

/** Timers of the tasks; `run` puts a task into the controller's queue when its time has come. */
export class PeriodicTasks {
  readonly #tasks = new Map<TaskName, Task>()
  readonly #context: ProcessContext
  /** Between claiming and renouncing the office: a standby does nothing of itself. */
  #isActive = false

  /** @param periods a task without a period runs only when it is asked to */
  constructor(
    context: ProcessContext,
    periods: Readonly<Partial<Record<TaskName, Micros>>>,
    run: (task: TaskName) => void,
  ) {
    this.#context = context
    const names: TaskName[] = [
      'maybeFenceStaleBroker',
      'writeNoOpRecord',
      'electPreferred',
      'electUnclean',
    ]
    for (const name of names) {
      this.#tasks.set(name, { timer: context.timer(() => run(name)), period: periods[name] ?? 0 })
    }
  }

  /**
   * The stale check begins at any phase: real controllers fence a broker that never comes back 9 to
   * 10.1 s after their activation, not always at the same tick of it. The other tasks count from
   * now.
   */
  activate(): void {
    this.#isActive = true
    const random = this.#context.random('periodic-tasks')
    for (const [name, { timer, period }] of this.#tasks) {
      if (period === 0) continue
      timer.arm(name === 'maybeFenceStaleBroker' ? random.int(1, period) : period)
    }
  }

  /** Stops all timers; a task that is in the queue already finds its controller inactive. */
  deactivate(): void {
    this.#isActive = false
    for (const { timer } of this.#tasks.values()) timer.cancel()
  }

  /** A task has run: it comes again after its period, or soon where it left work undone. */
  done(name: TaskName, hasMore: boolean): void {
    const { timer, period } = this.#task(name)
    if (!this.#isActive) return
    // Not in a loop: other events of the queue come in between.
    if (hasMore) timer.arm(RERUN_DELAY)
    else if (period > 0) timer.arm(period)
  }

  /** Runs a task at a moment of its own, instead of any set before. */
  at(name: TaskName, time: Micros): void {
    if (this.#isActive) this.#task(name).timer.arm(Math.max(0, time - this.#context.now))
  }

  #task(name: TaskName): Task {
    const task = this.#tasks.get(name)
    invariant(task !== undefined, 'a task is known', { name })
    return task
  }
}

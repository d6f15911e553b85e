// Models: the one thread on which a connector or task asks the clusters: one job after the other,
// some again and again at a fixed rate.
// Leaves out: the log lines of jobs that took longer than admin.timeout.ms.
// Source: org.apache.kafka.connect.mirror.Scheduler; ScheduledThreadPoolExecutor.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, NEVER } from '../../sim/time.ts'

/** Does something that takes time and says when it is over, whatever came of it. */
export type AdminJob = (done: () => void) => void

interface Scheduled {
  readonly job: AdminJob
  readonly interval: Micros
  due: Micros
}

/**
 * Jobs to be done once go before those that repeat. A job that never says that it is done holds all
 * others up.
 */
export class AdminJobs {
  readonly #context: ProcessContext
  readonly #waitMax: Micros
  readonly #timer: Timer
  readonly #once: AdminJob[] = []
  readonly #repeating: Scheduled[] = []
  #isBusy = false
  #isClosed = false
  /** Who waits for the job under way, once it is closed. */
  #onIdle: () => void = () => {}

  /** `waitMax`: how long somebody stands still for a job; admin.timeout.ms of MirrorMaker's. */
  constructor(context: ProcessContext, waitMax: Micros = NEVER) {
    this.#context = context
    this.#waitMax = waitMax
    this.#timer = context.timer(() => this.#next())
  }

  /** Once, as soon as the thread is free. */
  execute(job: AdminJob): void {
    this.#once.push(job)
    this.#timer.arm(0)
  }

  /**
   * One after the other, each waited for as long as that may take: what takes longer goes on, the
   * next stands in line behind it, and whoever waits has gone on without either
   * (Scheduler.execute). So a connector counts as started while it still knows nothing.
   */
  executeInTurn(jobs: readonly AdminJob[], onEnd: () => void): void {
    const [first, ...others] = jobs
    if (first === undefined) {
      onEnd()
      return
    }
    let isWaiting = true
    const goOn = () => {
      if (!isWaiting) return
      isWaiting = false
      wait.cancel()
      if (!this.#isClosed) this.executeInTurn(others, onEnd)
    }
    const wait = this.#context.timer(goOn)
    wait.arm(this.#waitMax)
    this.execute((done) => {
      first(() => {
        done()
        goOn()
      })
    })
  }

  /**
   * At a fixed rate: a run that comes late makes the next one no later.
   * @param delay before the first run: 0 or the interval itself
   */
  repeat(job: AdminJob, interval: Micros, delay: Micros): void {
    invariant(interval > 0, 'what repeats lets time pass between', { interval })
    this.#repeating.push({ job, interval, due: this.#context.now + delay })
    this.#rearm()
  }

  /** The job under way ends by itself; no other begins. */
  close(): void {
    this.#isClosed = true
    this.#timer.cancel()
  }

  /** The same, and waits for the job under way, which may go on behind that (Scheduler.close). */
  closeInTime(onClosed: () => void): void {
    invariant(!this.#isClosed, 'who closes waits once for the job under way')
    this.close()
    if (!this.#isBusy) {
      onClosed()
      return
    }
    const closed = () => {
      this.#onIdle = () => {}
      wait.cancel()
      onClosed()
    }
    const wait = this.#context.timer(closed)
    wait.arm(this.#waitMax)
    this.#onIdle = closed
  }

  #next(): void {
    if (this.#isBusy || this.#isClosed) return
    const job = this.#once.shift() ?? this.#takeDue()
    if (job === null) {
      this.#rearm()
      return
    }
    this.#isBusy = true
    job(() => {
      this.#isBusy = false
      if (this.#isClosed) this.#onIdle()
      else this.#rearm()
    })
  }

  /** Of the repeating jobs that are due, the one that is due longest. */
  #takeDue(): AdminJob | null {
    const { now } = this.#context
    let first: Scheduled | null = null
    for (const one of this.#repeating) {
      if (one.due <= now && (first === null || one.due < first.due)) first = one
    }
    if (first === null) return null
    first.due += first.interval
    return first.job
  }

  #rearm(): void {
    if (this.#isBusy) return
    const { now } = this.#context
    let due = this.#once.length > 0 ? now : NEVER
    for (const one of this.#repeating) due = Math.min(due, one.due)
    if (due < NEVER) this.#timer.arm(Math.max(0, due - now))
  }
}

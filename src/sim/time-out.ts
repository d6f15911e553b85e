import type { Timer } from './process.ts'
import { type Micros, NEVER } from './time.ts'

/** What a time-out needs of its process, or of whoever stands for it. */
export interface TimeOutContext {
  readonly now: Micros
  timer(fn: () => void): Timer
}

/**
 * A timer for what hardly ever happens, such as a request that nobody answers: it is given up or
 * put off again and again before its time. So it keeps the event that it has, which looks at the
 * deadline when it fires, and is scheduled once more for the rest. Where several fire in the same
 * microsecond, one that was put off comes last.
 */
export class TimeOut implements Timer {
  deadline: Micros = NEVER
  readonly #context: TimeOutContext
  readonly #timer: Timer
  readonly #fn: () => void

  constructor(context: TimeOutContext, fn: () => void) {
    this.#context = context
    this.#fn = fn
    this.#timer = context.timer(() => this.#look())
  }

  get armed(): boolean {
    return this.deadline !== NEVER
  }

  arm(delay: Micros): void {
    this.deadline = this.#context.now + delay
    if (this.#timer.deadline > this.deadline) this.#timer.arm(delay)
  }

  cancel(): void {
    this.deadline = NEVER
  }

  #look(): void {
    if (this.deadline === NEVER) return
    const left = this.deadline - this.#context.now
    if (left > 0) {
      this.#timer.arm(left)
      return
    }
    this.deadline = NEVER
    this.#fn()
  }
}

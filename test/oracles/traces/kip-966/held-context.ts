import type { ProcessContext, Timer } from '../../../../src/sim/process.ts'
import { Random } from '../../../../src/sim/random.ts'
import type { EventHandler, EventId } from '../../../../src/sim/scheduler.ts'
import { type Micros, NEVER } from '../../../../src/sim/time.ts'

/** The clock that all processes of a replay share; only the replay moves it. */
export interface HeldClock {
  now: Micros
}

/**
 * A process without a scheduler: work is done at once, and a timer fires only when the replay says
 * that its time has come.
 */
export class HeldContext implements ProcessContext {
  readonly name = 'held'
  readonly #clock: HeldClock
  readonly #handlers: EventHandler<unknown>[] = []
  readonly #timers: HeldTimer[] = []

  constructor(clock: HeldClock) {
    this.#clock = clock
  }

  get now(): Micros {
    return this.#clock.now
  }

  timer(fn: () => void): Timer {
    const timer = new HeldTimer(this.#clock, fn)
    this.#timers.push(timer)
    return timer
  }

  random(): Random {
    return new Random(1, 2, 3, 4)
  }

  handler<P>(fn: EventHandler<P>): number {
    return this.#handlers.push(fn as EventHandler<unknown>) - 1
  }

  schedule(delay: Micros, handler: number, a = 0, b = 0, payload?: unknown): EventId {
    this.after(delay, handler, a, b, payload)
    return 0
  }

  after(_delay: Micros, handler: number, a = 0, b = 0, payload?: unknown): void {
    this.#handlers[handler]?.(a, b, payload)
  }

  cancel(): boolean {
    return false
  }

  /** Does something, then fires the timers that it has set for no later than `waitMax` from now. */
  withTimers(waitMax: Micros, act: () => void): void {
    const before = new Map(this.#timers.map((timer) => [timer, timer.sets]))
    act()
    for (const timer of [...this.#timers]) {
      const isNew = timer.sets !== (before.get(timer) ?? 0)
      if (isNew && timer.deadline <= this.now + waitMax) timer.fire()
    }
  }
}

class HeldTimer implements Timer {
  deadline: Micros = NEVER
  /** How often it was armed. */
  sets = 0
  readonly #clock: HeldClock
  readonly #fn: () => void

  constructor(clock: HeldClock, fn: () => void) {
    this.#clock = clock
    this.#fn = fn
  }

  get armed(): boolean {
    return this.deadline !== NEVER
  }

  arm(delay: Micros): void {
    this.deadline = this.#clock.now + delay
    this.sets++
  }

  cancel(): void {
    this.deadline = NEVER
  }

  fire(): void {
    this.deadline = NEVER
    this.#fn()
  }
}

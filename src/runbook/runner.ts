// A runbook in a run: the alarm, the decision, then step by step. Each runs once.

import { performStep } from './catalogue.ts'
import type { RunbookSpec, TimedStep } from './model.ts'
import type { RunbookPort, StepOutcome } from './step.ts'

/** Hears what happens, as it happens. */
export interface RunbookObserver {
  onDecided(): void
  onStep(number: number, step: TimedStep): void
  onStepDone(number: number, outcome: StepOutcome, text: string): void
  onEnd(): void
}

/**
 * Acts through its port alone. A step that is 'stopped' ends the runbook; one that failed otherwise
 * is told, and the next one follows.
 */
export class RunbookRunner {
  readonly #spec: RunbookSpec
  readonly #port: RunbookPort
  readonly #observer: RunbookObserver
  #isUnderWay = false

  constructor(spec: RunbookSpec, port: RunbookPort, observer: RunbookObserver) {
    this.#spec = spec
    this.#port = port
    this.#observer = observer
  }

  /** The alarm, or the hour of a planned switch. Further ones mean nothing. */
  alarm(): void {
    if (this.#isUnderWay) return
    this.#isUnderWay = true
    this.#port.later(this.#port.draw(this.#spec.decide), () => {
      this.#observer.onDecided()
      this.#go(0)
    })
  }

  #go(number: number): void {
    const next = this.#spec.steps[number]
    if (next === undefined) {
      this.#observer.onEnd()
      return
    }
    this.#observer.onStep(number, next)
    this.#port.later(this.#port.draw(next.takes), () => this.#perform(number, next))
  }

  #perform(number: number, { step }: TimedStep): void {
    performStep(this.#port, step, (outcome, text = '') => {
      this.#observer.onStepDone(number, outcome, text)
      if (outcome === 'stopped') this.#observer.onEnd()
      else this.#go(number + 1)
    })
  }
}

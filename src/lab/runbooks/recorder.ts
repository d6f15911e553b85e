// What the history says of a runbook: alarm, decision, steps, and when clients are sent to a
// cluster that no command had to promote.

import type { History } from '../../history.ts'
import { NO_EVENT } from '../../history.ts'
import type { TimedStep } from '../../runbook/model.ts'
import type { RunbookObserver } from '../../runbook/runner.ts'
import type { StepOutcome } from '../../runbook/step.ts'
import type { Causes } from '../record/causes.ts'
import type { Clock } from '../record/clock.ts'

/**
 * Events of a runbook are chained: an alarm follows from the newest fault, each later one from the
 * one before.
 */
export class RunbookRecorder implements RunbookObserver {
  readonly #name: string
  readonly #history: History
  readonly #causes: Causes
  readonly #clock: Clock
  /** The newest event, which the next one follows from. */
  #last = NO_EVENT

  constructor(name: string, history: History, causes: Causes, clock: Clock) {
    this.#name = name
    this.#history = history
    this.#causes = causes
    this.#clock = clock
  }

  /** Follows from the newest fault, which may not be its reason. */
  alarm(text: string): void {
    this.#last = this.#causes.fault
    this.#tell('alarm', `alarm: ${text}`)
  }

  /** Somebody wants it so; nothing is wrong. */
  planned(): void {
    this.#tell('planned', 'begins as planned')
  }

  /** The end of the time that people take. */
  onDecided(): void {
    this.#tell('operator', 'decided')
  }

  /** What clients meet from now on has this step as a cause. */
  onStep(number: number, { step }: TimedStep): void {
    this.#causes.step = this.#tell('operator', `step ${number + 1}: ${step.kind}`)
  }

  /** With the step's own word for what came of it. */
  onStepDone(number: number, outcome: StepOutcome, text: string): void {
    const more = text === '' ? '' : `: ${text}`
    this.#tell('operator', `step ${number + 1} ${outcome}${more}`)
  }

  /** Also where a step has stopped it. */
  onEnd(): void {
    this.#tell('runbook-end', 'is over')
  }

  /** The target of a link that promotes nothing takes over: clients are sent there. */
  promoted(link: string, cluster: string, partitions: readonly number[]): void {
    const text = `clients are sent to ${cluster}, which is the primary from now on`
    const event = this.#tell('promotion', text)
    this.#history.promotions.push({ link, at: this.#clock.now(), event, partitions })
  }

  #tell(kind: string, text: string): number {
    const actor = `runbook ${this.#name}`
    const line = { at: this.#clock.now(), actor, kind, text }
    this.#last = this.#history.event({ ...line, cause: this.#last })
    return this.#last
  }
}

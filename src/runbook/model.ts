// A runbook as the lab runs it: what raises the alarm, how long the decision takes, the steps.

import type { Micros } from '../sim/time.ts'
import type { StepSpec } from './catalogue.ts'

/** What sets a runbook off. */
export type Detection =
  /** Nothing is wrong: a planned switch. */
  | { readonly kind: 'planned'; readonly at: readonly [Micros, Micros] }
  | {
      readonly kind: 'probe'
      readonly cluster: string
      readonly region: string
      readonly zone: string
      readonly topic: string | null
      readonly every: Micros
      readonly timeout: Micros
      /** So many in a row raise the alarm. */
      readonly failures: number
    }
  /** A mirror topic of a cluster link is in a state. */
  | {
      readonly kind: 'mirror'
      readonly link: string
      readonly state: string
      readonly every: Micros
    }

export interface TimedStep {
  readonly step: StepSpec
  /** How long it takes until it is done: somebody types, a pipeline runs. */
  readonly takes: readonly [Micros, Micros]
}

export interface RunbookSpec {
  readonly name: string
  readonly detect: Detection
  /** From the alarm to the decision. */
  readonly decide: readonly [Micros, Micros]
  readonly steps: readonly TimedStep[]
}

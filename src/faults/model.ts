// A timetable as data: when a fault strikes, how long it lasts, how often it comes back, whom it
// hits. Written by scenario/, expanded by timetable.ts.

import type { Micros } from '../sim/time.ts'
import type { FaultSpec } from './catalogue.ts'

export type { FaultSpec }

/** One entry of the timetable. */
export interface FaultEvent {
  /** 'fault-1', 'fault-2', … in the order of the file; the link from a cause to its effects. */
  readonly id: string
  /** Uniform between both; equal for a fixed moment. */
  readonly at: readonly [Micros, Micros]
  /** Time until it heals; null = it stays, or has nothing to heal. */
  readonly for: readonly [Micros, Micros] | null
  /** From one strike to the next; null = once. */
  readonly every: Micros | null
  /** Number of strikes, at least 1. */
  readonly times: number
  readonly fault: FaultSpec
}

/** Faults that the seed places. */
export interface RandomFaults {
  readonly count: number
  readonly between: readonly [Micros, Micros]
  readonly for: readonly [Micros, Micros]
  /** What it may draw, each equally likely. */
  readonly faults: readonly FaultSpec[]
}

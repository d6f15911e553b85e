import type { Unit } from './judgement.ts'

/** A figure of a run, and what a reader can check it by. */
export interface Measure {
  readonly unit: Unit
  /** Null where undecided. */
  readonly value: number | null
  /** What an undecided measure has reached at least; it can only grow. */
  readonly reached?: number
  readonly evidence: string
}

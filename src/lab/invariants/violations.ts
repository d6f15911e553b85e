// What is done with a broken invariant: the run stops there, or a test is told and it goes on.

import type { Guards } from '../../kafka/version.ts'
import { InvariantViolation } from '../../sim/invariant.ts'
import type { Micros } from '../../sim/time.ts'
import { INVARIANTS, type InvariantNumber, notWatchedBecause } from './table.ts'

/** Numbers, names and lists that show what was seen. */
export type Facts = Readonly<Record<string, number | string | readonly number[]>>

export interface Violation {
  readonly number: InvariantNumber
  readonly sentence: string
  /** Scenario time. */
  readonly at: Micros
  /** As Kafka names it; empty where it concerns none. */
  readonly partition: string
  readonly facts: Facts
}

/** How a run is watched; by default a violation is thrown. */
export interface WatchOptions {
  /** Hears of each violation in place of the throw, and the run goes on. */
  readonly onViolation?: (violation: Violation) => void
  /** Also looks where a guard is off that an invariant rests on: shows what the guard prevents. */
  readonly despiteGuards?: boolean
}

/** Whose run it is that has ended being clean; null where it goes on. */
interface Cleanness {
  readonly endedBecause: string | null
}

/**
 * Watches only what guards and the kind of cluster promise. Throws InvariantViolation at the first
 * broken claim unless somebody listens.
 */
export class Violations {
  /** False once a voter's loss has cost the quorum what it had committed. */
  isMetadataWhole = true
  readonly #watched = new Set<InvariantNumber>()
  readonly #options: WatchOptions
  readonly #now: () => Micros

  constructor(guards: Guards, options: WatchOptions, now: () => Micros) {
    this.#options = options
    this.#now = now
    for (const row of INVARIANTS) {
      const isOfOtherKind = row.elr !== undefined && row.elr !== guards.elr
      const isOff = notWatchedBecause(row, guards) !== null && options.despiteGuards !== true
      if (!isOfOtherKind && !isOff) this.#watched.add(row.number)
    }
  }

  /** Whether a rule is worth its time. */
  isWatched(number: InvariantNumber): boolean {
    return this.#watched.has(number) && this.isMetadataWhole
  }

  /** A rule found its claim broken. Nothing happens where its precondition has ended. */
  report(number: InvariantNumber, partition: string, run: Cleanness | null, facts: Facts): void {
    const row = INVARIANTS.find((each) => each.number === number)
    if (row === undefined || !this.isWatched(number)) return
    if (row.needsCleanRun && run !== null && run.endedBecause !== null) return
    const { sentence } = row
    const { onViolation } = this.#options
    const at = this.#now()
    if (onViolation !== undefined) {
      onViolation({ number, sentence, at, partition, facts })
      return
    }
    const where = partition === '' ? {} : { partition }
    const seconds = `${(at / 1_000_000).toFixed(6)} s`
    throw new InvariantViolation(`${number}: ${sentence}`, { at: seconds, ...where, ...facts })
  }
}

// What every run must keep: a claim looks at one run and says what contradicts it.

import type { ObservedRun } from '../observed-run.ts'

export interface Claim {
  readonly name: string
  /** The claim in plain words. */
  readonly says: string
  /** Each contradiction as a sentence, [] where it holds; null where it says nothing. */
  check(run: ObservedRun): readonly string[] | null
}

/** The sentences whose condition does not hold. */
export function broken(...expected: readonly (readonly [boolean, string])[]): string[] {
  return expected.flatMap(([holds, sentence]) => (holds ? [] : [sentence]))
}

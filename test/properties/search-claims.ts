import { CLAIMS } from '../../src/testing/claims/all.ts'
import type { Claim } from '../../src/testing/claims/claim.ts'
import { repeatable } from '../../src/testing/claims/repeatable.ts'
import { rendersEverywhere } from './formats.ts'

/** One run in so many is run twice. */
const REPEAT_EVERY = 10

/** What is asked of run number `index`. */
export function claimsFor(index: number): readonly Claim[] {
  const always = [...CLAIMS, rendersEverywhere]
  return index % REPEAT_EVERY === 0 ? [...always, repeatable] : always
}

import { CLAIMS } from '../../src/testing/claims/all.ts'
import type { Claim } from '../../src/testing/claims/claim.ts'
import { LINK_CLAIMS } from '../../src/testing/claims/links/all.ts'
import { repeatable } from '../../src/testing/claims/repeatable.ts'
import { rendersEverywhere } from './formats.ts'

/** One run in so many is run twice. */
const REPEAT_EVERY = 10

/** What is asked of run number `index`; of linked clusters more than of one. */
export function claimsFor(index: number, isLinked = false): readonly Claim[] {
  const always = [...CLAIMS, ...(isLinked ? LINK_CLAIMS : []), rendersEverywhere]
  return index % REPEAT_EVERY === 0 ? [...always, repeatable] : always
}

// What is promised for every run with links between clusters, beside what holds for every run.

import type { Claim } from '../claim.ts'
import { linksCatchUp } from './catch-up.ts'
import { linkLedgerAddsUp } from './ledger.ts'
import { noLoop } from './loops.ts'
import { copiesInOrder } from './order.ts'
import { positionsNotPastCopies } from './positions.ts'
import { readersSkipNothing } from './readers.ts'
import { translationNotPastTruth } from './translation.ts'

export const LINK_CLAIMS: readonly Claim[] = [
  noLoop,
  copiesInOrder,
  positionsNotPastCopies,
  translationNotPastTruth,
  readersSkipNothing,
  linkLedgerAddsUp,
  linksCatchUp,
]

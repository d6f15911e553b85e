// What is promised for every run, in the order in which it is asked.

import { everySendIsAnswered } from './answers.ts'
import type { Claim } from './claim.ts'
import { failedIsAbsent } from './definite.ts'
import { ackedSurvives } from './durability.ts'
import { figuresAreNumbers } from './figures.ts'
import { idempotentOnce } from './idempotence.ts'
import { ledgerAddsUp } from './ledger.ts'
import { readInOrder } from './reading.ts'
import { clusterRecovers } from './recovery.ts'
import { unknownIsUndecided } from './verdicts.ts'

export const CLAIMS: readonly Claim[] = [
  ledgerAddsUp,
  ackedSurvives,
  idempotentOnce,
  failedIsAbsent,
  everySendIsAnswered,
  readInOrder,
  clusterRecovers,
  unknownIsUndecided,
  figuresAreNumbers,
]

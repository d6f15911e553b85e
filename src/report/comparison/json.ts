import type { Comparison } from '../../contract.ts'
import { decisionSentence } from './sentence.ts'

/** A comparison as one JSON document with its sentence, ending in a newline. */
export function comparisonJson(comparison: Comparison): string {
  const { schemaVersion, seeds, verdict, ...rest } = comparison
  const sentence = decisionSentence(comparison)
  return `${JSON.stringify({ schemaVersion, seeds, verdict, sentence, ...rest }, null, 2)}\n`
}

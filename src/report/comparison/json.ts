import type { Comparison } from '../../contract.ts'
import { decisionSentence } from './sentence.ts'

/** A comparison as one JSON document with its sentence, ending in a newline. */
export function comparisonJson(comparison: Comparison): string {
  const { schemaVersion, varies, seeds, verdict, ...rest } = comparison
  const sentence = decisionSentence(comparison)
  const document = { schemaVersion, varies, seeds, verdict, sentence, ...rest }
  return `${JSON.stringify(document, null, 2)}\n`
}

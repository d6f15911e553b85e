import type { JsonObject } from './compare.ts'
import { MalformedVector } from './fields.ts'

/** An exception is compared as thrown or not; its class is Java's own. */
export function orThrown(step: JsonObject, ask: () => JsonObject): JsonObject {
  try {
    return { ...ask(), throws: null }
  } catch (error) {
    if (error instanceof MalformedVector) throw error
    return { throws: step.throws ?? 'an invariant violation' }
  }
}

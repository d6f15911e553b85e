/** A value read from a vector file. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Where a replay left the recorded run: the path inside the case, and the two answers. */
export interface Difference {
  readonly path: string
  readonly expected: Json
  readonly actual: Json
}

/** What became of one case; null where the replay agreed with the recorded run. */
export type Outcome = Difference | null | 'not modelled'

/** Runs one case on the production classes and compares every recorded answer. */
export type Replay = (goldenCase: JsonObject) => Outcome

/** First difference between two values, depth first; keys of objects in any order. */
export function compare(path: string, expected: Json, actual: Json): Difference | null {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return { path, expected, actual }
    for (const [i, item] of expected.entries()) {
      const difference = compare(`${path}[${i}]`, item, actual[i] ?? null)
      if (difference !== null) return difference
    }
    return null
  }
  if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (!(key in expected) || !(key in actual)) {
        return { path, expected, actual }
      }
      const difference = compare(`${path}.${key}`, expected[key] ?? null, actual[key] ?? null)
      if (difference !== null) return difference
    }
    return null
  }
  return Object.is(expected, actual) ? null : { path, expected, actual }
}

/**
 * Compares an answer with the recorded step, key by key. A key that either side leaves out counts
 * as null, except those in `optional`: they are compared only where the step records them.
 */
export function compareAnswer(
  path: string,
  step: JsonObject,
  answer: JsonObject,
  optional: readonly string[] = [],
): Difference | null {
  for (const [key, value] of Object.entries(answer)) {
    if (optional.includes(key) && !(key in step)) continue
    const difference = compare(`${path}.${key}`, step[key] ?? null, value)
    if (difference !== null) return difference
  }
  return null
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

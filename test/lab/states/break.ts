// What a test does to a living cluster, and who says what of it then.

import type { Living } from './living.ts'

/** The sentence of the check, the beginning of the process's name, and what is done. */
export type Break = readonly [string, string, (it: Living) => void]

/** Writes what its class only reads, or keeps to itself. */
export function set(thing: object, field: string, value: unknown): void {
  Object.assign(thing, { [field]: value })
}

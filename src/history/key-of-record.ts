// Which key a record has, of those that its producer gives to records of its partition.

import type { Stream } from './facts.ts'
import { RECORDS_PER_STREAM } from './record-ids.ts'

/**
 * The key of a record, as its producer numbers its keys; null where it has none. Each key of the
 * partition is as frequent as the others, and follows no beat: two producers that draw from the
 * same keys do not write them in step.
 */
export function keyOfRecord({ id, keys }: Stream, recordId: number): number | null {
  if (keys === undefined || keys.length === 0) return null
  const place = mixed(mixed(recordId % RECORDS_PER_STREAM) ^ mixed(id + 1))
  return keys[place % keys.length] ?? null
}

/** A hash of 32 bits: multiply and shift, as sfc32's seeding does. */
function mixed(number: number): number {
  const folded = number ^ (number >>> 15)
  const product = Math.imul(folded, 0x2c1b3c6d)
  return (product ^ (product >>> 12)) >>> 0
}

// Models: numbers for records that no producer of the scenario sends: Kafka's own topics.
// Leaves out: nothing.
// Source: none in Kafka, where records have no identity; a ledger needs one.

import type { RecordId } from './ids.ts'

/** Hands out numbers for records. */
export interface RecordIds {
  /** First of `count` numbers that nobody else gets. */
  next(count: number): RecordId
}

/** Far beyond the numbers of every stream of a producer. */
const FIRST: RecordId = 2_251_799_813_685_248

/** Counts up from a number that no producer's stream reaches; one for all clusters of a run. */
export class InternalRecordIds implements RecordIds {
  #next = FIRST

  /** Takes `count` numbers on end, so that a batch is named by its first. */
  next(count: number): RecordId {
    const first = this.#next
    this.#next += count
    return first
  }
}

// What applications note of their progress outside of Kafka, where a lost region does not take it:
// the time of the newest record that each group has worked on. World times.

import type { RecordBatch } from '../../kafka/messages.ts'
import type { Micros } from '../../sim/time.ts'

/** Never goes back: a group that reads again what it has read keeps its newest time. */
export class ProgressNotes {
  readonly #newest = new Map<string, Micros>()

  /** Records of a poll were worked on. */
  note(group: string, batches: readonly RecordBatch[]): void {
    let newest = this.#newest.get(group) ?? Number.NEGATIVE_INFINITY
    for (const { createdLast } of batches) newest = Math.max(newest, createdLast)
    if (Number.isFinite(newest)) this.#newest.set(group, newest)
  }

  /** null where the group has not worked on anything yet. */
  newest(group: string): Micros | null {
    return this.#newest.get(group) ?? null
  }
}

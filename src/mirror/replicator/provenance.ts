// Models: the header in which Replicator says where a record has been: it is not copied back to a
// topic that it came from.
// Leaves out: provenance.header.filter.overrides; the header is known by the record, not by each of
// its copies.
// Source: Confluent's docs (provenance.header.enable, preventing cyclic message repetition).

import { type IdRange, sliceRange } from '../../kafka/id-ranges.ts'
import { IdSet } from './id-set.ts'

/** Cluster and topic of a copy. */
export interface Place {
  readonly cluster: string
  readonly topic: string
}

/** The headers of all records of a run. */
export class Provenance {
  readonly #stamped = new Map<string, IdSet>()

  /** The copies that are about to be made of these say that they come from `origin`. */
  stamp(origin: Place, ids: readonly IdRange[]): void {
    const key = keyOf(origin)
    const stamped = this.#stamped.get(key) ?? new IdSet()
    this.#stamped.set(key, stamped)
    for (const { firstRecordId, count } of ids) {
      stamped.add(firstRecordId, firstRecordId + count)
    }
  }

  /**
   * Parts of some ranges whose header does not name `destination`, each with the number of records
   * in front of it. Only cluster and topic together stop a record: a new name lets it pass.
   */
  allowed(destination: Place, ids: readonly IdRange[]): { skip: number; range: IdRange }[] {
    const stamped = this.#stamped.get(keyOf(destination))
    const parts: { skip: number; range: IdRange }[] = []
    let skip = 0
    for (const range of ids) {
      const start = range.firstRecordId
      const free = stamped?.gaps(start, start + range.count) ?? [
        { start, end: start + range.count },
      ]
      for (const part of free) {
        const from = part.start - start
        const slice = sliceRange(range, from, part.end - part.start)
        parts.push({ skip: skip + from, range: slice })
      }
      skip += range.count
    }
    return parts
  }
}

function keyOf({ cluster, topic }: Place): string {
  return `${cluster}/${topic}`
}

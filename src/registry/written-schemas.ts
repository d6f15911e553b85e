// Models: the schema id that stands before the value of each record, in its bytes.
// Leaves out: headers instead of a prefix, keys with schemas; a copy carries the same bytes.
// Source: serializers.AbstractKafkaSchemaSerDe (MAGIC_BYTE and id).

import type { RecordId } from '../kafka/ids.ts'
import { invariant } from '../sim/invariant.ts'
import { lastOf } from '../sim/last-of.ts'
import type { SchemaId } from './messages.ts'

/** What a record says of its schema: the id that the writer's registry had for it. */
export interface WrittenSchema {
  readonly id: SchemaId
  /** What the writer meant; a reader knows only the id. */
  readonly text: string
}

interface Run extends WrittenSchema {
  readonly first: RecordId
  /** Exclusive. */
  end: RecordId
}

/** The contents of all records of a run that were written with a schema. */
export class WrittenSchemas {
  readonly #streams = new Map<number, Run[]>()
  readonly #perStream: number

  /** @param recordsPerStream ids of one stream follow one another, so far apart from the next */
  constructor(recordsPerStream: number) {
    this.#perStream = recordsPerStream
  }

  /** Records of one stream, in the order of their ids. */
  write(firstRecordId: RecordId, count: number, { id, text }: WrittenSchema): void {
    const stream = Math.floor(firstRecordId / this.#perStream)
    const runs = this.#streams.get(stream) ?? []
    this.#streams.set(stream, runs)
    const last = lastOf(runs)
    invariant((last?.end ?? 0) <= firstRecordId, 'a record is written once', { firstRecordId })
    if (last?.end === firstRecordId && last.id === id && last.text === text) last.end += count
    else runs.push({ first: firstRecordId, end: firstRecordId + count, id, text })
  }

  /** How a record was written; null where without a schema. */
  of(recordId: RecordId): WrittenSchema | null {
    return this.#runOf(recordId)
  }

  /** The first id after a record that may have been written otherwise. */
  sameUntil(recordId: RecordId): RecordId {
    return this.#runOf(recordId)?.end ?? recordId + 1
  }

  #runOf(recordId: RecordId): Run | null {
    const runs = this.#streams.get(Math.floor(recordId / this.#perStream)) ?? []
    return runs.findLast(({ first, end }) => first <= recordId && recordId < end) ?? null
  }
}

// Models: a deserializer that finds the writer's schema by the id in each record: at the first
// record of an id it asks, and poll() stands still meanwhile.
// Leaves out: schemas of the reader. A record whose id is another schema in this registry is handed
// over all the same: whether Avro notices depends on the two schemas; it is told once
// an id and process.
// Source: serializers.AbstractKafkaAvroDeserializer.DeserializationContext.

import type { Deserializer, SerdeEnd } from '../kafka/clients/serializer.ts'
import { visitRanges } from '../kafka/id-ranges.ts'
import type { Offset } from '../kafka/ids.ts'
import type { RecordBatch } from '../kafka/messages.ts'
import { invariant } from '../sim/invariant.ts'
import type { SchemaId } from './messages.ts'
import type { RestFailure } from './rest-service.ts'
import type { SchemaClient } from './schema-client.ts'
import type { WrittenSchema, WrittenSchemas } from './written-schemas.ts'

export interface SchemaDeserializerOptions {
  readonly client: SchemaClient
  readonly written: WrittenSchemas
  /** A question came to nothing. */
  readonly onFailed: (id: SchemaId, failure: RestFailure) => void
  /** The registry has another schema under the id that a record was written with. */
  readonly onMistaken: (written: WrittenSchema, found: string) => void
}

/** Ids come from the book of written schemas, in place of the five bytes that begin a value. */
export class SchemaDeserializer implements Deserializer {
  readonly #options: SchemaDeserializerOptions

  constructor(options: SchemaDeserializerOptions) {
    this.#options = options
  }

  /** Records without a schema can always be read. */
  readableTo(batches: readonly RecordBatch[], from: Offset, to: Offset): Offset {
    const { client } = this.#options
    let at = to
    this.#visit(batches, from, to, (written, offset) => {
      if (offset < at && client.textOf(written.id) === null) at = offset
    })
    return at
  }

  /** Fails where no registry could be asked or none has the id. */
  prepare(batches: readonly RecordBatch[], at: Offset, onEnd: (end: SerdeEnd) => void): void {
    const { client, onFailed, onMistaken } = this.#options
    let asked: WrittenSchema | null = null
    this.#visit(batches, at, at + 1, (written) => {
      asked = written
    })
    const written: WrittenSchema | null = asked
    invariant(written !== null, 'only a record with a schema is asked for')
    const { id, text } = written
    client.fetchText(id, (found, failure) => {
      if (failure !== null) onFailed(id, failure)
      else if (found !== null && found.text !== text) onMistaken({ id, text }, found.text)
      onEnd(failure === null ? 'ready' : 'failed')
    })
  }

  /** Shows where each stretch of records of one schema begins. */
  #visit(
    batches: readonly RecordBatch[],
    from: Offset,
    to: Offset,
    visit: (written: WrittenSchema, offset: Offset) => void,
  ): void {
    const { written } = this.#options
    for (const batch of batches) {
      visitRanges(batch, from, to, ({ firstRecordId, count }, offset) => {
        const end = firstRecordId + count
        for (let id = firstRecordId; id < end; id = written.sameUntil(id)) {
          const schema = written.of(id)
          if (schema !== null) visit(schema, offset + id - firstRecordId)
        }
      })
    }
  }
}

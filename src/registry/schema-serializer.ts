// Models: a serializer that writes each value with the id of its schema: at the first record of a
// schema it registers it, or looks it up, and send() stands still meanwhile.
// Leaves out: use.latest.version, use.schema.id, keys with schemas, rules.
// Source: serializers.AbstractKafkaAvroSerializer.serializeImpl; subject.TopicNameStrategy.

import type { SerdeEnd, Serializer } from '../kafka/clients/serializer.ts'
import type { RecordId } from '../kafka/ids.ts'
import { invariant } from '../sim/invariant.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import type { Schema } from './messages.ts'
import type { RestFailure } from './rest-service.ts'
import type { SchemaClient } from './schema-client.ts'
import type { WrittenSchemas } from './written-schemas.ts'

export interface SchemaSerializerOptions {
  readonly client: SchemaClient
  readonly topic: string
  /** World times, in order, from which the application writes the next version of its schema. */
  readonly evolves: readonly Micros[]
  /** auto.register.schemas */
  readonly registers: boolean
  readonly written: WrittenSchemas
  /** A question came to nothing. */
  readonly onFailed: (schema: Schema, failure: RestFailure) => void
}

/**
 * The subject is the topic with '-value'. With each moment in `evolves` the application writes a
 * version that the registry may not have yet.
 */
export class SchemaSerializer implements Serializer {
  readonly #options: SchemaSerializerOptions

  constructor(options: SchemaSerializerOptions) {
    this.#options = options
  }

  /** Whether the id of the schema in force then is known. */
  isReady(at: Micros): boolean {
    return this.#options.client.idOf(this.#schemaAt(at)) !== null
  }

  /** NEVER where the schema does not evolve any more. */
  sameUntil(at: Micros): Micros {
    return this.#options.evolves.find((time) => time > at) ?? NEVER
  }

  /** Fails where no registry could be asked, or the one that answered refused. */
  prepare(at: Micros, onEnd: (end: SerdeEnd) => void): void {
    const { client, registers, onFailed } = this.#options
    const schema = this.#schemaAt(at)
    client.fetchId(schema, registers, (_found, failure) => {
      if (failure !== null) onFailed(schema, failure)
      onEnd(failure === null ? 'ready' : 'failed')
    })
  }

  /** Writes the id into the book that deserializers read. */
  wrote(firstRecordId: RecordId, count: number, at: Micros): void {
    const schema = this.#schemaAt(at)
    const id = this.#options.client.idOf(schema)
    invariant(id !== null, 'a value is written with the id of its schema', {
      topic: this.#options.topic,
    })
    this.#options.written.write(firstRecordId, count, { id, text: schema.text })
  }

  #schemaAt(at: Micros): Schema {
    const { topic, evolves } = this.#options
    const version = 1 + evolves.filter((time) => time <= at).length
    return schemaOf(topic, version)
  }
}

/** A version of what is written to a topic; its text stands for its fields. */
function schemaOf(topic: string, version: number): Schema {
  return { subject: `${topic}-value`, text: `${topic} v${version}` }
}

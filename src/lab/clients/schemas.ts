// The serializers of a scenario's producers and the deserializers of its consumers, and what the
// story says where one comes to nothing.

import { RECORDS_PER_STREAM } from '../../history.ts'
import type { Deserializer, Serializer } from '../../kafka/clients/serializer.ts'
import { type RestFailure, RestService } from '../../registry/rest-service.ts'
import { SchemaClient } from '../../registry/schema-client.ts'
import { SchemaDeserializer } from '../../registry/schema-deserializer.ts'
import { SchemaSerializer } from '../../registry/schema-serializer.ts'
import { WrittenSchemas } from '../../registry/written-schemas.ts'
import type { ConsumerSpec, ProducerSpec } from '../../scenario/model.ts'
import type { SchemasSpec } from '../../scenario/registries.ts'
import type { Process } from '../../sim/process.ts'
import type { World } from '../../sim/world.ts'
import type { Clock } from '../record/clock.ts'

/** Hears why a serializer or a deserializer has come to nothing, or what it got wrong. */
export type OnSchemaTrouble = (text: string) => void

/** All of a run share one book of which record was written with which schema. */
export class Schemas {
  readonly #world: World
  readonly #clock: Clock
  readonly #written = new WrittenSchemas(RECORDS_PER_STREAM)

  constructor(world: World, clock: Clock) {
    this.#world = world
    this.#clock = clock
  }

  /** Of a process that boots, and writes to a topic; undefined where its records have none. */
  serializerOf(
    process: Process,
    { schemas }: ProducerSpec,
    topic: string,
    onTrouble: OnSchemaTrouble,
  ): Serializer | undefined {
    if (schemas === undefined) return undefined
    const { origin } = this.#clock
    return new SchemaSerializer({
      client: this.#clientOf(process, schemas),
      topic,
      evolves: schemas.evolve.map((at) => origin + at),
      registers: schemas.config['auto.register.schemas'],
      written: this.#written,
      onFailed: ({ text }, failure) => onTrouble(`no id for schema ${text}: ${reasonOf(failure)}`),
    })
  }

  /** Of a process that boots; undefined where it reads bytes as they are. */
  deserializerOf(
    process: Process,
    { schemas }: ConsumerSpec,
    onTrouble: OnSchemaTrouble,
  ): Deserializer | undefined {
    if (schemas === undefined) return undefined
    return new SchemaDeserializer({
      client: this.#clientOf(process, schemas),
      written: this.#written,
      onFailed: (id, failure) => onTrouble(`no schema of id ${id}: ${reasonOf(failure)}`),
      onMistaken: ({ id, text }, found) =>
        onTrouble(`reads ${text} as ${found}: that is id ${id} in the registry that it asks`),
    })
  }

  #clientOf(process: Process, { urls, config }: SchemasSpec): SchemaClient {
    const { network, processes } = this.#world
    return new SchemaClient(
      new RestService({
        ...{ process, network, urls },
        find: (url) => processes.get(url) ?? null,
        config: {
          connectTimeoutMs: config['http.connect.timeout.ms'],
          readTimeoutMs: config['http.read.timeout.ms'],
          maxRetries: config['max.retries'],
          retriesWaitMs: config['retries.wait.ms'],
          retriesMaxWaitMs: config['retries.max.wait.ms'],
        },
      }),
    )
  }
}

function reasonOf({ url, error }: RestFailure): string {
  return `${error} at ${url}`
}

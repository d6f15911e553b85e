// Models: what an instance has read of the schemas topic: schemas by id and by subject, and the
// highest id, from which the next one follows.
// Leaves out: deleted schemas, contexts (one id space), versions by number.
// Source: storage.InMemoryCache, storage.KafkaStoreMessageHandler (validateUpdate, handleUpdate),
// id.IncrementalIdGenerator.

import { invariant } from '../sim/invariant.ts'
import type { RegisteredSchema, Schema, SchemaId, Subject } from './messages.ts'

/** A record of the topic: a schema under its subject; the text says which version it is. */
export interface SchemaRecord extends Schema {
  readonly kind: 'schema'
  readonly id: SchemaId
}

/** The text of a schema is its identity: the same text under two subjects has one id. */
export class SchemaCache {
  readonly #texts = new Map<SchemaId, string>()
  readonly #ids = new Map<string, SchemaId>()
  readonly #subjects = new Map<Subject, Set<string>>()
  #maxId: SchemaId = 0

  /**
   * Takes a record up as the topic has it.
   * @returns false: another schema has that id already, and this one is left out
   */
  take({ subject, text, id }: SchemaRecord): boolean {
    const known = this.#texts.get(id)
    if (known !== undefined && known !== text) return false
    this.#texts.set(id, text)
    // A schema that got two ids is found by the first one.
    if (!this.#ids.has(text)) this.#ids.set(text, id)
    const texts = this.#subjects.get(subject) ?? new Set<string>()
    this.#subjects.set(subject, texts.add(text))
    this.#maxId = Math.max(this.#maxId, id)
    invariant(this.#texts.size <= this.#maxId, 'no two schemas have one id', { id })
    return true
  }

  /** null for an id that this instance has not read yet. */
  byId(id: SchemaId): RegisteredSchema | null {
    const text = this.#texts.get(id)
    return text === undefined ? null : { id, text }
  }

  /** The schema as it is registered under its subject; null where it is not. */
  bySubject({ subject, text }: Schema): RegisteredSchema | null {
    if (this.#subjects.get(subject)?.has(text) !== true) return null
    return { id: this.idOf(text), text }
  }

  /** For a new schema: its id under another subject, else the one after the highest. */
  idOf(text: string): SchemaId {
    return this.#ids.get(text) ?? this.#maxId + 1
  }

  /** Schemas by id; one under several subjects counts once. */
  get size(): number {
    return this.#texts.size
  }
}

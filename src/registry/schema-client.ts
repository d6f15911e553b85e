// Models: what a client process knows of a registry: it asks once for each schema and each id, and
// keeps the answer as long as it runs.
// Leaves out: limits of its caches, caches of what is missing (off by default), latest versions.
// Source: client.CachedSchemaRegistryClient of confluentinc/schema-registry (8.x).

import type { RegisteredSchema, Schema, SchemaId } from './messages.ts'
import type { OnSchema, RestService } from './rest-service.ts'

/** Failures are not kept: the next one who needs the schema asks again. */
export class SchemaClient {
  readonly #rest: RestService
  readonly #ids = new Map<string, SchemaId>()
  readonly #texts = new Map<SchemaId, string>()

  /** Build one in each incarnation of its process: a new one knows nothing. */
  constructor(rest: RestService) {
    this.#rest = rest
  }

  /** The id of a schema under its subject; null where it was not asked for yet. */
  idOf(schema: Schema): SchemaId | null {
    return this.#ids.get(keyOf(schema)) ?? null
  }

  /** null where it was not asked for yet. */
  textOf(id: SchemaId): string | null {
    return this.#texts.get(id) ?? null
  }

  /** Asks for the id of a schema; with `registers`, it gets one where it has none. */
  fetchId(schema: Schema, registers: boolean, onEnd: OnSchema): void {
    const kind = registers ? 'register' : 'lookup'
    this.#rest.request({ kind, schema }, (found, failure) => {
      if (found !== null) this.#ids.set(keyOf(schema), found.id)
      onEnd(found, failure)
    })
  }

  /** Asks for the schema of an id and keeps it. */
  fetchText(id: SchemaId, onEnd: OnSchema): void {
    this.#rest.request({ kind: 'by-id', id }, (found, failure) => {
      if (found !== null) this.#keep(found)
      onEnd(found, failure)
    })
  }

  #keep({ id, text }: RegisteredSchema): void {
    this.#texts.set(id, text)
  }
}

function keyOf({ subject, text }: Schema): string {
  return `${subject}\n${text}`
}

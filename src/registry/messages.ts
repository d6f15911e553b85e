// Models: what clients ask a schema registry and what it answers, with the errors that make a
// client try again.
// Leaves out: references, contexts, tags, rule sets, compatibility, deletion, versions by number.
// Source: client.rest.RestService (registerSchema, lookUpSubjectVersion, getId), rest.exceptions.
// Errors, RestService.isRestClientExceptionRetriable of confluentinc/schema-registry (8.x).

/** Of the default TopicNameStrategy: the topic's name and `-value`. */
export type Subject = string

/** Unique in one registry; another one may give it to another schema. */
export type SchemaId = number

export interface Schema {
  readonly subject: Subject
  readonly text: string
}

export type RegistryRequest =
  | { readonly kind: 'register'; readonly schema: Schema }
  | { readonly kind: 'lookup'; readonly schema: Schema }
  | { readonly kind: 'by-id'; readonly id: SchemaId }

/** HTTP status and meaning of what an instance refuses. */
const REGISTRY_ERRORS = {
  SCHEMA_NOT_FOUND: 404,
  OPERATION_NOT_PERMITTED: 422,
  STORE_FAILED: 500,
  OPERATION_TIMED_OUT: 500,
  FORWARDING_FAILED: 500,
  UNKNOWN_LEADER: 500,
} as const

export type RegistryError = keyof typeof REGISTRY_ERRORS

export interface RegisteredSchema {
  readonly id: SchemaId
  readonly text: string
}

/** A question on its way to an instance. */
export class RegistryCall {
  readonly request: RegistryRequest

  constructor(request: RegistryRequest) {
    this.request = request
  }
}

/** What an instance answers. */
export class RegistryReply {
  readonly schema: RegisteredSchema | null
  readonly error: RegistryError | null

  constructor(schema: RegisteredSchema | null, error: RegistryError | null) {
    this.schema = schema
    this.error = error
  }
}

/** An Avro schema of a record with some fields, roughly: the text here is only its name. */
export const SCHEMA_BYTES = 1_000

/** Whether a client tries again, here or elsewhere. */
export function isRetriable(error: RegistryError): boolean {
  return REGISTRY_ERRORS[error] >= 500
}

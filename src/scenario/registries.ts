// Schema registries and their clients as the lab runs them.

import type { SchemaClientSettings, SchemaRegistrySettings } from '../kafka/settings/modelled.ts'
import type { Micros } from '../sim/time.ts'
import type { WorkerSpec } from './links.ts'

export interface RegistryInstanceSpec extends WorkerSpec {
  /** leader.eligibility */
  readonly isEligible: boolean
}

export interface RegistrySpec {
  readonly name: string
  /** Name of the cluster that keeps its schemas. */
  readonly cluster: string
  readonly principal: string
  readonly instances: readonly RegistryInstanceSpec[]
  /** mode READONLY */
  readonly isReadOnly: boolean
  readonly config: SchemaRegistrySettings
}

/** What a client's deserializer has. */
export interface SchemasSpec {
  /** Names of instances, tried in turn. */
  readonly urls: readonly string[]
  readonly config: SchemaClientSettings
}

/** What a producer's serializer has. */
export interface WrittenSchemasSpec extends SchemasSpec {
  /** In order: when the next version of the schema begins. */
  readonly evolve: readonly Micros[]
}

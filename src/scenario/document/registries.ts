// Schema registries, and what their clients' serializers do with them.

import { z } from 'zod'
import { ANONYMOUS, principal } from '../../faults/acl-rules.ts'
import { duration } from '../../faults/quantity.ts'
import { counts } from './cluster.ts'
import { name, settings } from './words.ts'

const VERSIONS_MAX = 100

export const registry = z.strictObject({
  name,
  cluster: name
    .optional()
    .meta({ description: 'Where it keeps its schemas: kafkastore.bootstrap.servers.' }),
  instances: counts.meta({ description: 'By region or zone: {eu-west: 2}; one of them leads.' }),
  followers: counts
    .optional()
    .meta({ description: 'Instances that never lead: leader.eligibility false.' }),
  principal: principal.default(ANONYMOUS).meta({ description: 'As whom it comes to its cluster.' }),
  readOnly: z
    .boolean()
    .default(false)
    .meta({ description: 'mode READONLY: what is there is served, nothing is registered.' }),
  config: settings.default({}).meta({ description: 'Of all instances, under their own names.' }),
})

const asked = {
  urls: z
    .union([name.transform((one) => [one]), z.array(name).min(1).max(100)])
    .meta({ description: 'schema.registry.url: registries, or single instances, in turn.' }),
  config: settings.default({}).meta({ description: 'Of the serializer and the client in it.' }),
}

/** A consumer's. */
export const deserializer = z
  .strictObject(asked)
  .meta({ description: 'It asks a registry for the schema of each id that it does not know.' })

/** A producer's. */
export const serializer = z
  .strictObject({
    ...asked,
    evolve: z.array(duration).max(VERSIONS_MAX).default([]).meta({
      description: 'When the application begins to write the next version of its schema.',
    }),
  })
  .meta({ description: 'It writes each record with the id that a registry has for its schema.' })

export type RegistryDocument = z.output<typeof registry>
export type DeserializerDocument = z.output<typeof deserializer>
export type SerializerDocument = z.output<typeof serializer>

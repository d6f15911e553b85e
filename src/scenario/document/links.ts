// Replication between clusters: one entry a link, by the system that carries it.

import { z } from 'zod'
import { counts } from './cluster.ts'
import { name, settings } from './words.ts'

const common = {
  name: name.optional().meta({ description: 'FROM->TO unless it is written.' }),
  from: name.meta({ description: 'The cluster that is copied.' }),
  to: name.meta({ description: 'The cluster that holds the copy.' }),
}

const mirrorMaker2 = z.strictObject({
  system: z.literal('mirror-maker2'),
  ...common,
  workers: counts.meta({ description: 'Connect workers by region or zone: {eu-west: 2}.' }),
  config: settings.default({}).meta({ description: 'Properties of the flow FROM->TO.' }),
  worker: settings.default({}).meta({ description: 'Settings of the Connect workers.' }),
  producer: settings.default({}).meta({ description: 'Of the producer that writes the copy.' }),
  consumer: settings.default({}).meta({ description: 'Of the consumer that reads the source.' }),
})

export const link = z.discriminatedUnion('system', [mirrorMaker2])

export type LinkDocument = z.output<typeof link>
export type MirrorMaker2Document = z.output<typeof mirrorMaker2>

// Names under which clients reach clusters.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import { name } from './words.ts'

const ENDPOINTS_MAX = 1_000
const TTL_DEFAULT = 60_000_000
const HOP_DEFAULT = 500
const CONNECTIONS_DEFAULT = 1_024
const CONNECTIONS_MAX = 1_000_000

const KIND_DOC = [
  'dns: a name of bootstrap addresses, looked up when a client begins.',
  'load-balancer: the brokers’ own addresses lead through it, each to a broker of the same place.',
  'gateway: it knows Kafka, and a client stays with it wherever it leads.',
].join(' ')

const proxy = z
  .strictObject({
    region: name.optional().meta({ description: 'Where it runs; absent: beside each client.' }),
    hop: duration
      .default(HOP_DEFAULT)
      .meta({ description: 'Its work on what it passes on, each way.' }),
    connections: z
      .int()
      .min(1)
      .max(CONNECTIONS_MAX)
      .default(CONNECTIONS_DEFAULT)
      .meta({ description: 'Of clients at once; beyond it hangs up.' }),
  })
  .meta({
    description:
      'A program between clients and brokers that ends connections and opens its own: the ' +
      'sidecar of a service mesh, or a gateway.',
  })

const endpoint = z.strictObject({
  kind: z.enum(['dns', 'load-balancer', 'gateway']).default('dns').meta({ description: KIND_DOC }),
  cluster: name.meta({ description: 'Where it leads at first.' }),
  ttl: duration.default(TTL_DEFAULT).meta({ description: 'Of the DNS record.' }),
  resets: z
    .boolean()
    .default(true)
    .meta({ description: 'Whether connections through a balancer are reset when it flips.' }),
  proxy: proxy.optional(),
})

export const endpoints = z
  .record(name, endpoint)
  .refine((all) => Object.keys(all).length <= ENDPOINTS_MAX, `more than ${ENDPOINTS_MAX}`)
  .meta({ description: 'Names under which clients reach clusters; a runbook may flip them.' })

export type EndpointsDocument = z.output<typeof endpoints>

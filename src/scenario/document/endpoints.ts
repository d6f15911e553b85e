// Names under which clients reach clusters.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import { name } from './words.ts'

const ENDPOINTS_MAX = 1_000
const TTL_DEFAULT = 60_000_000

const KIND_DOC = [
  'dns: a name of bootstrap addresses, looked up when a client begins.',
  'load-balancer: the brokers’ own addresses lead through it, each to a broker of the same place.',
  'gateway: it knows Kafka, and a client stays with it wherever it leads.',
].join(' ')

const endpoint = z.strictObject({
  kind: z.enum(['dns', 'load-balancer', 'gateway']).default('dns').meta({ description: KIND_DOC }),
  cluster: name.meta({ description: 'Where it leads at first.' }),
  ttl: duration.default(TTL_DEFAULT).meta({ description: 'Of the DNS record.' }),
  resets: z
    .boolean()
    .default(true)
    .meta({ description: 'Whether connections through a balancer are reset when it flips.' }),
})

export const endpoints = z
  .record(name, endpoint)
  .refine((all) => Object.keys(all).length <= ENDPOINTS_MAX, `more than ${ENDPOINTS_MAX}`)
  .meta({ description: 'Names under which clients reach clusters; a runbook may flip them.' })

export type EndpointsDocument = z.output<typeof endpoints>

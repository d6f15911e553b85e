// The cluster: brokers, controllers, their settings, and how fast the machines are.

import { z } from 'zod'
import { acls } from '../../faults/acl-rules.ts'
import { duration, parseBandwidth } from '../../faults/quantity.ts'
import { KNOB_NAMES, KNOBS } from '../../kafka/settings/knobs.ts'
import { name, nodeId, settings } from './words.ts'

const NODES_MAX = 200

const role = z.enum(['broker', 'controller'])

const node = z.strictObject({
  id: nodeId.optional(),
  region: name,
  zone: name.optional(),
  host: name.optional(),
  rack: z.string().max(100).nullable().optional(),
  roles: z.array(role).min(1).max(2).optional(),
  config: settings.optional(),
})

export const counts = z
  .record(z.string().max(130), z.int().min(0).max(NODES_MAX))
  .meta({ description: 'How many in each region or zone: {us-east: 3, "eu-west/a": 1}.' })

const nodes = z.union([counts, z.array(node).max(NODES_MAX)])

/** A knob: one value, or [from, to] where each use draws. */
function knob(key: (typeof KNOB_NAMES)[number]) {
  const { min, max, doc } = KNOBS[key]
  const value = z.number().min(min).max(max)
  if (typeof KNOBS[key].default === 'number') return value.optional().meta({ description: doc })
  return z
    .union([value, z.tuple([value, value])])
    .transform((input): [number, number] => (typeof input === 'number' ? [input, input] : input))
    .refine(([from, to]) => from <= to, 'the range ends before it starts')
    .optional()
    .meta({ description: doc })
}

const service = z.strictObject(
  Object.fromEntries(KNOB_NAMES.map((key) => [key, knob(key)] as const)),
)

const throughput = z
  .string({ error: 'expected a throughput such as "400MB/s"' })
  .max(80)
  .transform((input, context): number => {
    const bits = parseBandwidth(input)
    if (bits !== null && bits >= 8_000) return Math.floor(bits / 8)
    const fix = 'write a throughput such as "400MB/s", at least 1kB/s'
    context.issues.push({ code: 'custom', message: 'not a throughput', input, params: { fix } })
    return z.NEVER
  })

const disk = z.strictObject({
  throughput: throughput.optional(),
  fsync: z.union([duration, z.tuple([duration, duration])]).optional(),
})

const parts = {
  brokers: nodes,
  controllers: nodes.default([]),
  config: settings.default({}),
  controllerConfig: settings.default({}),
  service: service.default({}),
  disk: disk.default({}),
  acls: acls.default([]),
}

const CLUSTER_NAME = 'kafka'
const CLUSTERS_MAX = 50

/** The only cluster of a scenario. */
export const cluster = z.strictObject({ name: name.default(CLUSTER_NAME), ...parts })

/** Several clusters by name. */
export const clusters = z
  .record(name, z.strictObject(parts))
  .refine((all) => Object.keys(all).length > 0, 'there is no cluster')
  .refine((all) => Object.keys(all).length <= CLUSTERS_MAX, `more than ${CLUSTERS_MAX} clusters`)
  .meta({ description: 'Several clusters by name, in the place of cluster.' })

export type ClusterDocument = z.output<typeof cluster>
export type ClustersDocument = z.output<typeof clusters>
export type NodeDocument = z.output<typeof node>
export type NodesDocument = z.output<typeof nodes>

// What the experiment files of every kind are made of.

import { z } from 'zod'

/** A file that is no experiment, or asks for what cannot be simulated, in words to act on. */
export class ExperimentError extends Error {}

export const Span = z.union([z.number(), z.tuple([z.number(), z.number()])])
export const Settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
export const Node = z.object({
  id: z.number().int(),
  host: z.string(),
  region: z.string(),
  roles: z.array(z.enum(['broker', 'controller'])),
})
export const ClientHost = z.object({ host: z.string(), region: z.string() })
/** Between every two regions, but for the round trips, which are by pair. */
export const Network = z.strictObject({
  rtt_ms: z.record(z.string(), z.number()).optional(),
  intra_region_rtt_ms: z.number().optional(),
  bandwidth_bit_s: z.number().optional(),
  /** Share of the packets lost, each way. */
  loss: z.number().min(0).max(1).optional(),
  /** Added to each packet, evenly from 0 to this. */
  jitter_ms: z.number().optional(),
})
export const Topic = z.object({
  partitions: z.array(z.object({ replicas: z.array(z.number().int()) })),
  config: Settings.optional(),
})
/** Brokers by number or by role: 'broker:next-region'. */
export const Replicas = z.array(z.union([z.number().int(), z.string()]))
/** Of runs that follow the active controller about. */
export const TopicByRole = Topic.extend({ partitions: z.array(z.object({ replicas: Replicas })) })
export const Tolerances = z.object({
  ms: z.number().optional(),
  relative: z.number().optional(),
  records: z.number().optional(),
})

/** What the experimenter says beside; it is no setting, so nothing is lost by leaving it unread. */
export const remarks = {
  note: z.string().optional(),
  notes: z.union([z.string(), z.array(z.string())]).optional(),
  measured_on: z.string().optional(),
}

/** Head of every file. */
export const base = {
  ...remarks,
  name: z.string(),
  kind: z.string(),
  claim: z.string().optional(),
  kafka: z.string(),
  tolerance: Tolerances.optional(),
}

/** A cluster with clients beside it. */
export const cluster = {
  nodes: z.array(Node),
  client_hosts: z.array(ClientHost).default([]),
  broker_config: Settings.optional(),
  topic: Topic,
}

export type NetworkOf = z.infer<typeof Network>
export type NodeOf = z.infer<typeof Node>
export type Span = z.infer<typeof Span>
export type Settings = z.infer<typeof Settings>

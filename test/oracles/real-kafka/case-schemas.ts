// The kinds of experiment that are a list of cases: settings, and what was measured under them.
// A case may set anything under its Kafka name beside the keys of its kind; case-settings.ts reads
// those. A key that neither knows is refused, because it would have been ignored.

import { z } from 'zod'
import { base, cluster, Network } from './experiment-parts.ts'

const Scalar = z.union([z.string(), z.number(), z.boolean()])
const head = { ...base, ...cluster, network: Network.optional() }
/** The network of one case where it differs from the file's; a single RTT is that of all pairs. */
const network = {
  rtt_ms: z.union([z.number(), z.record(z.string(), z.number())]).optional(),
  intra_region_rtt_ms: z.number().optional(),
  bandwidth_bit_s: z.number().optional(),
  loss: z.number().min(0).max(1).optional(),
  jitter_ms: z.number().optional(),
}
const client = {
  client_region: z.string().optional(),
  acks: Scalar.optional(),
  record_bytes: z.number().optional(),
}
const Client = z.strictObject({
  region: z.string().optional(),
  acks: Scalar.optional(),
  record_bytes: z.number().optional(),
  config: z.record(z.string(), Scalar).optional(),
})

export const ThroughputExperiment = z.strictObject({
  ...head,
  kind: z.literal('throughput'),
  how: z.strictObject({
    offered: z.string(),
    seconds: z.number(),
    counted: z.string(),
    packets: z.string().optional(),
  }),
  producer: Client.optional(),
  cases: z.array(
    z
      .object({
        ...network,
        ...client,
        producers: z.number().int().min(1),
        measured: z.object({ records_per_s: z.number() }),
      })
      .catchall(Scalar),
  ),
})

const n = z.number()
const Percentiles = z.object({ n, p50: n, p90: n })

export const LatencyExperiment = z.strictObject({
  ...head,
  kind: z.literal('latency'),
  how: z
    .object({
      client: z.string().optional(),
      closed: z.string().optional(),
      open: z.string().optional(),
      key: z.null().optional(),
      partition: z.number().int().optional(),
      record_bytes: n.optional(),
    })
    .catchall(Scalar),
  producer: Client.optional(),
  cases: z.array(
    z
      .object({
        ...network,
        ...client,
        load: z.union([
          z.strictObject({ closed: z.literal('one record at a time') }),
          z.strictObject({ open_records_per_s: n }),
        ]),
        measured_ms: Percentiles,
      })
      .catchall(Scalar),
  ),
})

export const LossExperiment = z.strictObject({
  ...head,
  kind: z.literal('loss'),
  how: z
    .strictObject({
      client: z.string().optional(),
      closed: z.string().optional(),
      record_bytes: n.optional(),
    })
    .optional(),
  producer: Client.optional(),
  cases: z.array(
    z
      .object({
        ...network,
        ...client,
        measured_ms: z.object({ n, mean: n, p50: n, p90: n, p99: n }),
      })
      .catchall(Scalar),
  ),
})

export const TwoProducersExperiment = z.strictObject({
  ...head,
  kind: z.literal('two-producers'),
  how: z.strictObject({
    starts_at_s: z.record(z.string(), z.number()),
    seconds: z.record(z.string(), z.number()),
    left_out: z.string(),
  }),
  producer: Client.optional(),
  cases: z.array(
    z
      .object({
        ...client,
        who: z.string(),
        partition: z.number().int(),
        open_records_per_s: n,
        measured_ms: Percentiles,
      })
      .catchall(Scalar),
  ),
})

export const FollowerFetchExperiment = z.strictObject({
  ...head,
  kind: z.literal('follower-fetch'),
  /** `left_out`: "nothing", or "the first 6 records". */
  how: z.strictObject({ seconds: n, warm_up: z.string(), left_out: z.string() }),
  producer: Client.optional(),
  consumer: Client.omit({ acks: true, record_bytes: true }).optional(),
  cases: z.array(
    z
      .object({
        ...network,
        ...client,
        open_records_per_s: n,
        reads_from: z.enum(['follower', 'leader']),
        consumer_region: z.string().optional(),
        measured_ms: Percentiles,
      })
      .catchall(Scalar),
  ),
})

export type LatencyExperiment = z.infer<typeof LatencyExperiment>
export type ThroughputExperiment = z.infer<typeof ThroughputExperiment>
export type LossExperiment = z.infer<typeof LossExperiment>
export type TwoProducersExperiment = z.infer<typeof TwoProducersExperiment>
export type FollowerFetchExperiment = z.infer<typeof FollowerFetchExperiment>
/** A file that is a list of cases. */
export type CaseExperiment =
  | LatencyExperiment
  | ThroughputExperiment
  | LossExperiment
  | TwoProducersExperiment
  | FollowerFetchExperiment
export type CaseScalar = z.infer<typeof Scalar>

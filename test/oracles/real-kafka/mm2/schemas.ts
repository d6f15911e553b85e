// The kinds of experiment with MirrorMaker 2 between two clusters.

import { z } from 'zod'
import { base, Network, Span } from '../experiment-parts.ts'

const n = z.number()

const mirrored = {
  ...base,
  clusters: z.record(z.string(), z.strictObject({ region: z.string(), brokers: n })),
  /** "A->B, dedicated MirrorMaker 2, tasks.max 1, one worker, …" */
  flow: z.string(),
  record_bytes: n,
  /** "beside A, acks=all, linger.ms 0" */
  producer: z.string(),
  network: Network.optional(),
  rtt_ms: n.optional(),
  worker_region: z.string().optional(),
}

export const MirrorLatency = z.strictObject({
  ...mirrored,
  kind: z.literal('mm2-latency'),
  how: z.object({
    seconds: n,
    warm_up: z.string().optional(),
    /** Each case so many times in a row, pooled. */
    stretches: n.optional(),
    /** Of quiet between the warm-up and the records, drawn anew for each stretch. */
    quiet_s: Span.optional(),
    left_out: z.string().optional(),
  }),
  /** Beside these a case may set anything under the name that it has in mm2.properties. */
  cases: z.array(
    z
      .object({
        rtt_ms: n,
        worker_region: z.string(),
        open_records_per_s: n,
        measured_ms: z.object({ n, p50: n, p90: n }),
        each_fifth_record_later_by_ms: z.array(n).optional(),
        p90_of_each_stretch_ms: z.array(n).optional(),
        note: z.string().optional(),
      })
      .catchall(z.union([z.string(), n, z.boolean()])),
  ),
})

export const MirrorFailover = z.strictObject({
  ...mirrored,
  kind: z.literal('mm2-failover'),
  how: z.object({ cut_after_producer_start_s: Span }),
  open_records_per_s: n,
  timeline: z.array(
    z.strictObject({ at_s: n, do: z.literal('isolate'), hosts: z.array(z.string()) }),
  ),
  measured: z.array(z.object({ acked_before_cut: n, lost_of_those: n, rpo_ms: n })),
})

export const MirrorKill = z.strictObject({
  ...mirrored,
  kind: z.literal('mm2-kill'),
  how: z.object({
    worker_killed_after_producer_start_s: Span,
    restarted_after_s: n,
    process_start_s: Span,
    producer_seconds: n,
  }),
  rate_per_s: n,
  offset_flush_ms: n,
  measured: z.array(
    z.object({ duplicates: n, missing: n, stalled_ms: n, stall_from_ms: n.optional() }),
  ),
})

export const MirrorTranslation = z.strictObject({
  ...mirrored,
  kind: z.literal('mm2-translation'),
  how: z.object({
    first_sample_s: n,
    between_samples_s: n,
    skew: z.string(),
    group: z.string(),
    group_stopped: z.string(),
    backlog_before_mm2: z.string(),
  }),
  rate_per_s: n,
  measured: z.array(
    z.object({
      backlog_before_mm2: z.boolean(),
      behind_records_while_running: z.array(n),
      group_stopped: z.object({ A: n, B: n, true_B: n }),
      extra_records_on_B: n.optional(),
    }),
  ),
})

export type MirrorLatency = z.infer<typeof MirrorLatency>
export type MirrorFailover = z.infer<typeof MirrorFailover>
export type MirrorKill = z.infer<typeof MirrorKill>
export type MirrorTranslation = z.infer<typeof MirrorTranslation>
export type MirrorExperiment = MirrorLatency | MirrorFailover | MirrorKill | MirrorTranslation

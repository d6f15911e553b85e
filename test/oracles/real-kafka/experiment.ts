// The experiment files: what was done to a real cluster and what it answered. The format is
// described in README.md beside this file. Everything a file leaves out is Kafka's default.

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import {
  FollowerFetchExperiment,
  LatencyExperiment,
  LossExperiment,
  ThroughputExperiment,
  TwoProducersExperiment,
} from './case-schemas.ts'
import {
  base,
  cluster,
  ExperimentError,
  Network,
  Node,
  Replicas,
  remarks,
  Settings,
  Span,
  Topic,
  TopicByRole,
} from './experiment-parts.ts'
import { MirrorFailover, MirrorKill, MirrorLatency, MirrorTranslation } from './mm2/schemas.ts'

const Step = z.strictObject({
  at_s: z.union([z.number(), z.tuple([z.number(), z.number()]), z.string()]),
  do: z.enum(['kill', 'terminate', 'start', 'pause', 'resume', 'isolate', 'rejoin', 'cut', 'heal']),
  nodes: z.array(z.union([z.number(), z.string()])).optional(),
  hosts: z.array(z.string()).optional(),
  a: z.array(z.string()).optional(),
  b: z.array(z.string()).optional(),
  process_start_s: Span.optional(),
  ...remarks,
})
const LogLine = z.tuple([z.number(), z.string()])
const FaultRun = z.object({
  /** null where the experimenter did not note it. */
  active_controller: z.number().int().nullable(),
  sent: z.number().nullish(),
  acked: z.number().nullish(),
  failed: z.record(z.string(), z.number()).nullish(),
  produce_gap_ms: z.number().nullish(),
  gap_starts_ms: z.number().nullish(),
  gap_ends_ms: z.number().nullish(),
  first_failure_ms: z.number().nullish(),
  ack_latency_p50_before_ms: z.number().nullish(),
  acked_lost: z.number().nullish(),
  duplicates: z.number().nullish(),
  failed_but_present: z.number().nullish(),
  steps_ms: z.array(z.tuple([z.number(), z.string()])).optional(),
  /** Where this run had other ones than the file says. */
  replicas: Replicas.array().optional(),
  producer_region: z.string().optional(),
  /** Of a run that has none its lines are no figures. */
  controller_log_ms: z.array(LogLine).nullish(),
})
const Producer = z.strictObject({
  region: z.string(),
  acks: z.union([z.string(), z.number()]),
  records_per_s: z.number(),
  record_bytes: z.number(),
  starts_before_fault_s: Span,
  sends_for_s: z.number(),
  then_waits_up_to_s: z.number(),
  /** The program closes its producer at once when its last record has met its fate. */
  closes_when_done: z.boolean().optional(),
  config: Settings.optional(),
})

const FaultExperiment = z.strictObject({
  ...base,
  ...cluster,
  kind: z.literal('fault'),
  topic: TopicByRole,
  network: Network,
  producer: Producer,
  timeline: z.array(Step),
  /** The quiet between two runs, in words. */
  sequence: z.string().optional(),
  figures_until_s: z.number().optional(),
  measured: z.array(FaultRun),
})

const ControllerFailover = z.strictObject({
  ...base,
  kind: z.literal('controller-failover'),
  network: Network,
  voters: z.array(z.object({ id: z.number().int(), region: z.string() })),
  controller_config: Settings.optional(),
  /** The quiet between two runs, in words. */
  sequence: z.string().optional(),
  timeline: z.array(Step),
  measured: z.array(
    z.object({ new_leader_ms: z.number().nullable(), elections: z.number().nullable() }),
  ),
})

const CoordinatorExperiment = z.object({
  ...base,
  kind: z.literal('coordinator'),
  network: Network,
  nodes: z.array(Node),
  broker_config: Settings.optional(),
  members: z.array(z.object({ region: z.string() })),
  consumer_config: Settings.optional(),
  commit_every_ms: z.number(),
  topic: Topic,
  offsets_topic: z.object({ partitions: z.number(), replication_factor: z.number() }),
  measured: z.array(
    z
      .object({
        coordinator: z.number().int(),
        data_leaders: z.array(z.number().int()),
        events: z.array(z.tuple([z.number(), z.string(), z.string(), z.string()])),
        delivery_pauses: z.array(
          z.object({ who: z.string(), longest_pause_ms: z.number(), from_ms: z.number() }),
        ),
      })
      .catchall(z.unknown()),
  ),
})

export type CoordinatorExperiment = z.infer<typeof CoordinatorExperiment>
export type FaultExperiment = z.infer<typeof FaultExperiment>
export type ControllerFailover = z.infer<typeof ControllerFailover>
export type Step = z.infer<typeof Step>
export type FaultRun = z.infer<typeof FaultRun>

const SCHEMAS: Record<string, z.ZodType> = {
  fault: FaultExperiment,
  latency: LatencyExperiment,
  'controller-failover': ControllerFailover,
  coordinator: CoordinatorExperiment,
  throughput: ThroughputExperiment,
  loss: LossExperiment,
  'two-producers': TwoProducersExperiment,
  'follower-fetch': FollowerFetchExperiment,
  'mm2-latency': MirrorLatency,
  'mm2-failover': MirrorFailover,
  'mm2-kill': MirrorKill,
  'mm2-translation': MirrorTranslation,
}

export type Experiment =
  | { readonly kind: 'fault'; readonly file: FaultExperiment }
  | { readonly kind: 'latency'; readonly file: LatencyExperiment }
  | { readonly kind: 'controller-failover'; readonly file: ControllerFailover }
  | { readonly kind: 'coordinator'; readonly file: CoordinatorExperiment }
  | { readonly kind: 'throughput'; readonly file: ThroughputExperiment }
  | { readonly kind: 'loss'; readonly file: LossExperiment }
  | { readonly kind: 'two-producers'; readonly file: TwoProducersExperiment }
  | { readonly kind: 'follower-fetch'; readonly file: FollowerFetchExperiment }
  | { readonly kind: 'mm2-latency'; readonly file: MirrorLatency }
  | { readonly kind: 'mm2-failover'; readonly file: MirrorFailover }
  | { readonly kind: 'mm2-kill'; readonly file: MirrorKill }
  | { readonly kind: 'mm2-translation'; readonly file: MirrorTranslation }
  | { readonly kind: 'not modelled'; readonly file: { name: string; kind: string } }

/** Reads one experiment file. Throws ExperimentError for malformed ones. */
export function readExperiment(path: string): Experiment {
  const value = parseJson(path)
  const head = z.object({ name: z.string(), kind: z.string() }).safeParse(value)
  if (!head.success) throw new ExperimentError(`${path}: no "name" and "kind": not an experiment`)
  const schema = SCHEMAS[head.data.kind]
  if (schema === undefined) return { kind: 'not modelled', file: head.data }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new ExperimentError(`${path}: ${z.prettifyError(parsed.error)}`)
  return { kind: head.data.kind, file: parsed.data } as Experiment
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ExperimentError(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

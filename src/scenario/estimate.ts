// How much work a run will be, before it starts. Rough and rather high: it exists to refuse what
// would run for hours, not to predict seconds.

import type { ProducerSpec, Scenario } from './model.ts'

const SECOND = 1_000_000
/** As a run counts what it has used. */
const MEGABYTE = 1_000_000

/** Kernel events for one batch: request, answer, and about two for each copy. */
const EVENTS_PER_BATCH = 4
const EVENTS_PER_COPY = 2
/** Events a second that an idle node causes: heartbeats, quorum fetches, timers. */
const EVENTS_PER_NODE = 12
/** A parked fetch is renewed every half second. */
const EVENTS_PER_FETCHER = 6
/** What a run takes that simulates nothing. */
export const MEMORY_MIN_MB = 80
const BYTES_BASE = MEMORY_MIN_MB * MEGABYTE
const BYTES_PER_BATCH = 160
const BYTES_PER_REPLICA = 6_000
const BYTES_PER_NODE = 2 * MEGABYTE
/** A closed loop cannot go round faster than this. */
const LOOP_MIN = 1_000

export interface Estimate {
  readonly records: number
  readonly batches: number
  readonly events: number
  readonly memoryMb: number
}

/**
 * Counts from the load, the links and the nodes; memory in units of 1,000,000 bytes. A link is
 * taken to copy all that is sent to its source, in batches of the same size, to one replica.
 */
export function estimateRun(scenario: Scenario): Estimate {
  const seconds = (scenario.duration + scenario.settle) / SECOND
  let records = 0
  let batches = 0
  let events = 0
  for (const producer of scenario.producers) {
    const sent = recordsOf(producer)
    const sentBatches = batchesOf(producer, sent)
    const isItsTopic = (cluster: string, topic: string) =>
      cluster === producer.cluster && topic === producer.topic
    const copies =
      scenario.topics.find((one) => isItsTopic(one.cluster, one.name))?.replicationFactor ?? 1
    const readers = scenario.consumers.filter((one) => isItsTopic(one.cluster, one.topic)).length
    const links = scenario.links.filter(({ from }) => from === producer.cluster).length
    records += sent
    batches += sentBatches * (1 + links)
    events += sentBatches * (EVENTS_PER_BATCH + EVENTS_PER_COPY * (copies + readers))
    // Read at the source, written at the target.
    events += links * sentBatches * (EVENTS_PER_BATCH + 2 * EVENTS_PER_COPY)
  }
  let idle = 0
  let nodes = 0
  for (const cluster of scenario.clusters) {
    const size = cluster.nodes.length
    const fetchers = size * size * cluster.config['num.replica.fetchers']
    idle += size * EVENTS_PER_NODE + fetchers * EVENTS_PER_FETCHER
    nodes += size
  }
  const replicas = scenario.topics.reduce((sum, t) => sum + t.partitions * t.replicationFactor, 0)
  const bytes =
    BYTES_BASE + batches * BYTES_PER_BATCH + replicas * BYTES_PER_REPLICA + nodes * BYTES_PER_NODE
  return {
    records: Math.floor(records),
    batches: Math.floor(batches),
    events: Math.floor(events + idle * seconds),
    memoryMb: Math.floor(bytes / MEGABYTE),
  }
}

/** Records that a producer sends in its span; of a closed loop, the most it could. */
function recordsOf(producer: ProducerSpec): number {
  const { load, start, stop } = producer
  if (load.kind === 'closed') {
    const round = load.thinkTime + LOOP_MIN
    return ((stop - start) / round) * load.inFlight
  }
  let records = 0
  for (const [index, step] of load.steps.entries()) {
    const until = Math.min(stop, load.steps[index + 1]?.at ?? stop)
    records += (Math.max(0, until - Math.max(start, step.at)) / SECOND) * step.recordsPerSecond
  }
  return records
}

/** Batches go when they are full or when linger.ms is over, whichever is first. */
function batchesOf(producer: ProducerSpec, records: number): number {
  const perBatch = Math.max(1, Math.floor(producer.config['batch.size'] / producer.recordBytes))
  const span = Math.max(1, producer.stop - producer.start)
  const linger = producer.config['linger.ms'] * 1_000
  const meanInLinger = (records / span) * linger
  return records / Math.min(perBatch, Math.max(1, meanInLinger))
}

// Kind latency: produce latency by round trip, acks, place and load, no fault.

import { OK } from '../../../src/history.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { clusterScenario } from './cluster-scenario.ts'
import type { LatencyExperiment } from './experiment.ts'
import { latenciesOf, producedOf } from './figures.ts'
import {
  type FigureVerdict,
  judgePercentile,
  P50_LIMITS,
  P90_LIMITS,
  RECORDS_MIN,
} from './pass-rule.ts'
import { Rig } from './rig.ts'

/** The files' own `how`: 50 records of a closed loop, 8 s of an open one. */
const CLOSED_RECORDS = 50
const CLOSED_LEFT_OUT = 12
const OPEN_SECONDS = 8
const OPEN_LEFT_OUT = 0.25
const DRAIN = 5 * SECOND

type Case = LatencyExperiment['cases'][number]

export function calibrateLatency(file: LatencyExperiment, seeds: number): FigureVerdict[] {
  return file.cases.flatMap((one) => {
    if (one.measured_ms.n < RECORDS_MIN) return []
    const pooled: number[] = []
    for (let seed = 1; seed <= seeds; seed++) pooled.push(...simulate(file, one, seed))
    pooled.sort((a, b) => a - b)
    const { p50, p90 } = one.measured_ms
    const name = nameOf(one)
    return [
      judgePercentile('p50', name, p50, pooled, 0.5, P50_LIMITS),
      judgePercentile('p90', name, p90, pooled, 0.9, P90_LIMITS),
    ]
  })
}

function nameOf({ rtt_ms, client_region, acks, load }: Case): string {
  const pace = 'closed' in load ? 'one at a time' : `${load.open_records_per_s}/s`
  return `rtt ${rtt_ms} ms, client ${client_region}, acks ${acks}, ${pace}`
}

/** Every pair of regions has the case's round trip. A cluster a case. */
function simulate(file: LatencyExperiment, one: Case, seed: number): number[] {
  const rig = new Rig(
    clusterScenario({
      name: file.name,
      kafka: file.kafka,
      nodes: file.nodes,
      network: { ...file.network, rtt_ms: { 'all pairs': one.rtt_ms } },
      clientRegions: file.client_hosts.map((client) => client.region),
      config: file.broker_config ?? {},
    }),
    seed,
  )
  const lists = file.topic.partitions.map(({ replicas }) => replicas)
  const [partition] = rig.createTopic('latency', lists, file.topic.config ?? {})
  rig.run(rig.now + 2 * SECOND)
  const isClosed = 'closed' in one.load
  const seconds = isClosed ? closedSeconds(one) : OPEN_SECONDS
  addProducer(file, one, rig, seconds)
  rig.run(rig.now + seconds * SECOND + DRAIN)
  const rows = producedOf(rig.simulation.history, new Set([partition]))
  const all = rows.filter((row) => row.outcome === OK).flatMap(latenciesOf)
  if (isClosed) return all.slice(CLOSED_LEFT_OUT, CLOSED_RECORDS)
  return all.slice(Math.floor(all.length * OPEN_LEFT_OUT))
}

/** Enough for all records of the loop, at three round trips each. */
function closedSeconds({ rtt_ms }: Case): number {
  return (CLOSED_RECORDS * (3 * rtt_ms + 30)) / 1000
}

function addProducer(file: LatencyExperiment, one: Case, rig: Rig, seconds: number): void {
  const region = one.client_region
  const start = rig.now
  const { regions } = rig.simulation.scenario
  const { load } = one
  rig.addProducer(
    {
      name: 'producer',
      region,
      zone: regions.find((r) => r.name === region)?.zones[0] ?? region,
      host: file.client_hosts.find((client) => client.region === region)?.host ?? 'client',
      topic: 'latency',
      partitions: [0],
      load:
        'closed' in load
          ? { kind: 'closed', inFlight: 1, thinkTime: 0 }
          : { kind: 'open', steps: [{ at: start, recordsPerSecond: load.open_records_per_s }] },
      recordBytes: numberOf(file.how.record_bytes, 100),
      keys: null,
      compressionRatio: 1,
      start,
      stop: start + seconds * SECOND,
    },
    { acks: one.acks, 'linger.ms': numberOf(file.how['linger.ms'], 0) },
  )
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

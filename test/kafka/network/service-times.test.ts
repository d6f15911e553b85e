import { describe, expect, it } from 'vitest'
import { Producer } from '../../../src/kafka/clients/producer.ts'
import { PRODUCER_DEFAULTS } from '../../../src/kafka/clients/producer-config.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { ClosedLoopSource } from '../../../src/workload/closed-loop.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { ScriptedReplication } from './scripted-replication.ts'

/**
 * Produce latency on Kafka 4.1.0, milliseconds: leader in r1, all regions at one RTT, linger.ms 0,
 * 100-byte records. Measured on real brokers behind a simulated WAN.
 */
const MEASURED: readonly {
  rttMs: number
  region: string
  acks: 1 | -1
  perSecond: number | null
  p50: number
  p90: number
}[] = [
  { rttMs: 20, region: 'r1', acks: 1, perSecond: null, p50: 2.59, p90: 3.29 },
  { rttMs: 20, region: 'r2', acks: 1, perSecond: null, p50: 23.4, p90: 24.89 },
  { rttMs: 20, region: 'r1', acks: -1, perSecond: null, p50: 25.76, p90: 26.87 },
  { rttMs: 20, region: 'r2', acks: -1, perSecond: null, p50: 45.24, p90: 46.0 },
  { rttMs: 20, region: 'r1', acks: -1, perSecond: 20, p50: 25.09, p90: 26.21 },
  { rttMs: 20, region: 'r1', acks: -1, perSecond: 200, p50: 125.02, p90: 134.34 },
  { rttMs: 20, region: 'r1', acks: -1, perSecond: 2_000, p50: 128.42, p90: 138.34 },
  { rttMs: 50, region: 'r1', acks: -1, perSecond: null, p50: 56.84, p90: 59.85 },
  { rttMs: 50, region: 'r1', acks: -1, perSecond: 20, p50: 295.36, p90: 317.24 },
  { rttMs: 50, region: 'r1', acks: -1, perSecond: 200, p50: 298.16, p90: 320.89 },
  { rttMs: 50, region: 'r1', acks: -1, perSecond: 2_000, p50: 308.06, p90: 330.2 },
  { rttMs: 100, region: 'r1', acks: 1, perSecond: null, p50: 1.58, p90: 2.42 },
  { rttMs: 100, region: 'r2', acks: -1, perSecond: null, p50: 205.82, p90: 208.67 },
  { rttMs: 100, region: 'r1', acks: -1, perSecond: 20, p50: 568.35, p90: 611.07 },
  { rttMs: 100, region: 'r1', acks: -1, perSecond: 200, p50: 569.81, p90: 611.3 },
]

/** Latencies of one case in ms, ascending, each record counted, the first quarter left out. */
function latencies(c: (typeof MEASURED)[number]): number[] {
  const cluster = new ScriptedReplication(c.rttMs, c.region, 'latency')
  const from = 5 * SECOND
  const until = from + 8 * SECOND
  const source =
    c.perSecond === null
      ? new ClosedLoopSource(100, from, until, 1, 0, 50)
      : new OpenLoopSource(100, [{ from, until, recordsPerSecond: c.perSecond }], 0)
  const out: number[] = []
  cluster.client.onBoot = () =>
    void new Producer(cluster.client, cluster.world.network, cluster, {
      config: { ...PRODUCER_DEFAULTS, lingerMs: 0, acks: c.acks, enableIdempotence: c.acks === -1 },
      lanes: [{ source, target: { kind: 'partition', partition: 0 } }],
      topics: ['t'],
      bootstrapNodes: [1],
      streamOf: (partition) => partition,
      observer: {
        onBatchDone: (_partition, _id, count, _bytes, first, last) => {
          for (let i = 0; i < count; i++) {
            const created = count === 1 ? first : first + ((last - first) * i) / (count - 1)
            out.push((cluster.world.now - created) / 1_000)
          }
        },
      },
    })
  cluster.client.start()
  cluster.world.scheduler.run(until + 5 * SECOND)
  return out.slice(Math.ceil(out.length / 4)).sort((a, b) => a - b)
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN
}

describe('service times', () => {
  for (const c of MEASURED) {
    const load = c.perSecond === null ? 'one at a time' : `${c.perSecond} records/s`
    it(`gives the measured latency: RTT ${c.rttMs}, ${c.region}, acks ${c.acks}, ${load}`, () => {
      const sorted = latencies(c)
      const p50 = percentile(sorted, 0.5)
      expect(Math.abs(p50 - c.p50)).toBeLessThan(Math.max(4, 0.12 * c.p50))
      expect(Math.abs(percentile(sorted, 0.9) - c.p90)).toBeLessThan(Math.max(6, 0.25 * c.p90))
    })
  }
})

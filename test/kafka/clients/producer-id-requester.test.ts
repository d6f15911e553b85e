// How an idempotent producer comes by its id, and what it does until then.

import { describe, expect, it } from 'vitest'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

const SECOND = 1_000_000
const RTT_MS = 20

/** Ten records a second for one second. */
function tenRecords(): Lane {
  const phase = { from: 0, until: SECOND, recordsPerSecond: 10 }
  return {
    source: new OpenLoopSource(100, [phase], 0),
    target: { kind: 'partition', partition: 0 },
  }
}

function withoutIds(): ScriptedCluster {
  const cluster = new ScriptedCluster([1], 1, RTT_MS)
  cluster.idError = 'COORDINATOR_LOAD_IN_PROGRESS'
  return cluster
}

const askedAt = (cluster: ScriptedCluster, api: string) =>
  cluster.asked.filter(({ request }) => request.api === api).map(({ atMs }) => atMs)

describe('a producer that is refused an id for now', () => {
  it('asks again 100 ms after each answer: its wait neither grows nor varies', () => {
    const cluster = withoutIds()
    startProducer(cluster, [tenRecords()])
    cluster.rig.runMs(5_000)
    const asked = askedAt(cluster, 'InitProducerId')
    expect(asked.length).toBeGreaterThan(30)
    // The second try opens its own connection: the first went over that to a bootstrap address.
    const gaps = asked.slice(2).map((at, i) => at - (asked[i + 1] ?? at))
    for (const gap of gaps) expect(gap).toBeCloseTo(100 + RTT_MS, 1)
  })

  it('waits as retry.backoff.ms says', () => {
    const cluster = withoutIds()
    startProducer(cluster, [tenRecords()], { retryBackoffMs: 300 })
    cluster.rig.runMs(5_000)
    const [, second = 0, third = 0] = askedAt(cluster, 'InitProducerId')
    expect(third - second).toBeCloseTo(300 + RTT_MS, 1)
  })

  it('begins to send when it has one: the leader’s connection is opened only then', () => {
    const cluster = new ScriptedCluster([1, 2], 1, RTT_MS)
    const { fates } = startProducer(cluster, [tenRecords()])
    cluster.rig.runMs(3_000)
    const [init = 0] = askedAt(cluster, 'InitProducerId')
    const [produced = 0] = askedAt(cluster, 'Produce')
    // The id's way back, the handshake, ApiVersions there and back, the way there.
    expect(produced - init).toBeCloseTo(3 * RTT_MS, 1)
    expect(records(fates)).toBe(10)
  })

  it('lets no batch expire: a thread that waits for an id looks at none', () => {
    const cluster = withoutIds()
    const { fates } = startProducer(cluster, [tenRecords()], {
      deliveryTimeoutMs: 2_000,
      requestTimeoutMs: 1_000,
    })
    cluster.rig.runMs(30_000)
    expect(fates).toEqual([])
    cluster.idError = 'NONE'
    cluster.rig.runMs(1_000)
    expect(records(fates)).toBe(10)
    expect(new Set(fates.map(({ error }) => error))).toEqual(new Set(['DELIVERY_TIMEOUT']))
  })
})

describe('a producer and the node that it asks for an id', () => {
  it('asks behind its first question for metadata', () => {
    const cluster = new ScriptedCluster([1], 1, RTT_MS)
    startProducer(cluster, [tenRecords()])
    cluster.rig.runMs(1_000)
    expect(cluster.asked.slice(0, 2).map(({ request }) => request.api)).toEqual([
      'Metadata',
      'InitProducerId',
    ])
  })

  it('chooses anew after a connection is lost', () => {
    const cluster = new ScriptedCluster([1, 2], 1, RTT_MS)
    cluster.idError = 'COORDINATOR_LOAD_IN_PROGRESS'
    startProducer(cluster, [tenRecords()])
    cluster.rig.runMs(1_000)
    const last = cluster.asked.at(-1)?.node ?? 0
    const other = last === 1 ? 2 : 1
    cluster.rig.processOf(last)?.crash()
    cluster.idError = 'NONE'
    cluster.rig.runMs(2_000)
    const after = cluster.asked.filter(({ request }) => request.api === 'InitProducerId').at(-1)
    expect(after?.node).toBe(other)
  })
})

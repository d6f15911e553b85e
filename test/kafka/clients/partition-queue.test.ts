import { expect, it } from 'vitest'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

it('a retry behind a younger batch waits for the end of that one, without spinning', () => {
  // Without sequence numbers a retry goes in front of those that came back before it. The search
  // found a producer that looked for the old batch behind it again and again, at one instant.
  const cluster = new ScriptedCluster([1], 1, 20)
  cluster.onProduce = () => (cluster.rig.nowMs < 9_000 ? 'NOT_ENOUGH_REPLICAS' : null)
  const phase = { from: SECOND, until: 12 * SECOND, recordsPerSecond: 100 }
  const lane: Lane = {
    source: new OpenLoopSource(100, [phase], 0),
    target: { kind: 'partition', partition: 0 },
  }
  const { fates } = startProducer(cluster, [lane], {
    deliveryTimeoutMs: 6_000,
    requestTimeoutMs: 5_000,
    enableIdempotence: false,
  })
  cluster.rig.world.scheduler.run(20 * SECOND, 200_000)
  expect(cluster.rig.nowMs).toBe(20_000)
  expect(records(fates)).toBe(1_100)
  const ages = fates.map((fate) => fate.atMs - fate.createdFirstMs)
  expect(Math.max(...ages)).toBeGreaterThan(6_001)
  expect(Math.max(...ages)).toBeLessThan(12_000)
})

it('a partition with one request waits for the answer to a batch that has expired', () => {
  const cluster = new ScriptedCluster([1, 2], 1, 20)
  const phase = { from: SECOND, until: 30 * SECOND, recordsPerSecond: 10 }
  const lane: Lane = {
    source: new OpenLoopSource(100, [phase], 0),
    target: { kind: 'partition', partition: 0 },
  }
  startProducer(cluster, [lane], {
    ...{ maxInFlightRequestsPerConnection: 1, enableIdempotence: false },
    ...{ deliveryTimeoutMs: 5_000, requestTimeoutMs: 15_000, metadataMaxAgeMs: 1_000 },
  })
  cluster.rig.runMs(2_000)
  cluster.rig.processOf(1)?.pause()
  cluster.rig.runMs(1_000)
  const [only] = cluster.partitions
  if (only !== undefined) Object.assign(only, { leader: 2, epoch: 2 })
  cluster.rig.runMs(27_000)
  const toNext = cluster.asked.filter((one) => one.node === 2 && one.request.api === 'Produce')
  // Sent at about 2 s; its batch has expired at 7 s, its request at 17 s (guaranteeMessageOrder).
  expect(toNext[0]?.atMs).toBeGreaterThan(15_000)
  expect(toNext.length).toBeGreaterThan(10)
})

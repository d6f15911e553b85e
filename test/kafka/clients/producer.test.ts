import { describe, expect, it } from 'vitest'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import { SERVICE_TIMES } from '../../../src/kafka/network/service-times.ts'
import { ClosedLoopSource } from '../../../src/workload/closed-loop.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

const SECOND = 1_000_000

function open(perSecond: number, fromS: number, untilS: number, partition = 0, bytes = 100): Lane {
  const phase = { from: fromS * SECOND, until: untilS * SECOND, recordsPerSecond: perSecond }
  return {
    source: new OpenLoopSource(bytes, [phase], 0),
    target: { kind: 'partition', partition },
  }
}

function closed(fromS: number, untilS: number, thinkMs = 0): Lane {
  return {
    source: new ClosedLoopSource(100, fromS * SECOND, untilS * SECOND, 1, thinkMs * 1_000),
    target: { kind: 'partition', partition: 0 },
  }
}

describe('producer', () => {
  it('acknowledges one record at a time after one round trip', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { fates } = startProducer(cluster, [closed(1, 2)])
    cluster.rig.runMs(3_000)
    expect(fates.length).toBeGreaterThan(45)
    for (const fate of fates.slice(1)) {
      expect(fate.count).toBe(1)
      expect(fate.atMs - fate.createdFirstMs).toBeCloseTo(20, 0)
    }
  })

  it('numbers the records of a partition one by one and loses none', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { fates } = startProducer(cluster, [open(1_000, 0, 3)])
    cluster.rig.runMs(10_000)
    expect(records(fates)).toBe(3_000)
    let next = 0
    for (const batch of cluster.partitions[0]?.log ?? []) {
      expect(batch.firstRecordId).toBe(next)
      next += batch.count
    }
    expect(next).toBe(3_000)
  })

  it('at 5 in flight takes 5 to 6 commit times, whatever the rate (5C + U(0,C))', () => {
    for (const perSecond of [200, 2_000]) {
      const cluster = new ScriptedCluster([1], 1, 0.4)
      cluster.commitMs = 50
      const { fates } = startProducer(cluster, [open(perSecond, 1, 9)])
      cluster.rig.runMs(20_000)
      const late = fates.filter((fate) => fate.createdFirstMs > 3_000 && fate.atMs < 9_000)
      const longest = late.map((fate) => fate.atMs - fate.createdFirstMs)
      const shortest = late.map((fate) => fate.atMs - fate.createdLastMs)
      expect(Math.max(...longest)).toBeLessThan(303)
      expect(Math.max(...longest)).toBeGreaterThan(290)
      expect(Math.min(...shortest)).toBeGreaterThan(248)
      expect(Math.min(...shortest)).toBeLessThan(262)
      expect(late.every((fate) => fate.count >= perSecond / 20 - 1)).toBe(true)
    }
  })

  it('costs no event for a record that only waits for a free slot', () => {
    const fired = [100, 10_000].map((perSecond) => {
      const cluster = new ScriptedCluster([1], 1, 0.4)
      cluster.commitMs = 100
      startProducer(cluster, [open(perSecond, 1, 5, 0, 1)])
      cluster.rig.runMs(6_000)
      return cluster.rig.world.scheduler.fired
    })
    expect(fired[1]).toBeLessThan((fired[0] ?? 0) * 1.5)
  })

  it('waits linger.ms for more records, and no longer once a batch is full', () => {
    const cluster = new ScriptedCluster([1], 1, 1)
    const { fates } = startProducer(cluster, [open(100, 1, 2)], { lingerMs: 45 })
    cluster.rig.runMs(5_000)
    for (const fate of fates.slice(1, -1)) {
      expect(fate.count).toBe(5)
      expect(fate.atMs - fate.createdFirstMs).toBeCloseTo(46, 0)
    }

    const fast = new ScriptedCluster([1], 1, 1)
    const full = startProducer(fast, [open(20_000, 1, 2)], { lingerMs: 45 })
    fast.rig.runMs(5_000)
    expect(full.fates[1]?.count).toBe(148)
  })

  it('sends batches of at most batch.size and one request for all partitions of a node', () => {
    const cluster = new ScriptedCluster([1], 3, 20)
    startProducer(cluster, [open(2_000, 1, 2, 0), open(2_000, 1, 2, 1), open(2_000, 1, 2, 2)])
    cluster.rig.runMs(5_000)
    const produces = cluster.asked.flatMap(({ request }) =>
      request.api === 'Produce' ? [request] : [],
    )
    expect(produces.some((request) => request.partitions.length === 3)).toBe(true)
    for (const partition of cluster.partitions) {
      expect(partition.log.every((batch) => batch.bytes <= 16_384)).toBe(true)
    }
  })

  it('retries the first of five in flight and keeps the order with idempotence', () => {
    const cluster = new ScriptedCluster([1], 1, 50)
    cluster.onProduce = (_batch, attempt) => (attempt === 5 ? 'NOT_ENOUGH_REPLICAS' : null)
    const { fates } = startProducer(cluster, [open(1_000, 1, 3)])
    cluster.rig.runMs(10_000)
    const ids = cluster.partitions[0]?.log.map((batch) => batch.firstRecordId) ?? []
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(new Set(ids).size).toBe(ids.length)
    expect(records(fates.filter((fate) => fate.outcome === 'ok'))).toBe(2_000)
    // Those behind it are refused once, then wait for it instead of being refused again.
    expect(Math.max(...fates.map((fate) => fate.attempts))).toBe(2)
  })

  it('reorders without idempotence when the first of several in flight is retried', () => {
    const cluster = new ScriptedCluster([1], 1, 50)
    cluster.onProduce = (_batch, attempt) => (attempt === 5 ? 'NOT_ENOUGH_REPLICAS' : null)
    startProducer(cluster, [open(1_000, 1, 3)], { enableIdempotence: false })
    cluster.rig.runMs(10_000)
    const ids = cluster.partitions[0]?.log.map((batch) => batch.firstRecordId) ?? []
    expect(ids).not.toEqual([...ids].sort((a, b) => a - b))
  })

  it('keeps the order without idempotence when only one request may be in flight', () => {
    const cluster = new ScriptedCluster([1], 1, 50)
    cluster.onProduce = (_batch, attempt) => (attempt === 5 ? 'NOT_ENOUGH_REPLICAS' : null)
    startProducer(cluster, [open(1_000, 1, 3)], {
      enableIdempotence: false,
      maxInFlightRequestsPerConnection: 1,
    })
    cluster.rig.runMs(10_000)
    const ids = cluster.partitions[0]?.log.map((batch) => batch.firstRecordId) ?? []
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(cluster.partitions[0]?.log.reduce((sum, b) => sum + b.count, 0)).toBe(2_000)
  })

  it('writes a batch twice without idempotence when the answer was an ambiguous error', () => {
    for (const [enableIdempotence, duplicates] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const cluster = new ScriptedCluster([1], 1, 20)
      let failed = false
      cluster.afterAppend = () => {
        if (failed) return null
        failed = true
        return 'REQUEST_TIMED_OUT'
      }
      startProducer(cluster, [closed(1, 2)], { enableIdempotence })
      cluster.rig.runMs(5_000)
      const ids = cluster.partitions[0]?.log.map((batch) => batch.firstRecordId) ?? []
      expect(ids.length - new Set(ids).size).toBe(duplicates)
    }
  })

  it('bumps its epoch when the very next sequence is refused, and goes on', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    let dropped = false
    const { fates } = startProducer(cluster, [closed(1, 2)])
    cluster.onProduce = (batch) => {
      if (dropped || batch.baseSequence !== 10) return null
      dropped = true
      cluster.partitions[0]?.log.splice(5)
      return null
    }
    cluster.rig.runMs(5_000)
    const epochs = new Set(cluster.partitions[0]?.log.map((batch) => batch.producerEpoch))
    expect([...epochs]).toEqual([0, 1])
    expect(fates.every((fate) => fate.outcome === 'ok')).toBe(true)
  })

  it('reports queued and sent records alike at delivery.timeout.ms, as unknown where sent', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.commitMs = 1_000_000
    const { fates } = startProducer(cluster, [open(1_000, 1, 3)], {
      deliveryTimeoutMs: 6_000,
      requestTimeoutMs: 5_000,
    })
    cluster.rig.runMs(20_000)
    expect(records(fates)).toBe(2_000)
    for (const fate of fates) {
      // Both are a TimeoutException to the application; a request may be overdue at the same time.
      expect(['DELIVERY_TIMEOUT', 'REQUEST_TIMED_OUT']).toContain(fate.error)
      expect(fate.atMs - fate.createdFirstMs).toBeCloseTo(6_000, 0)
    }
    expect(fates[0]?.outcome).toBe('unknown')
    expect(fates[fates.length - 1]?.outcome).toBe('fail')
  })

  it('goes on under a new epoch after retried batches expired', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.onProduce = () => (cluster.rig.nowMs < 9_000 ? 'NOT_ENOUGH_REPLICAS' : null)
    const { fates } = startProducer(cluster, [open(100, 1, 12)], {
      deliveryTimeoutMs: 6_000,
      requestTimeoutMs: 5_000,
    })
    cluster.rig.runMs(20_000)
    const log = cluster.partitions[0]?.log ?? []
    expect(log[0]?.producerEpoch).toBeGreaterThan(0)
    expect(log[0]?.baseSequence).toBe(0)
    const ok = fates.filter((fate) => fate.outcome === 'ok')
    expect(records(fates)).toBe(1_100)
    expect(records(ok)).toBeGreaterThan(600)
  })

  it('serves all partitions alike when max.request.size does not hold them all', () => {
    const cluster = new ScriptedCluster([1], 4, 20)
    const lanes = [0, 1, 2, 3].map((partition) => open(20_000, 1, 5, partition))
    startProducer(cluster, lanes, { maxRequestSizeBytes: 20_000 })
    cluster.rig.runMs(5_000)
    const written = cluster.partitions.map(({ log }) => records(log))
    expect(Math.min(...written)).toBeGreaterThan(0.9 * Math.max(...written))
  })

  it('stops the application while buffer.memory is full and catches up afterwards', () => {
    const cluster = new ScriptedCluster([1], 1, 1)
    cluster.commitMs = 4_000
    const { fates } = startProducer(cluster, [open(1_000, 1, 11)], {
      bufferMemoryBytes: 4 * 16_384,
    })
    cluster.rig.runMs(9_000)
    cluster.commitMs = 0
    cluster.rig.runMs(20_000)
    expect(records(fates)).toBe(10_000)
    expect(fates.every((fate) => fate.outcome === 'ok')).toBe(true)
    // Record n was due at 1000 + n ms; one that send() held back counts from when it got through.
    const held = fates.filter((fate) => fate.createdFirstMs > 1_100 + fate.firstRecordId)
    expect(held.length).toBeGreaterThan(0)
    expect(fates[fates.length - 1]?.createdLastMs).toBeCloseTo(10_999, 0)
  })

  it('sends what it has once its topic exists', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.hidden = true
    const { fates } = startProducer(cluster, [open(100, 1, 4)])
    cluster.rig.runMs(3_000)
    cluster.hidden = false
    cluster.rig.runMs(5_000)
    expect(records(fates)).toBe(300)
    expect(Math.max(...fates.map((fate) => fate.atMs))).toBeLessThan(4_300)
  })

  it('refuses one record after max.block.ms on a full buffer', () => {
    const cluster = new ScriptedCluster([1], 1, 1)
    cluster.commitMs = 30_000
    const lane: Lane = {
      source: new ClosedLoopSource(100, SECOND, 60 * SECOND, 10_000, 0),
      target: { kind: 'partition', partition: 0 },
    }
    const { fates } = startProducer(cluster, [lane], {
      bufferMemoryBytes: 4 * 16_384,
      maxBlockMs: 10_000,
    })
    cluster.rig.runMs(12_000)
    const refused = fates.filter((fate) => fate.error === 'BUFFER_EXHAUSTED')
    expect(refused.map((fate) => [fate.count, fate.outcome])).toEqual([[1, 'fail']])
    expect(refused[0]?.atMs).toBeCloseTo(11_000, 0)
  })

  it('is back within a second of the new leader when the old one answers with resets', () => {
    const cluster = new ScriptedCluster([1, 2, 3], 1, 50)
    const { fates } = startProducer(cluster, [open(100, 1, 20)])
    cluster.rig.runMs(5_000)
    cluster.rig.processOf(1)?.crash()
    cluster.rig.runMs(8_000)
    const state = cluster.partitions[0]
    if (state === undefined) throw new Error('no partition')
    Object.assign(state, { leader: 2, epoch: 2 })
    cluster.brokers.shift()
    cluster.rig.runMs(30_000)
    const back = fates.find((fate) => fate.atMs > 6_000)
    expect(back?.atMs).toBeGreaterThan(13_000)
    expect(back?.atMs).toBeLessThan(14_600)
    expect(records(fates.filter((fate) => fate.outcome === 'ok'))).toBe(1_900)
  })

  it('finds the new leader of a black hole after request.timeout.ms and a set-up time-out', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const cluster = new ScriptedCluster([1, 2, 3], 1, 50, seed)
      const { fates } = startProducer(cluster, [open(100, 1, 40)], { requestTimeoutMs: 5_000 })
      cluster.rig.runMs(5_000)
      cluster.rig.isolate(1)
      cluster.rig.runMs(9_000)
      const state = cluster.partitions[0]
      if (state === undefined) throw new Error('no partition')
      Object.assign(state, { leader: 2, epoch: 2 })
      cluster.brokers.shift()
      cluster.rig.runMs(40_000)
      const back = (fates.find((fate) => fate.atMs > 6_000)?.atMs ?? 0) - 5_000
      expect(back).toBeGreaterThan(5_000 + 100 + 8_000)
      expect(back).toBeLessThan(5_000 + 200 + 12_000 + 600)
    }
  })

  it('waits out all of request.timeout.ms in a black hole with the default of 30 s', () => {
    const cluster = new ScriptedCluster([1, 2, 3], 1, 50)
    const { fates } = startProducer(cluster, [open(100, 1, 60)])
    cluster.rig.runMs(5_000)
    cluster.rig.isolate(1)
    cluster.rig.runMs(9_000)
    const state = cluster.partitions[0]
    if (state === undefined) throw new Error('no partition')
    Object.assign(state, { leader: 2, epoch: 2 })
    cluster.brokers.shift()
    cluster.rig.runMs(60_000)
    const back = (fates.find((fate) => fate.atMs > 6_000)?.atMs ?? 0) - 5_000
    expect(back).toBeGreaterThan(29_900)
    expect(back).toBeLessThan(31_000)
  })

  it('tries a named new leader at once (KIP-951), else after the back-off', () => {
    const waits = [true, false].map((leaderHints) => {
      const cluster = new ScriptedCluster([1, 2], 1, 10)
      const { fates } = startProducer(cluster, [closed(1, 5)], { leaderHints })
      cluster.rig.runMs(2_000)
      const state = cluster.partitions[0]
      if (state === undefined) throw new Error('no partition')
      Object.assign(state, { leader: 2, epoch: 2 })
      cluster.hint = { leader: 2, leaderEpoch: 2, hasEndpoint: true }
      cluster.rig.runMs(5_000)
      return Math.max(...fates.map((fate) => fate.atMs - fate.createdFirstMs))
    })
    expect(waits[0]).toBeLessThan(60)
    expect(waits[1]).toBeGreaterThan(80)
  })

  it('spreads records without keys over partitions, about batch.size at a time', () => {
    const cluster = new ScriptedCluster([1], 4, 5)
    const phase = { from: SECOND, until: 21 * SECOND, recordsPerSecond: 2_000 }
    const lane: Lane = {
      source: new OpenLoopSource(100, [phase], 0),
      target: { kind: 'sticky', topic: 't', partitions: [0, 1, 2, 3] },
    }
    const { fates } = startProducer(cluster, [lane])
    cluster.rig.runMs(25_000)
    expect(records(fates)).toBe(40_000)
    for (const partition of cluster.partitions) {
      const share = partition.log.reduce((sum, batch) => sum + batch.count, 0)
      expect(share).toBeGreaterThan(6_500)
      expect(share).toBeLessThan(13_500)
    }
  })

  it('reports acks=0 as done once written', () => {
    const cluster = new ScriptedCluster([1], 1, 50)
    const { fates } = startProducer(cluster, [open(100, 1, 2)], {
      acks: 0,
      enableIdempotence: false,
    })
    cluster.rig.runMs(5_000)
    expect(records(fates)).toBe(100)
    expect(fates.slice(1).every((fate) => fate.atMs - fate.createdLastMs < 1)).toBe(true)
  })

  it('wakes up again after its connection broke while it had nothing to send', () => {
    const cluster = new ScriptedCluster([1, 2], 1, 20)
    const { fates } = startProducer(cluster, [open(0.5, 1, 20)])
    cluster.rig.runMs(4_000)
    cluster.rig.processOf(1)?.crash()
    cluster.rig.runMs(100)
    cluster.start(1)
    cluster.rig.runMs(30_000)
    expect(records(fates.filter((fate) => fate.outcome === 'ok'))).toBe(10)
    expect(fates.every((fate) => fate.atMs - fate.createdFirstMs < 200)).toBe(true)
  })

  it('takes 2 to 3 ms for acks=1 beside the leader with the measured service times', () => {
    const cluster = new ScriptedCluster([1], 1, 0.4, 'rig', SERVICE_TIMES)
    const { fates } = startProducer(cluster, [closed(1, 2, 20)], { acks: 1 }, {})
    cluster.rig.runMs(3_000)
    for (const fate of fates.slice(1)) {
      expect(fate.atMs - fate.createdFirstMs).toBeGreaterThan(2)
      expect(fate.atMs - fate.createdFirstMs).toBeLessThan(3)
    }
  })

  it('gives the same run for the same seed', () => {
    const digests = [1, 2].map(() => {
      const cluster = new ScriptedCluster([1, 2, 3], 6, 20)
      startProducer(cluster, [open(500, 1, 5, 0), open(500, 1, 5, 3)])
      cluster.rig.runMs(8_000)
      return cluster.rig.world.scheduler.digest()
    })
    expect(digests[0]).toBe(digests[1])
  })
})

import { describe, expect, it } from 'vitest'
import { Consumer } from '../../../src/kafka/clients/consumer.ts'
import type { ConsumerConfig } from '../../../src/kafka/clients/consumer-config.ts'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import type { SeekReason } from '../../../src/kafka/clients/consumer-observer.ts'
import { batch, ScriptedLog } from './scripted-log.ts'

interface Seen {
  readonly delivered: { from: number; to: number; atMs: number; node: number }[]
  readonly seeks: [from: number, to: number, reason: SeekReason][]
  readonly halted: [reason: SeekReason, position: number, divergent: number][]
}

function startConsumer(
  log: ScriptedLog,
  config: Partial<ConsumerConfig> = {},
  start: number | null = null,
  processMs = 0,
): Seen {
  const seen: Seen = { delivered: [], seeks: [], halted: [] }
  log.rig.boot(() => {
    new Consumer(log.rig.client, log.rig.world.network, log.rig, {
      config: { ...CONSUMER_DEFAULTS, ...config },
      topics: ['t'],
      assignments: [{ partition: 0, start }],
      bootstrapNodes: log.brokers,
      observer: {
        onDelivered: (_partition, _batches, from, to, now, node) =>
          void seen.delivered.push({ from, to, atMs: now / 1_000, node }),
        onSeek: (_partition, from, to, reason) => void seen.seeks.push([from, to, reason]),
        onHalted: (_partition, reason, position, divergent) =>
          void seen.halted.push([reason, position, divergent]),
      },
      processTime: { perPoll: processMs * 1_000, perRecord: 0 },
      channel: { receiveServiceMicros: 0 },
    })
  })
  return seen
}

/** A leader whose log is cut back to 40 and grows again under a new epoch. */
function truncateUncleanly(log: ScriptedLog, endOfNew: number): void {
  log.brokers.splice(0, 1)
  log.logs.set(2, [batch(0, 40, 1)])
  log.elect(2)
  if (endOfNew > 40) log.logOf(2).push(batch(40, endOfNew - 40, 2))
  log.rig.processOf(1)?.crash()
}

describe('consumer', () => {
  it('begins at the end by default and at the start with earliest', () => {
    for (const [autoOffsetReset, first] of [
      ['latest', 10],
      ['earliest', 0],
    ] as const) {
      const log = new ScriptedLog([1, 2], 20)
      log.append(10)
      const seen = startConsumer(log, { autoOffsetReset })
      log.rig.runMs(1_000)
      log.append(5)
      log.rig.runMs(1_000)
      expect(seen.seeks).toEqual([[-1, first, 'initial']])
      expect(seen.delivered[0]?.from).toBe(first)
      expect(seen.delivered[seen.delivered.length - 1]?.to).toBe(15)
    }
  })

  it('reads on from where a reset sent it without asking the leader again', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.append(10)
    startConsumer(log, { autoOffsetReset: 'latest' })
    log.rig.runMs(1_000)
    expect(log.nodesAsked('ListOffsets')).toEqual([1])
    expect(log.nodesAsked('OffsetsForLeaderEpoch')).toEqual([])
  })

  it('asks for a leader every retry.backoff.ms as long as a reset waits for one', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.leader = -1
    startConsumer(log)
    log.rig.runMs(10_000)
    const asked = log.nodesAsked('Metadata', 5_000).length
    expect(asked).toBeGreaterThan(35)
    expect(asked).toBeLessThan(50)
  })

  it('gets a record half a round trip after it was appended: its long poll is parked there', () => {
    const log = new ScriptedLog([1, 2], 20)
    const seen = startConsumer(log)
    log.rig.runMs(1_000)
    for (let i = 0; i < 20; i++) {
      const appendedMs = log.rig.nowMs
      log.append(1)
      log.rig.runMs(100)
      const delay = (seen.delivered[i]?.atMs ?? 0) - appendedMs
      expect(delay).toBeCloseTo(10, 0)
    }
  })

  it('keeps one fetch in flight, answered after fetch.max.wait.ms where nothing comes', () => {
    const log = new ScriptedLog([1], 20)
    startConsumer(log, { fetchMaxWaitMs: 500 })
    log.rig.runMs(20_000)
    const fetches = log.nodesAsked('Fetch').length
    expect(fetches).toBeGreaterThan(36)
    expect(fetches).toBeLessThan(40)
  })

  it('delivers every offset once, in order', () => {
    const log = new ScriptedLog([1, 2], 20)
    const seen = startConsumer(log, { autoOffsetReset: 'earliest' })
    for (let i = 0; i < 100; i++) {
      log.append(1 + (i % 7))
      log.rig.runMs(3 + (i % 11))
    }
    log.rig.runMs(1_000)
    let next = 0
    for (const { from, to } of seen.delivered) {
      expect(from).toBe(next)
      next = to
    }
    expect(next).toBe(log.endOf(1))
  })

  it('hands over what has come when the application polls again after its work', () => {
    const log = new ScriptedLog([1, 2], 20)
    const seen = startConsumer(log, {}, 0, 300)
    log.rig.runMs(1_000)
    for (let i = 0; i < 100; i++) {
      log.append(1)
      log.rig.runMs(10)
    }
    log.rig.runMs(2_000)
    let next = 0
    seen.delivered.forEach(({ from, to, atMs }, i) => {
      expect(from).toBe(next)
      next = to
      const before = seen.delivered[i - 1]
      if (before !== undefined) expect(atMs - before.atMs).toBeGreaterThanOrEqual(300)
    })
    expect(next).toBe(100)
    expect(seen.delivered.length).toBeLessThan(8)
  })

  it('goes back to the exact point of divergence after an unclean truncation (KIP-320)', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.append(80)
    const seen = startConsumer(log, { autoOffsetReset: 'earliest' })
    log.rig.runMs(1_000)
    truncateUncleanly(log, 100)
    log.rig.runMs(5_000)
    expect(seen.seeks[1]).toEqual([80, 40, 'truncation'])
    expect(seen.delivered[seen.delivered.length - 1]).toMatchObject({ from: 40, to: 100 })
  })

  it('without validation skips what was written below its position', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.append(80)
    const seen = startConsumer(log, { autoOffsetReset: 'earliest', positionValidation: false })
    log.rig.runMs(1_000)
    truncateUncleanly(log, 100)
    log.rig.runMs(5_000)
    expect(seen.seeks.map(([, , reason]) => reason)).toEqual(['initial'])
    expect(seen.delivered[seen.delivered.length - 1]).toMatchObject({ from: 80, to: 100 })
  })

  it('stands still with the divergent offset where no reset policy is set', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.append(80)
    const seen = startConsumer(log, { autoOffsetReset: 'none' }, 0)
    log.rig.runMs(1_000)
    truncateUncleanly(log, 100)
    log.rig.runMs(5_000)
    expect(seen.halted).toEqual([['truncation', 80, 40]])
    expect(seen.delivered[seen.delivered.length - 1]?.to).toBe(80)
  })

  it('without validation is reset beyond the new end: latest skips, earliest re-reads', () => {
    for (const [autoOffsetReset, to] of [
      ['latest', 60],
      ['earliest', 0],
    ] as const) {
      const log = new ScriptedLog([1, 2], 20)
      log.append(80)
      const seen = startConsumer(log, { autoOffsetReset, positionValidation: false }, 0)
      log.rig.runMs(1_000)
      truncateUncleanly(log, 60)
      log.rig.runMs(5_000)
      expect(seen.seeks).toEqual([[80, to, 'out-of-range']])
    }
  })

  it('reads from the preferred replica for metadata.max.age.ms, then asks the leader again', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.preferredReplica = 2
    const seen = startConsumer(log, { clientRack: 'r2', metadataMaxAgeMs: 30_000 })
    log.rig.runMs(2_000)
    const sinceMs = log.rig.nowMs
    log.append(3)
    log.rig.runMs(20_000)
    expect(new Set(log.nodesAsked('Fetch', sinceMs))).toEqual(new Set([2]))
    expect(seen.delivered.every((delivery) => delivery.node === 2)).toBe(true)
    const beforeMs = log.rig.nowMs
    log.rig.runMs(30_000)
    const leaderFetches = log.nodesAsked('Fetch', beforeMs).filter((node) => node === 1)
    expect(leaderFetches).toHaveLength(1)
  })

  it('returns to the leader without a reset when its replica finds the offset out of range', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.preferredReplica = 2
    const seen = startConsumer(log, { clientRack: 'r2' })
    log.rig.runMs(1_000)
    log.preferredReplica = -1
    log.append(10)
    log.rig.runMs(1_000)
    log.logs.set(2, [])
    log.rig.runMs(1_000)
    log.append(5, [1])
    log.rig.runMs(1_000)
    expect(seen.seeks.map(([, , reason]) => reason)).toEqual(['initial'])
    expect(seen.delivered[seen.delivered.length - 1]).toMatchObject({ from: 10, to: 15, node: 1 })
  })

  it('gives up a preferred replica whose connection breaks', () => {
    const log = new ScriptedLog([1, 2], 20)
    log.preferredReplica = 2
    const seen = startConsumer(log, { clientRack: 'r2' })
    log.rig.runMs(1_000)
    log.preferredReplica = -1
    log.rig.processOf(2)?.crash()
    log.rig.runMs(1_000)
    log.append(5, [1])
    log.rig.runMs(1_000)
    expect(seen.delivered[seen.delivered.length - 1]).toMatchObject({ from: 0, to: 5, node: 1 })
  })

  it('notices a black-holed leader only after request.timeout.ms', () => {
    const log = new ScriptedLog([1, 2], 20)
    const seen = startConsumer(log)
    log.rig.runMs(1_000)
    log.rig.isolate(1)
    log.rig.runMs(100)
    log.brokers.splice(0, 1)
    log.elect(2)
    log.append(5, [2])
    log.rig.runMs(60_000)
    const atMs = seen.delivered[0]?.atMs ?? 0
    expect(atMs).toBeGreaterThan(30_500)
    expect(atMs).toBeLessThan(32_500)
  })
})

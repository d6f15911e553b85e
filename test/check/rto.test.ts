import { describe, expect, it } from 'vitest'
import { buildLedger } from '../../src/check/ledger.ts'
import { consumeRto, produceRto } from '../../src/check/rto.ts'
import type { History } from '../../src/history.ts'
import { TinyHistory } from './tiny-history.ts'

const recovery = (history: History) => produceRto(history, buildLedger(history))

/** Broker 1 dies at 5 s, is fenced at 14 s, broker 2 leads at 14.1 s, first ack at 16 s. */
function failover(): TinyHistory {
  const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
  tiny.leader(1, 0, [1, 2, 3], 0)
  const fault = tiny.fault(5_010, 30_000)
  const fence = tiny.fenced(1, 14_010, fault)
  tiny.leader(2, 1, [2, 3], 14_110, fence)
  tiny.produced({ first: 101, sentMs: 5_040, doneMs: 16_010 })
  tiny.steady(16_060, 40_000, 50, 102)
  return tiny
}

describe('recovery time', () => {
  it('is zero where nothing stopped', () => {
    const tiny = new TinyHistory().steady(0, 10_000, 50, 0)
    tiny.fault(5_000)
    expect(recovery(tiny.log([[0, 900]]).end(10_000))).toMatchObject({
      ms: 0,
      worst: null,
      p95Ms: 0,
    })
  })

  it('counts from the fault and splits into detect, elect and client', () => {
    const rto = recovery(
      failover()
        .log([[0, 900]])
        .end(40_000),
    )
    expect(rto).toMatchObject({
      ...{ ms: 11_000, detectMs: 9_000, decideMs: 0, electMs: 100, clientMs: 1_900 },
      ...{ worst: 'orders-0', faultAtMs: 5_010, backAtMs: 16_010 },
    })
    expect(rto.byClient).toEqual([{ client: 'p', ms: 11_000 }])
  })

  it('ends its election when the new leader takes office, where that was seen', () => {
    const tiny = failover()
    const office = { partition: 0, broker: 2, leaderEpoch: 1, at: 14_300_000, logEnd: 0 }
    tiny.history.leaderships.push(office)
    expect(recovery(tiny.log([[0, 900]]).end(40_000))).toMatchObject({
      electMs: 290,
      clientMs: 1_710,
    })
  })

  it('says that nobody decided anything where a link only came back', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.fault(5_010, 8_000)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 8_400 })
    // What is decided after the partition has gone on is no part of it.
    tiny.leader(2, 1, [2, 3], 8_500, tiny.fenced(1, 8_450))
    expect(recovery(tiny.log([[0, 900]]).end(9_000))).toMatchObject({
      ...{ ms: 3_390, detectMs: null, electMs: null, clientMs: null },
    })
  })

  it('is detected by the partition’s own change where no broker was fenced', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.leader(1, 0, [1, 2, 3], 0)
    tiny.fault(5_010)
    tiny.leader(2, 1, [2, 3, 1], 6_010)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 7_010 })
    expect(recovery(tiny.log([[0, 900]]).end(9_000))).toMatchObject({
      ...{ ms: 2_000, detectMs: 1_000, electMs: 0, clientMs: 1_000 },
    })
  })

  it('does not wait for a leader that was seen to take office only later', () => {
    const tiny = failover()
    tiny.history.leaderships.push({
      partition: 0,
      broker: 2,
      leaderEpoch: 1,
      at: 16_500_000,
      logEnd: 0,
    })
    expect(recovery(tiny.log([[0, 900]]).end(40_000)).electMs).toBe(100)
  })

  it('is the longest of several outages, the first of equals, also for each client', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    for (const [at, waits, first] of [
      [5_010, 4_000, 101],
      [12_010, 4_000, 202],
      [20_010, 2_000, 303],
    ] as const) {
      tiny.fault(at)
      tiny.produced({ first, sentMs: at, doneMs: at + waits })
      tiny.steady(at + waits + 50, at + waits + 2_950, 50, first + 1)
    }
    const found = recovery(tiny.log([[0, 900]]).end(26_000))
    expect(found).toMatchObject({ ms: 4_000, faultAtMs: 5_010 })
    expect(found.byClient).toEqual([{ client: 'p', ms: 4_000 }])
  })

  it('is undecided where the load ended first', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.fault(5_010)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 20_000, outcome: 'pending' })
    const rto = recovery(tiny.log([[0, 900]]).end(20_000))
    expect(rto).toMatchObject({ ms: null, p50Ms: null, worst: 'orders-0', backAtMs: null })
  })

  it('spreads over partitions: half of them may never have stopped', () => {
    const tiny = new TinyHistory({ partitions: 2 })
    tiny.steady(0, 20_000, 50, 0, 1)
    tiny.steady(0, 5_000, 50, 0)
    tiny.fault(5_010)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 9_010 }).log([[0, 900]], { partition: 1 })
    const rto = recovery(tiny.log([[0, 900]]).end(20_000))
    expect(rto).toMatchObject({ ms: 4_000, p50Ms: 0, p95Ms: 4_000 })
    expect(rto.byPartition).toHaveLength(1)
  })

  it('goes on while a leader that is cut off acknowledges what will be lost', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.fault(5_010, 15_000)
    tiny.steady(5_050, 16_000, 50, 101)
    tiny.steady(16_010, 20_000, 50, 400)
    const rto = recovery(
      tiny
        .log([
          [0, 101],
          [400, 200],
        ])
        .end(20_000),
    )
    expect(rto).toMatchObject({ ms: 11_000, byClient: [{ client: 'p', ms: 0 }] })
  })

  it('of consumers ends with a new record, not with one that they had before', () => {
    const tiny = new TinyHistory()
    for (let n = 0; n < 100; n++) tiny.delivered(n, 1, n, 50 * n)
    tiny.fault(5_010)
    tiny.delivered(90, 10, 90, 7_000, 4_900)
    tiny.delivered(100, 1, 100, 9_010, 5_040)
    const history = tiny.log([[0, 101]]).end(12_000)
    expect(consumeRto(history, buildLedger(history))).toMatchObject({
      ...{ ms: 4_000, byClient: [{ client: 'billing', ms: 4_000 }] },
    })
  })

  it('lists partitions that stopped, the last to come back first', () => {
    const tiny = new TinyHistory({ partitions: 3 })
    for (const stream of [0, 1, 2])
      tiny.steady(0, 5_000, 50, 0, stream).log([[0, 900]], { partition: stream })
    tiny.fault(5_010)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 7_010 })
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 20_000, stream: 1, outcome: 'pending' })
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 9_010, stream: 2 })
    const rto = recovery(tiny.end(20_000))
    expect(rto.byPartition.map((p) => [p.partition, p.ms])).toEqual([
      ['orders-1', null],
      ['orders-2', 4_000],
      ['orders-0', 2_000],
    ])
    expect(rto).toMatchObject({ ms: null, worst: 'orders-1', p50Ms: 4_000 })
  })

  it('does not charge the cluster with the time in which a client was down itself', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.fault(5_010)
    tiny.produced({ first: 101, sentMs: 5_005, doneMs: 20_000, outcome: 'pending' })
    tiny.history.clientStarted('p', 0)
    expect(recovery(tiny.log([[0, 900]]).end(20_000)).byClient).toEqual([{ client: 'p', ms: null }])
    tiny.history.clientStopped('p', 5_010_000)
    expect(recovery(tiny.history).byClient).toEqual([{ client: 'p', ms: 0 }])
  })

  it('takes a client that comes back with new streams for the same client', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 1_000, 0)
    tiny.history.streams.push({ id: 1, producer: 'p', region: 'eu', partition: 0 })
    tiny.fault(5_010)
    tiny
      .steady(6_000, 9_000, 1_000, 0, 1)
      .produced({ first: 9, sentMs: 9_100, doneMs: 9_700, stream: 1 })
    const history = tiny.log([[0, 900]]).end(9_700)
    expect(recovery(history).byClient).toEqual([{ client: 'p', ms: 0 }])
  })

  it('lets acknowledgements count that a later fault took', () => {
    const tiny = new TinyHistory().steady(0, 20_000, 50, 0)
    tiny.leader(1, 0, [1], 0)
    tiny.fault(5_010)
    tiny.leader(2, 1, [2], 25_000, tiny.fault(20_010))
    tiny.produced({ first: 401, sentMs: 20_040, doneMs: 25_010 })
    const history = tiny
      .log([
        [0, 50],
        [401, 1],
      ])
      .end(26_000)
    expect(recovery(history)).toMatchObject({ ms: 5_000, faultAtMs: 20_010 })
  })

  it('of consumers leaves out a group that was down itself', () => {
    const tiny = new TinyHistory()
    for (let n = 0; n < 100; n++) tiny.delivered(n, 1, n, 50 * n)
    tiny.fault(5_010)
    tiny.delivered(100, 1, 100, 9_010, 5_040)
    tiny.history.clientStarted('c-0', 0)
    tiny.history.clientStopped('c-0', 5_010_000)
    tiny.history.clientStarted('c-0', 9_000_000)
    const history = tiny.log([[0, 101]]).end(12_000)
    expect(consumeRto(history, buildLedger(history)).ms).toBe(0)
  })

  it('of consumers leaves it out also while a member of another group runs', () => {
    const tiny = new TinyHistory()
    const other = { id: 1, name: 'c-1', cluster: 'kafka', group: 'audit', region: 'us' }
    tiny.history.consumers.push(other)
    for (let n = 0; n < 100; n++) tiny.delivered(n, 1, n, 50 * n)
    tiny.fault(5_010)
    tiny.delivered(100, 1, 100, 9_010, 5_040)
    for (const client of ['c-0', 'c-1']) tiny.history.clientStarted(client, 0)
    tiny.history.clientStopped('c-0', 5_010_000)
    const history = tiny.log([[0, 101]]).end(12_000)
    expect(consumeRto(history, buildLedger(history)).byClient).toMatchObject([
      { client: 'billing', ms: 0 },
    ])
  })

  it('of consumers counts what a group stood still while another of its members ran', () => {
    const tiny = new TinyHistory()
    tiny.history.consumers.push({
      id: 1,
      name: 'c-1',
      cluster: 'kafka',
      group: 'billing',
      region: 'us',
    })
    for (let n = 0; n < 100; n++) tiny.delivered(n, 1, n, 50 * n)
    tiny.fault(5_010)
    tiny.delivered(100, 1, 100, 9_010, 5_040)
    for (const client of ['c-0', 'c-1']) tiny.history.clientStarted(client, 0)
    tiny.history.clientStopped('c-0', 5_010_000)
    const history = tiny.log([[0, 101]]).end(12_000)
    expect(consumeRto(history, buildLedger(history)).ms).toBe(4_000)
  })

  it('looks at its own partition for the new leader taking office', () => {
    const tiny = failover()
    tiny.history.partitions.push({ ...tiny.history.partitions[0], index: 1 } as never)
    tiny.history.leaderships.push({
      partition: 1,
      broker: 2,
      leaderEpoch: 1,
      at: 15_000_000,
      logEnd: 0,
    })
    expect(recovery(tiny.log([[0, 900]]).end(40_000)).electMs).toBe(100)
  })

  it('of consumers stays open while acknowledged records lie undelivered', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 200, doneMs: 6_000 })
    for (let n = 0; n < 100; n++) tiny.delivered(n, 1, n, 50 * n)
    tiny.fault(5_010)
    const stuck = tiny.log([[0, 200]]).end(12_000)
    expect(consumeRto(stuck, buildLedger(stuck)).ms).toBeNull()
  })

  it('of consumers counts a time in which every send was refused, and no other silence', () => {
    const quiet = new TinyHistory()
    for (let n = 0; n < 100; n++) quiet.delivered(n, 1, n, 50 * n)
    quiet.fault(5_010)
    quiet.delivered(100, 1, 100, 9_010, 9_000)
    const figure = (tiny: TinyHistory) => {
      const history = tiny.log([[0, 101]]).end(12_000)
      return consumeRto(history, buildLedger(history)).ms
    }
    expect(figure(quiet)).toBe(0)
    quiet.produced({ first: 500, sentMs: 6_000, doneMs: 6_001, outcome: 'fail' })
    expect(figure(quiet)).toBe(4_000)
  })

  it('becomes steady when load, latency and in-sync sets are as before', () => {
    expect(
      recovery(
        failover()
          .log([[0, 900]])
          .end(40_000),
      ).steadyMs,
    ).toBe(17_000 - 5_010)
  })

  it('is never steady while a partition is under its minimum of in-sync replicas', () => {
    const tiny = failover()
    tiny.leader(2, 1, [2], 20_000)
    expect(recovery(tiny.log([[0, 900]]).end(40_000)).steadyMs).toBeNull()
  })
})

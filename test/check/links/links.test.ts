import { describe, expect, it } from 'vitest'
import { buildLedger } from '../../../src/check/ledger.ts'
import { linksOf } from '../../../src/check/links/links.ts'
import { seriesOf } from '../../../src/check/series.ts'
import { A_ORDERS, B_COPY, B_ORDERS, TinyClusters } from '../tiny-clusters.ts'

const judged = (tiny: TinyClusters, name = 'A->B', endMs = 10_000) => {
  const history = tiny.over(endMs)
  const found = linksOf(history, buildLedger(history)).find(({ link }) => link === name)
  if (found === undefined) throw new Error(`no link ${name}`)
  return found
}

/**
 * p's batches of ten, sent 10 ms before they are acknowledged at 100, 200, … and in A's log 4 ms
 * before that. The first four reach B 50 ms after their acknowledgement, the fifth never.
 */
function fiveBatches(): TinyClusters {
  const tiny = new TinyClusters()
  for (let n = 0; n < 5; n++) {
    const ackedMs = 100 * (n + 1)
    const batch = { first: 10 * n, count: 10, offset: 10 * n }
    tiny.produced({ ...batch, doneMs: ackedMs, bytes: 1_000 })
    tiny.copied(A_ORDERS, batch, ackedMs - 4)
    if (n < 4) tiny.copied(B_ORDERS, batch, ackedMs + 50)
  }
  return tiny
}

describe('a link', () => {
  it('is not looked for where there is none', () => {
    const tiny = fiveBatches()
    tiny.history.links.splice(0)
    const history = tiny.over(1_000)
    expect(linksOf(history, buildLedger(history))).toEqual([])
    expect(seriesOf(history, 100_000).series.filter(({ id }) => id.startsWith('link'))).toEqual([])
  })

  it('takes as long as the definition says: from the send, the log, or the acknowledgement', () => {
    const tiny = fiveBatches()
    tiny.read(1, B_ORDERS, { first: 0, count: 40, offset: 0 }, 460)
    tiny.read(1, B_ORDERS, { first: 0, count: 40, offset: 0 }, 900)
    const { latency } = judged(tiny)
    expect(latency.record.all).toMatchObject({ records: 40, maxMs: 60 })
    expect(latency.log.all).toMatchObject({ records: 40, maxMs: 54 })
    expect(latency.risk.all).toMatchObject({ records: 40, maxMs: 50 })
    expect(latency.delivered.all).toMatchObject({ records: 40, maxMs: 20 })
  })

  it('puts no record at risk that is in the target before its acknowledgement', () => {
    const tiny = new TinyClusters()
    tiny.copied(A_ORDERS, { first: 0, count: 5, offset: 0 }, 100)
    tiny.copied(B_ORDERS, { first: 0, count: 5, offset: 0 }, 120)
    tiny.produced({ first: 0, count: 5, doneMs: 150 })
    const { latency, lag } = judged(tiny)
    expect(latency.risk.all).toMatchObject({ records: 5, maxMs: 0 })
    expect(lag).toEqual({ recordsMax: 0, msMax: 0 })
  })

  it('is behind by what was acknowledged and has not arrived: records, bytes, window, age', () => {
    const tiny = fiveBatches()
    tiny.fault(430)
    const { atFault, atLoadEnd } = judged(tiny)
    expect(atFault).toMatchObject({
      ...{ atMs: 430, acked: 40, records: 10, bytes: 1_000 },
      ...{ windowMs: 30, ageMs: 100, splitBrainMs: 0 },
    })
    expect(atFault?.byPartition).toEqual([
      { partition: 'A:orders-0', records: 10, bytes: 1_000, windowMs: 30, ageMs: 100 },
    ])
    expect(atLoadEnd).toMatchObject({ atMs: 10_000, acked: 50, records: 10, windowMs: 9_500 })
  })

  it('counts part of a batch with its share of the bytes', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 10, doneMs: 100, bytes: 1_001 })
    tiny.copied(A_ORDERS, { first: 0, count: 10, offset: 0 }, 96)
    tiny.copied(B_ORDERS, { first: 0, count: 7, offset: 0 }, 110)
    expect(judged(tiny).atLoadEnd).toMatchObject({ records: 3, bytes: 300 })
  })

  it('was behind by so much, for so long; what the source lost is waited for no longer', () => {
    const tiny = fiveBatches()
    expect(judged(tiny).lag).toEqual({ recordsMax: 10, msMax: 9_500 })
    const cut = fiveBatches()
    cut.history.truncations.push({
      ...{ partition: A_ORDERS, broker: 1, fromOffset: 40, toOffset: 50, at: 700_000, event: -1 },
    })
    const range = { truncation: 0, baseOffset: 40, count: 10, firstRecordId: 40 }
    cut.history.truncatedRanges.push(range)
    expect(judged(cut).lag).toEqual({ recordsMax: 10, msMax: 200 })
  })

  it('copied again what stood in the target before', () => {
    const tiny = fiveBatches()
    tiny.copied(B_ORDERS, { first: 20, count: 20, offset: 40 }, 600)
    expect(judged(tiny).copied).toEqual({ records: 60, bytes: 6_000, again: 20 })
    expect(judged(tiny).latency.log.all.records).toBe(40)
  })

  it('that only brings home what it was sent has copied all of it again', () => {
    const tiny = fiveBatches()
    expect(judged(tiny, 'B->A').copied).toEqual({ records: 0, bytes: 0, again: 0 })
    tiny.copied(A_ORDERS, { first: 0, count: 25, offset: 50 }, 400)
    expect(judged(tiny, 'B->A').copied).toEqual({ records: 25, bytes: 2_500, again: 25 })
    // A producer that sends anew what is nowhere else is no link.
    tiny.copied(A_ORDERS, { first: 40, count: 10, offset: 75 }, 520)
    expect(judged(tiny, 'B->A').copied.records).toBe(25)
  })

  it('never copied a partition of which the target has nothing', () => {
    const tiny = fiveBatches()
    const index = tiny.history.partitions.length
    const place = { index, cluster: 'A', topic: 'b.audit', number: 0, replicas: [1] }
    tiny.history.partitions.push({ ...place, observers: [], minIsr: 1 })
    tiny.history.streams.push({ id: 3, producer: 'p', region: 'us', partition: index })
    tiny.produced({ first: 0, count: 7, stream: 3, doneMs: 300 })
    const { neverCopied, atLoadEnd } = judged(tiny)
    expect(neverCopied).toEqual(['A:b.audit-0'])
    expect(atLoadEnd).toMatchObject({ records: 17, acked: 57 })
  })

  it('passes over what does not stand in the target though a later record does', () => {
    const tiny = fiveBatches()
    const batch = { first: 50, count: 10, offset: 50 }
    tiny.produced({ ...batch, doneMs: 600 })
    tiny.copied(A_ORDERS, batch, 596)
    expect(judged(tiny).passedOver).toEqual({ records: 0, byPartition: [] })
    tiny.copied(B_ORDERS, { ...batch, offset: 40 }, 650)
    const byPartition = [{ partition: 'A:orders-0', records: 10 }]
    expect(judged(tiny).passedOver).toEqual({ records: 10, byPartition })
    const range = { truncation: 0, baseOffset: 40, count: 10, firstRecordId: 40 }
    tiny.history.truncations.push({
      ...{ partition: A_ORDERS, broker: 1, fromOffset: 40, toOffset: 50, at: 700_000, event: -1 },
    })
    tiny.history.truncatedRanges.push(range)
    expect(judged(tiny).passedOver.records).toBe(0)
  })

  it('is not charged with a topic that it is not set to copy', () => {
    const tiny = fiveBatches()
    const index = tiny.history.partitions.length
    const place = { index, cluster: 'A', topic: 'audit', number: 0, replicas: [1] }
    tiny.history.partitions.push({ ...place, observers: [], minIsr: 1 })
    tiny.history.streams.push({ id: 3, producer: 'p', region: 'us', partition: index })
    tiny.produced({ first: 0, count: 7, stream: 3, doneMs: 300 })
    expect(judged(tiny)).toMatchObject({ neverCopied: ['A:audit-0'], atLoadEnd: { records: 17 } })
    const [forth, back] = tiny.history.links.map((link) => {
      return { ...link, carries: (topic: string) => topic === 'orders' }
    })
    if (forth === undefined || back === undefined) throw new Error('no links')
    tiny.history.links.splice(0, 2, forth, back)
    expect(judged(tiny)).toMatchObject({
      ...{ neverCopied: [], onlyAtSource: 0, lag: { recordsMax: 10 } },
      atLoadEnd: { acked: 50, records: 10 },
    })
    tiny.promoted('A->B', [], 5_000)
    expect(judged(tiny).failovers[0]?.missing).toMatchObject({ acked: 50, records: 10 })
  })

  it('carries on what no other link brings straight: one that leaves it out does not', () => {
    const tiny = fiveBatches()
    const far = { from: 'B', to: 'C', carries: () => true }
    tiny.history.links.push({ name: 'B->C', system: 'cluster-link', ...far })
    const pushStraight = (carries: (topic: string) => boolean) => {
      const straight = { name: 'A->C', system: 'cluster-link', from: 'A', to: 'C', carries }
      tiny.history.links.push(straight)
    }
    pushStraight((topic) => topic === 'audit')
    expect(judged(tiny, 'B->C').atLoadEnd.acked).toBe(40)
    tiny.history.links.pop()
    pushStraight((topic) => topic === 'orders')
    expect(judged(tiny, 'B->C').atLoadEnd.acked).toBe(0)
  })

  it('carries on what its source has as a copy, and nothing that came from its target', () => {
    const tiny = fiveBatches()
    tiny.history.clusters.push('C')
    const ends = { from: 'B', to: 'C', carries: () => true }
    tiny.history.links.push({ name: 'B->C', system: 'cluster-link', ...ends })
    const index = tiny.history.partitions.length
    const place = { index, cluster: 'C', topic: 'orders', number: 0, replicas: [7] }
    tiny.history.partitions.push({ ...place, observers: [], minIsr: 1 })
    tiny.copied(index, { first: 0, count: 20, offset: 0 }, 400)
    // Of 40 that B has, C had 20 when the load ended; the 10 that B never got are no loss of B's.
    expect(judged(tiny, 'B->C').atLoadEnd).toMatchObject({
      acked: 40,
      records: 20,
      windowMs: 9_650,
    })
    expect(judged(tiny, 'B->A').atLoadEnd).toMatchObject({ acked: 0, records: 0 })
    expect(judged(tiny, 'B->A').copied.records).toBe(0)
  })

  it('is foretold by the last scrape, right or not: lag over the rate of the minute before', () => {
    const tiny = new TinyClusters()
    tiny.produced({ first: 0, count: 60, doneMs: 50_000 })
    tiny.produced({ first: 60, count: 60, doneMs: 59_900 })
    tiny.copied(B_ORDERS, { first: 0, count: 60, offset: 0 }, 50_100)
    tiny.copied(B_ORDERS, { first: 60, count: 60, offset: 60 }, 61_000)
    tiny.fault(70_000)
    expect(judged(tiny, 'A->B', 80_000)).toMatchObject({
      predicted: { scrapedAtMs: 60_000, records: 60, ms: 30_000 },
      atFault: { records: 0 },
    })
    const early = fiveBatches()
    early.fault(430)
    expect(judged(early).predicted).toBeNull()
  })

  it('draws what it copies a second, how far it is behind, and for how long', () => {
    const history = fiveBatches().over(700)
    const series = seriesOf(history, 100_000).series
    const values = (id: string) => series.find((one) => one.id === `link.A->B.${id}`)?.values
    expect(values('copied')).toEqual([0, 100, 100, 100, 100, 0, 0, 0])
    expect(values('lag')).toEqual([0, 10, 10, 10, 10, 10, 10, 10])
    expect(values('age')).toEqual([0, 0, 0, 0, 0, 0, 100, 200])
  })
})

describe('a failover over a link', () => {
  /** A faults at 430, still acknowledges the fifth batch at 500, and B takes over at 2 s. */
  function failover(): TinyClusters {
    const tiny = fiveBatches()
    const fault = tiny.fault(430)
    const alarm = tiny.history.event({
      ...{ at: 1_430_000, actor: 'monitor', kind: 'alarm', text: 'no heartbeat', cause: fault },
    })
    const act = tiny.history.event({
      ...{ at: 1_930_000, actor: 'operator', kind: 'operator', text: 'failover', cause: alarm },
    })
    tiny.promoted('A->B', [B_ORDERS], 2_000, act)
    return tiny
  }

  it('is behind until its target takes over, not for what the old primary takes then', () => {
    const tiny = failover()
    tiny.produced({ first: 50, count: 5, doneMs: 4_000 })
    expect(judged(tiny).lag).toEqual({ recordsMax: 10, msMax: 1_500 })
    tiny.promoted('B->A', [A_ORDERS], 5_000)
    tiny.produced({ first: 55, count: 5, doneMs: 7_000 })
    expect(judged(tiny).lag).toEqual({ recordsMax: 10, msMax: 3_000 })
  })

  it('misses what had not arrived, split brain included, and takes its time in parts', () => {
    const [found] = judged(failover()).failovers
    expect(found).toMatchObject({
      ...{ faultAtMs: 430, promotedAtMs: 2_000, backAtMs: null },
      ...{ detectMs: 1_000, decideMs: 500, executeMs: 70 },
      missing: { acked: 50, records: 10, bytes: 1_000, windowMs: 0, ageMs: 100, splitBrainMs: 70 },
      ...{ late: 0, stranded: 0, gone: 10, lostInSource: 0, lateMsMax: null },
    })
  })

  it('strands what only the old primary has, until it is the primary again', () => {
    const ends = (tiny: TinyClusters) =>
      judged(tiny.ends(A_ORDERS, [[0, 50]]).ends(B_ORDERS, [[0, 40]]))
    expect(ends(failover())).toMatchObject({ onlyAtSource: 10, onlyAtTarget: 0 })
    expect(ends(failover()).failovers[0]).toMatchObject({ late: 0, stranded: 10, gone: 0 })
    const back = failover()
    back.promoted('B->A', [A_ORDERS], 5_000)
    expect(ends(back).failovers[0]).toMatchObject({
      ...{ backAtMs: 5_000, late: 10, stranded: 0, gone: 0, lateMsMax: 3_000 },
    })
  })

  it('delivers late what a replicator ships when the source is back', () => {
    const tiny = failover()
    tiny.copied(B_COPY, { first: 40, count: 10, offset: 0 }, 8_000)
    tiny
      .ends(A_ORDERS, [[0, 50]])
      .ends(B_ORDERS, [[0, 40]])
      .ends(B_COPY, [[40, 10]])
    expect(judged(tiny).failovers[0]).toMatchObject({ late: 10, stranded: 0, lateMsMax: 6_000 })
  })

  it('tells what the old primary had more, and what its truncation took: the divergence', () => {
    const tiny = failover()
    tiny.copied(A_ORDERS, { first: 50, count: 5, offset: 50 }, 2_500)
    tiny.produced({ first: 50, count: 5, doneMs: 3_000, outcome: 'unknown' })
    tiny.history.truncations.push({
      ...{ partition: A_ORDERS, broker: 1, fromOffset: 40, toOffset: 55, at: 6_000_000, event: -1 },
    })
    const range = { truncation: 0, baseOffset: 40, count: 15, firstRecordId: 40 }
    tiny.history.truncatedRanges.push(range)
    tiny.ends(A_ORDERS, [[0, 40]]).ends(B_ORDERS, [[0, 40]])
    expect(judged(tiny).failovers[0]).toMatchObject({
      ...{ gone: 10, late: 0, stranded: 0, tail: { records: 15, cut: 15 } },
    })
  })

  it('does not blame the link for what the source itself had lost before', () => {
    const tiny = fiveBatches()
    tiny.fault(430)
    tiny.copied(A_ORDERS, { first: 60, count: 1, offset: 42, epoch: 1 }, 600)
    tiny.promoted('A->B', [B_ORDERS], 2_000)
    const [found] = judged(tiny).failovers
    expect(found).toMatchObject({ missing: { records: 10 }, lostInSource: 8 })
  })

  it('that was planned has no fault to count from', () => {
    const tiny = fiveBatches()
    tiny.copied(B_ORDERS, { first: 40, count: 10, offset: 40 }, 600)
    tiny.promoted('A->B', [B_ORDERS], 2_000)
    expect(judged(tiny).failovers[0]).toMatchObject({
      ...{ faultAtMs: null, detectMs: null, missing: { records: 0, acked: 50, windowMs: 0 } },
    })
  })
})

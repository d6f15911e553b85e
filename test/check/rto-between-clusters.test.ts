import { describe, expect, it } from 'vitest'
import { buildLedger } from '../../src/check/ledger.ts'
import { linksOf } from '../../src/check/links/links.ts'
import { consumeRto, produceRto } from '../../src/check/rto.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from './tiny-clusters.ts'

/**
 * p writes to A every 100 ms until A is lost at 1 s; the alarm comes at 1.5 s, the operator acts at
 * 2 s, B is promoted at 2.5 s and takes p's first record, sent at 1.1 s, at 3 s. q writes to B all
 * the time.
 */
function movedProducer(options: { act?: boolean; linked?: boolean } = {}): TinyClusters {
  const tiny = new TinyClusters()
  tiny.steady(100, 990, 100, 0)
  tiny.steady(100, 5_000, 100, 0, 2)
  const fault = tiny.fault(1_000)
  const event = (at: number, kind: string, cause: number) =>
    tiny.history.event({ at: at * 1_000, actor: kind, kind, text: kind, cause })
  const alarm = options.act === false ? fault : event(1_500, 'alarm', fault)
  const act = options.act === false ? fault : event(2_000, 'operator', alarm)
  if (options.linked === false) {
    tiny.history.links.splice(0)
    event(2_200, 'operator', act)
  } else tiny.promoted('A->B', [B_ORDERS], 2_500, act)
  tiny.produced({ first: 0, stream: 1, sentMs: 1_100, doneMs: 3_000 })
  tiny.steady(3_100, 5_000, 100, 1, 1)
  tiny.ends(B_ORDERS, [
    [0, 9],
    [0, 21, 1],
    [0, 50, 2],
  ])
  return tiny
}

const produce = (tiny: TinyClusters) => {
  const history = tiny.over(5_000)
  return produceRto(history, buildLedger(history))
}

describe('recovery time between clusters', () => {
  it('goes on with the producer: detect, decide, execute, and the first acknowledgement', () => {
    const rto = produce(movedProducer())
    expect(rto).toMatchObject({
      ...{ worst: 'A:orders-0', ms: 2_000, faultAtMs: 1_000, backAtMs: 3_000 },
      ...{ detectMs: 500, decideMs: 500, electMs: 500, clientMs: 500 },
    })
    expect(rto.byPartition).toHaveLength(1)
    expect(rto.byClient).toEqual([
      { client: 'p', ms: 2_000 },
      { client: 'q', ms: 0 },
    ])
  })

  it('goes on with who begins to write to the target in the place of the old producer', () => {
    const tiny = new TinyClusters().steady(100, 990, 100, 0)
    tiny.history.streams.push({ id: 3, producer: 'r', region: 'eu', partition: B_ORDERS })
    tiny.promoted('A->B', [B_ORDERS], 2_500, tiny.fault(1_000))
    tiny.produced({ first: 50, sentMs: 950, doneMs: 4_000, outcome: 'fail' })
    tiny.produced({ first: 0, stream: 3, sentMs: 2_000, doneMs: 3_000 })
    tiny.steady(3_100, 5_000, 100, 1, 3)
    tiny.ends(B_ORDERS, [[0, 21, 3]])
    const rto = produce(tiny)
    expect(rto).toMatchObject({ worst: 'A:orders-0', ms: 2_000, clientMs: 500 })
    expect(rto.byClient).toContainEqual({ client: 'p', ms: null })
  })

  it('is not ended by what another producer writes to the target', () => {
    const tiny = new TinyClusters()
    tiny.steady(100, 990, 100, 0).steady(100, 5_000, 100, 0, 2)
    tiny.fault(1_000)
    tiny.produced({ first: 50, doneMs: 4_000, outcome: 'fail' })
    expect(produce(tiny)).toMatchObject({ worst: 'A:orders-0', ms: null })
  })

  it('is not ended by the old primary, which goes on acknowledging what B never got', () => {
    const tiny = movedProducer()
    tiny.steady(1_300, 2_400, 100, 50)
    expect(produce(tiny)).toMatchObject({ ms: 2_000 })
  })

  it('without an alarm was detected by the operator; without one either, by the promotion', () => {
    const rto = produce(movedProducer({ act: false }))
    expect(rto).toMatchObject({ ms: 2_000, detectMs: 1_500, decideMs: 0, electMs: 0 })
    expect(rto.clientMs).toBe(500)
  })

  it('without a link has the parts of the runbook that moved the clients', () => {
    expect(produce(movedProducer({ linked: false }))).toMatchObject({
      ...{ ms: 2_000, detectMs: 500, decideMs: 500, electMs: 200, clientMs: 800 },
    })
  })

  it('has its parts even where nobody came back', () => {
    const tiny = new TinyClusters().steady(100, 990, 100, 0)
    const fault = tiny.fault(1_000)
    tiny.promoted('A->B', [B_ORDERS], 2_500, fault)
    tiny.produced({ first: 50, doneMs: 4_000, outcome: 'unknown' })
    expect(produce(tiny)).toMatchObject({ ms: null, detectMs: 1_500, clientMs: null })
  })

  it('is told of the link too: when clients came, and how long nobody served them', () => {
    const history = movedProducer().over(5_000)
    const [link] = linksOf(history, buildLedger(history))
    expect(link?.failovers[0]).toMatchObject({ clientMs: 500, switchMs: 2_100 })
  })

  it('for a group ends with the first record that it had nowhere been handed', () => {
    const tiny = new TinyClusters()
    tiny.produced({ first: 0, count: 30, doneMs: 100 })
    for (let n = 0; n < 9; n++) {
      tiny.read(0, A_ORDERS, { first: n, count: 1, offset: n }, 100 * (n + 1))
    }
    tiny.fault(1_000)
    tiny.read(1, B_ORDERS, { first: 4, count: 5, offset: 4 }, 3_000)
    tiny.history.delivered.push({
      ...{ consumer: 1, partition: B_ORDERS, firstRecordId: 9, count: 21, baseOffset: 9 },
      ...{ at: 3_500_000, createdFirst: 90_000, createdLast: 90_000 },
    })
    tiny.ends(B_ORDERS, [[0, 30]])
    const history = tiny.over(5_000)
    const rto = consumeRto(history, buildLedger(history))
    expect(rto).toMatchObject({ worst: 'A:orders-0', ms: 2_500, backAtMs: 3_500 })
    expect(rto.byClient).toEqual([{ client: 'billing', ms: 2_500 }])
  })

  it('for a group is open while it lacks what survives anywhere', () => {
    const reads = (count: number) => {
      const tiny = new TinyClusters().produced({ first: 0, count: 30, doneMs: 100 })
      tiny.read(0, A_ORDERS, { first: 0, count, offset: 0 }, 200)
      tiny.fault(1_000)
      const history = tiny.ends(B_ORDERS, [[0, 30]]).over(5_000)
      return consumeRto(history, buildLedger(history)).ms
    }
    expect(reads(20)).toBeNull()
    expect(reads(30)).toBe(0)
  })

  it('for one of two groups of a name counts the members of its own cluster', () => {
    const tiny = new TinyClusters()
    for (const index of [0, 1]) {
      const known = tiny.history.consumers[index]
      if (known) tiny.history.consumers[index] = { ...known, application: `region-${index}` }
    }
    tiny.produced({ first: 0, count: 30, doneMs: 100 })
    for (let n = 0; n < 9; n++) {
      tiny.read(0, A_ORDERS, { first: n, count: 1, offset: n }, 100 * (n + 1))
      tiny.read(1, B_ORDERS, { first: n, count: 1, offset: n }, 100 * (n + 1))
    }
    tiny.fault(1_000)
    tiny.history.delivered.push({
      ...{ consumer: 0, partition: A_ORDERS, firstRecordId: 9, count: 21, baseOffset: 9 },
      ...{ at: 3_500_000, createdFirst: 90_000, createdLast: 90_000 },
    })
    tiny.ends(A_ORDERS, [[0, 30]])
    const history = tiny.over(5_000)
    const { byClient } = consumeRto(history, buildLedger(history))
    expect(byClient.find(({ client }) => client === 'A:billing')?.ms).toBe(2_500)
  })
})

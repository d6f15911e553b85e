import { describe, expect, it } from 'vitest'
import { judge } from '../../../src/check/verdict.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from '../tiny-clusters.ts'

const NAMES = [
  ...['rpo.link.records', 'rpo.link.bytes', 'rpo.link.seconds', 'rpo.link.age', 'rto.link'],
  ...['replication.p99', 'replication.lag.records', 'replication.lag.seconds'],
]

const measured = (tiny: TinyClusters, limit = 1_000_000) => {
  const promises = NAMES.map((id) => ({ id, comparison: 'at-most' as const, limit }))
  const { objectives } = judge(tiny.over(5_000), promises)
  return Object.fromEntries(objectives.map((o) => [o.id, o.measured ?? o.verdict]))
}

/** Ten records acknowledged at 100 arrive at 150; ten more at 400 never do. */
function twoBatches(): TinyClusters {
  const tiny = new TinyClusters()
  for (const [n, ackedMs] of [100, 400].entries()) {
    const batch = { first: 10 * n, count: 10, offset: 10 * n }
    tiny.produced({ ...batch, doneMs: ackedMs, bytes: 1_000 })
    tiny.copied(A_ORDERS, batch, ackedMs - 4)
  }
  return tiny.copied(B_ORDERS, { first: 0, count: 10, offset: 0 }, 150)
}

describe('what may be promised of links', () => {
  it('is counted at the first fault where no target is promoted', () => {
    const tiny = twoBatches()
    tiny.fault(500)
    tiny.copied(B_ORDERS, { first: 10, count: 10, offset: 10 }, 700)
    expect(measured(tiny)).toEqual({
      ...{ 'rpo.link.records': 10, 'rpo.link.bytes': 1_000 },
      ...{ 'rpo.link.seconds': 100, 'rpo.link.age': 300, 'rto.link': 'unknown' },
      // Handed over at 390 and there at 700.
      'replication.p99': 310,
      ...{ 'replication.lag.records': 10, 'replication.lag.seconds': 300 },
    })
  })

  it('is counted when the load ended where nothing struck', () => {
    expect(measured(twoBatches())).toMatchObject({
      ...{ 'rpo.link.records': 10, 'rpo.link.seconds': 4_600, 'rpo.link.age': 300 },
    })
  })

  it('is counted at the promotion, and the time to the first client there', () => {
    const tiny = twoBatches()
    const fault = tiny.fault(300)
    tiny.promoted('A->B', [B_ORDERS], 2_000, fault)
    tiny.copied(B_ORDERS, { first: 0, count: 5, offset: 10, stream: 1 }, 2_990)
    tiny.produced({ first: 0, count: 5, stream: 1, doneMs: 3_000 })
    expect(measured(tiny)).toMatchObject({
      ...{ 'rpo.link.records': 10, 'rpo.link.seconds': 0, 'rpo.link.age': 300, 'rto.link': 2_700 },
    })
  })

  it('is kept on a day on which nothing failed', () => {
    expect(measured(twoBatches())['rto.link']).toBe(0)
    const tiny = twoBatches()
    tiny.fault(500)
    expect(measured(tiny)['rto.link']).toBe('unknown')
  })

  it('is missed where nobody was served by a promoted target, and unknown without a link', () => {
    const tiny = twoBatches()
    tiny.promoted('A->B', [B_ORDERS], 2_000, tiny.fault(300))
    expect(measured(tiny, 4_000)['rto.link']).toBe('missed')
    const none = new TinyClusters()
    none.history.links.splice(0)
    expect(new Set(Object.values(measured(none)))).toEqual(new Set(['unknown']))
  })

  it('says which link it was, and when', () => {
    const tiny = twoBatches()
    tiny.fault(500)
    const [first] = judge(tiny.over(5_000), [
      { id: 'rpo.link.records', comparison: 'at-most', limit: 9 },
    ]).objectives
    expect(first).toMatchObject({ verdict: 'missed', unit: 'records' })
    expect(first?.evidence).toBe(
      'A->B when the first fault struck: 10 of 20 records were not there',
    )
  })
})

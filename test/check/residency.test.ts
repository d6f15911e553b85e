import { describe, expect, it } from 'vitest'
import { residencyOf } from '../../src/check/residency.ts'
import { A_ORDERS, B_COPY, TinyClusters } from './tiny-clusters.ts'

/** Ten records written to A, which is in eu; B is in us. */
function written(regions: readonly string[] | null) {
  const tiny = new TinyClusters('mirror-maker2')
  const { history } = tiny
  const roles = ['broker'] as const
  for (const id of [1, 2, 3])
    history.brokers.push({ id, cluster: 'A', region: 'eu', zone: 'a', roles })
  for (const id of [4, 5, 6])
    history.brokers.push({ id, cluster: 'B', region: 'us', zone: 'a', roles })
  if (regions !== null) history.residency.push({ cluster: 'A', topic: 'orders', regions })
  tiny.produced({ first: 0, count: 10, doneMs: 100 })
  tiny.copied(A_ORDERS, { first: 0, count: 10, offset: 0 }, 90)
  return tiny
}

const judged = (tiny: TinyClusters) => residencyOf(tiny.history)

describe('records that must stay', () => {
  it('are where they may be while no other region has them', () => {
    expect(judged(written(['eu']))).toEqual({ rules: 1, records: 0, breaches: [] })
  })

  it('are not asked about where no topic names its regions', () => {
    const tiny = written(null)
    tiny.copied(B_COPY, { first: 0, count: 10, offset: 0 }, 200)
    expect(judged(tiny)).toEqual({ rules: 0, records: 0, breaches: [] })
  })

  it('are elsewhere as copies under another name, each of them once', () => {
    const tiny = written(['eu'])
    tiny.copied(B_COPY, { first: 2, count: 4, offset: 0 }, 200)
    tiny.copied(B_COPY, { first: 4, count: 4, offset: 4 }, 300)
    expect(judged(tiny)).toEqual({
      ...{ rules: 1, records: 6 },
      breaches: [
        {
          ...{ topic: 'A:orders', region: 'us', place: 'B:A.orders-0 on broker 4' },
          ...{ records: 6, firstMs: 200 },
        },
      ],
    })
  })

  it('may be copied to a region that is named', () => {
    const tiny = written(['eu', 'us'])
    tiny.copied(B_COPY, { first: 0, count: 10, offset: 0 }, 200)
    expect(judged(tiny).records).toBe(0)
  })

  it('may not stay where they were written, if that region is not named', () => {
    expect(judged(written(['us'])).breaches).toMatchObject([
      { region: 'eu', place: 'A:orders-0 on broker 1', records: 10, firstMs: 90 },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import type { IdRange } from '../../../src/kafka/id-ranges.ts'
import {
  type Transformation,
  TransformationChain,
} from '../../../src/mirror/connect/transformations.ts'
import type { PolledRecords } from '../../../src/mirror/connect/worker-source-task.ts'

function polled(first: number, count: number): PolledRecords {
  const ids = [{ firstRecordId: first, count, createdFirst: 0, createdLast: count - 1 }]
  const records = { payloadBytes: 100, compressionRatio: 1, ids, values: undefined }
  return { partition: 3, from: 50, count, target: { topic: 'us.orders', partition: 1 }, records }
}

function chain(...transforms: Transformation[]) {
  const dropped: IdRange[] = []
  return { dropped, chain: new TransformationChain(transforms, (ids) => dropped.push(...ids)) }
}

const total = (parts: readonly { readonly count: number }[]) =>
  parts.reduce((sum, { count }) => sum + count, 0)

describe('a chain of transforms', () => {
  it('drops a share, always the same records, and keeps the offsets of the others', () => {
    const one = chain({ kind: 'filter', drops: 0.3 })
    const parts = one.chain.apply(polled(1_000, 10_000))
    expect(total(parts) / 10_000).toBeCloseTo(0.7, 1)
    expect(total(parts) + total(one.dropped)).toBe(10_000)
    for (const { from, count, records } of parts) {
      expect(records.ids).toEqual([expect.objectContaining({ firstRecordId: from + 950, count })])
    }
    const other = chain({ kind: 'filter', drops: 0.3 })
    other.chain.apply(polled(1_000, 5_000))
    const before = one.dropped.filter(({ firstRecordId }) => firstRecordId < 6_000)
    expect(other.dropped).toEqual(before)
  })

  it('drops nothing at 0 and everything at 1', () => {
    expect(chain({ kind: 'filter', drops: 0 }).chain.apply(polled(0, 100))).toEqual([
      polled(0, 100),
    ])
    expect(chain({ kind: 'filter', drops: 1 }).chain.apply(polled(0, 100))).toEqual([])
  })

  it('routes topics that match as a whole, each transform after the other', () => {
    const to = (regex: string, replacement: string): Transformation => {
      return { kind: 'route', regex: new RegExp(`^(?:${regex})$`), replacement }
    }
    const routed = (...transforms: Transformation[]) =>
      chain(...transforms)
        .chain.apply(polled(0, 5))
        .map(({ target }) => target.topic)
    expect(routed(to('us[.](.*)', '$1-of-us'))).toEqual(['orders-of-us'])
    expect(routed(to('us', 'x'))).toEqual(['us.orders'])
    expect(routed(to('us[.](.*)', '$1'), to('orders', 'paid'))).toEqual(['paid'])
  })

  it('takes the time of all code that is in it', () => {
    const { perRecord } = chain(
      { kind: 'work', perRecord: 500 },
      { kind: 'filter', drops: 0.5 },
      { kind: 'work', perRecord: 250 },
    ).chain
    expect(perRecord).toBe(750)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderOf } from '../../src/check/ordering.ts'
import { TinyHistory } from './tiny-history.ts'

describe('order', () => {
  it('finds nine inversions where a batch of three overtook a batch of three', () => {
    const history = new TinyHistory()
      .log([
        [3, 3],
        [0, 3],
      ])
      .end(1_000)
    expect(orderOf(history)).toEqual({ reordered: 3, unprecedented: 3, inversions: 9 })
  })

  it('takes a later copy for a duplicate, not for disorder', () => {
    const history = new TinyHistory()
      .log([
        [0, 3],
        [3, 3],
        [0, 3],
      ])
      .end(1_000)
    expect(orderOf(history)).toEqual({ reordered: 0, unprecedented: 0, inversions: 0 })
  })

  it('lets offsets skip what was lost', () => {
    const history = new TinyHistory()
      .log([
        [0, 3],
        [9, 3],
      ])
      .end(1_000)
    expect(orderOf(history)).toEqual({ reordered: 0, unprecedented: 0, inversions: 0 })
  })

  it('tells what came after the first batch that a log got from what came before it', () => {
    const history = new TinyHistory()
      .log([
        [3, 3],
        [9, 3],
        [0, 3],
        [6, 3],
      ])
      .end(1_000)
    expect(orderOf(history)).toMatchObject({ reordered: 6, unprecedented: 3 })
  })

  it('agrees with counting every pair of first copies', () => {
    const ranges = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 6 })), { maxLength: 8 })
    fc.assert(
      fc.property(ranges, (list) => {
        const ids: number[] = []
        for (const [first, count] of list) {
          for (let n = first; n < first + count; n++) if (!ids.includes(n)) ids.push(n)
        }
        let inversions = 0
        let reordered = 0
        let unprecedented = 0
        for (const [i, a] of ids.entries()) {
          const later = ids.slice(0, i).filter((b) => b > a).length
          inversions += later
          if (later > 0) reordered += 1
          if (a < (ids[0] ?? 0)) unprecedented += 1
        }
        const history = new TinyHistory().log(list).end(1_000)
        expect(orderOf(history)).toEqual({ reordered, unprecedented, inversions })
      }),
    )
  })
})

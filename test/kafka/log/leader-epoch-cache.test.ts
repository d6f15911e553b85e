import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LeaderEpochCache } from '../../../src/kafka/log/leader-epoch-cache.ts'

function cacheOf(...entries: [number, number][]): LeaderEpochCache {
  const cache = new LeaderEpochCache()
  for (const [epoch, startOffset] of entries) cache.assign(epoch, startOffset)
  return cache
}

describe('LeaderEpochCache', () => {
  it('answers the latest epoch with the end of the log', () => {
    expect(cacheOf([1, 10], [4, 30]).endOffsetFor(4, 40)).toEqual({ epoch: 4, endOffset: 40 })
  })

  it('answers an epoch in a gap with the one below it', () => {
    expect(cacheOf([1, 10], [4, 30]).endOffsetFor(3, 40)).toEqual({ epoch: 1, endOffset: 30 })
  })

  it('does not know an epoch above its latest', () => {
    expect(cacheOf([1, 10]).endOffsetFor(2, 40)).toEqual({ epoch: -1, endOffset: -1 })
  })

  it('drops what stands in the way of an epoch that begins earlier', () => {
    const cache = cacheOf([1, 10], [2, 20], [3, 30])
    cache.assign(4, 20)
    expect(cache.entries()).toEqual([
      [1, 10],
      [4, 20],
    ])
  })

  it('forgets an empty epoch when it is truncated to its very start', () => {
    const cache = cacheOf([1, 10], [2, 20])
    cache.truncateFromEnd(20)
    expect(cache.latestEpoch()).toBe(1)
  })

  it('drops nothing where it is truncated to an offset below zero', () => {
    const cache = cacheOf([1, 0], [2, 20])
    cache.truncateFromEnd(-2)
    expect(cache.size).toBe(2)
  })

  it('keeps the epoch in force when the log start moves into it', () => {
    const cache = cacheOf([1, 10], [2, 20])
    cache.truncateFromStart(25)
    expect(cache.entries()).toEqual([[2, 25]])
  })

  it('is not changed by its latest epoch again, there or later', () => {
    const cache = cacheOf([1, 10], [2, 20])
    expect([cache.assign(2, 20), cache.assign(2, 25), cache.assign(2, 15)]).toEqual([
      false,
      false,
      true,
    ])
    expect(cache.entries()).toEqual([
      [1, 10],
      [2, 15],
    ])
    expect(cacheOf([2, 20]).assign(2, 20)).toBe(false)
  })

  it('knows which epoch is in force at an offset, and none before the first', () => {
    const cache = cacheOf([1, 10], [2, 20])
    expect([9, 10, 19, 20, 99].map((offset) => cache.epochForOffset(offset))).toEqual([
      undefined,
      1,
      1,
      2,
      2,
    ])
  })

  it('finds the next epoch also from below all, and answers that with the first start', () => {
    const cache = cacheOf([2, 10], [4, 20])
    expect([0, 2, 3, 4].map((epoch) => cache.nextEpoch(epoch))).toEqual([2, 4, 4, undefined])
    expect(cache.endOffsetFor(1, 40)).toEqual({ epoch: 1, endOffset: 10 })
  })

  it('is cut nowhere by a truncation without an offset', () => {
    const cache = cacheOf([1, 0])
    cache.truncateFromEnd(-1)
    expect(cache.size).toBe(1)
  })

  it('refuses an entry without an epoch', () => {
    expect(() => new LeaderEpochCache().assign(-1, 0)).toThrow('an epoch entry')
  })

  it('comes back from its own entries', () => {
    const cache = cacheOf([1, 10], [2, 20])
    const copy = new LeaderEpochCache()
    copy.assign(9, 9)
    copy.restore(cache.entries())
    expect(copy.entries()).toEqual(cache.entries())
  })

  it('has strictly ascending epochs and offsets whatever is done to it', () => {
    const number = fc.nat(30)
    const operation = fc.oneof(
      fc.tuple(fc.constant('assign' as const), number, number),
      fc.tuple(fc.constant('end' as const), number, number),
      fc.tuple(fc.constant('start' as const), number, number),
    )
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const cache = new LeaderEpochCache()
        for (const [kind, a, b] of operations) {
          if (kind === 'assign') cache.assign(a, b)
          else if (kind === 'end') cache.truncateFromEnd(a)
          else cache.truncateFromStart(a)
        }
        const entries = cache.entries()
        for (const [i, [epoch, start]] of entries.entries()) {
          const [nextEpoch, nextStart] = entries[i + 1] ?? [epoch + 1, start + 1]
          expect(nextEpoch).toBeGreaterThan(epoch)
          expect(nextStart).toBeGreaterThan(start)
        }
      }),
    )
  })
})

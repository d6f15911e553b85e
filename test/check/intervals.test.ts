import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Intervals, RangeBag } from '../../src/check/intervals.ts'

const ranges = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 0, max: 12 })), { maxLength: 12 })

type Ranges = readonly (readonly [number, number])[]

function bagOf(list: Ranges): RangeBag {
  const bag = new RangeBag()
  for (const [start, count] of list) bag.add(start, count)
  return bag
}

/** Every number with how often it is covered: what the arithmetic must agree with. */
function naive(list: Ranges): Map<number, number> {
  const times = new Map<number, number>()
  for (const [start, count] of list) {
    for (let id = start; id < start + count; id++) times.set(id, (times.get(id) ?? 0) + 1)
  }
  return times
}

function numbers(set: Intervals): number[] {
  return set.starts.flatMap((start, i) =>
    Array.from({ length: set.endAt(i) - start }, (_, n) => start + n),
  )
}

const sorted = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b)

describe('intervals agree with sets of single numbers', () => {
  it('on what is covered, what is repeated and how many copies there are', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const times = naive(list)
        const twice = [...times].filter(([, n]) => n > 1).map(([id]) => id)
        const bag = bagOf(list)
        expect(numbers(bag.covered())).toEqual(sorted(times.keys()))
        expect(numbers(bag.repeated())).toEqual(sorted(twice))
        expect(bag.surplus()).toBe([...times.values()].reduce((sum, n) => sum + n - 1, 0))
      }),
    )
  })

  it('on and, or, minus, has and counts within a range', () => {
    fc.assert(
      fc.property(ranges, ranges, fc.nat(60), fc.nat(20), (left, right, start, count) => {
        const a = bagOf(left).covered()
        const b = bagOf(right).covered()
        const inA = new Set(naive(left).keys())
        const inB = new Set(naive(right).keys())
        expect(numbers(a.and(b))).toEqual(sorted([...inA].filter((n) => inB.has(n))))
        expect(numbers(a.or(b))).toEqual(sorted(new Set([...inA, ...inB])))
        expect(numbers(a.minus(b))).toEqual(sorted([...inA].filter((n) => !inB.has(n))))
        expect(a.has(start)).toBe(inA.has(start))
        const within = [...inA].filter((n) => n >= start && n < start + count)
        expect(a.countIn(start, count)).toBe(within.length)
        expect(numbers(a.within(start, count))).toEqual(sorted(within))
        expect(a.size).toBe(inA.size)
      }),
    )
  })

  it('and stay disjoint, ascending and never touching', () => {
    fc.assert(
      fc.property(ranges, ranges, (left, right) => {
        const union = bagOf(left).covered().or(bagOf(right).covered())
        for (let i = 1; i < union.starts.length; i++) {
          expect(union.startAt(i)).toBeGreaterThan(union.endAt(i - 1))
        }
      }),
    )
  })

  it('hold nothing when empty', () => {
    expect(Intervals.EMPTY.size).toBe(0)
    expect(Intervals.EMPTY.has(0)).toBe(false)
    expect(new RangeBag().surplus()).toBe(0)
  })
})

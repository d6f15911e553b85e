import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../src/lab/compare/measures.ts'
import { comparedPairs, type Figures, isDecided } from '../../../src/lab/compare/pairs.ts'
import { comparisonOf, times } from './fixture.ts'

const known = (value: number): Figure => ({ kind: 'known', value })

function pairOf(measures: Record<string, readonly [readonly Figure[], readonly Figure[]]>) {
  const figures = Object.entries(measures).map(
    ([id, byDesign]): Figures => ({ id, better: 'lower', counts: true, byDesign }),
  )
  const [pair] = comparedPairs(2, figures)
  if (pair === undefined) throw new Error('two designs make a pair')
  return pair
}

const always = (value: number, count = 20) => Array.from({ length: count }, () => known(value))

/** Chance of at least so lopsided a split of fair coins, both sides, by counting. */
function chanceOf(better: number, other: number): number {
  const n = better + other
  let ways = 1
  let tail = 0
  for (let k = 0; k <= other; k++) {
    tail += ways
    ways = (ways * (n - k)) / (k + 1)
  }
  return (2 * tail) / 2 ** n
}

describe('the sign test', () => {
  it('decides as exact counting does, for every split of up to 100 seeds', () => {
    const wrong: string[] = []
    for (let better = 0; better <= 100; better++) {
      for (let other = 0; other < better && better + other <= 100; other++) {
        const exact = chanceOf(better, other) <= 0.05
        if (isDecided(better, other) !== exact) wrong.push(`${better} to ${other}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('goes on alike where counting ends, so that no lead is lost by one more seed', () => {
    const leadAt = (seeds: number) => {
      let better = Math.ceil(seeds / 2)
      while (!isDecided(better, seeds - better)) better++
      return better
    }
    expect([998, 1_000, 1_002, 1_004].map(leadAt)).toEqual([531, 532, 533, 534])
  })

  it('never decides on fewer than six seeds', () => {
    expect([1, 2, 3, 4, 5, 6].map((seeds) => isDecided(seeds, 0))).toEqual([
      ...[false, false, false, false, false],
      true,
    ])
  })
})

describe('a pair of designs', () => {
  it('is dominated where one is better in something and the same in all else', () => {
    const pair = pairOf({ x: [always(1), always(2)], y: [always(5), always(5)] })
    expect(pair).toMatchObject({ relation: 'dominates', winner: 0 })
    expect(pair.measures[0]).toMatchObject({ outcome: 'a', aBetter: 20, difference: 1 })
    expect(pairOf({ x: [always(2), always(1)] })).toMatchObject({ winner: 1 })
  })

  it('is a trade-off where each is better in something', () => {
    const pair = pairOf({ x: [always(1), always(2)], y: [always(2), always(1)] })
    expect(pair).toMatchObject({ relation: 'trade-off', winner: null })
  })

  it('is not dominated by a design that is the only one to lose records, be it in one seed', () => {
    const losing = [known(500), ...always(0, 19)]
    const pair = pairOf({ 'rpo.records': [losing, always(0)], rto: [always(1), always(2)] })
    expect(pair).toMatchObject({ relation: 'ahead', winner: 0 })
    expect(pair.measures[0]).toMatchObject({ outcome: 'open', bBetter: 1, equal: 19 })
  })

  it('is the same only where every seed says so, and open where the seeds disagree', () => {
    expect(pairOf({ x: [always(1), always(1)] }).relation).toBe('same')
    const mixed = always(1).map((figure, i) => (i % 2 === 0 ? figure : known(3)))
    expect(pairOf({ x: [mixed, always(2)] }).relation).toBe('open')
    expect(pairOf({ x: [always(1, 5), always(2, 5)] }).relation).toBe('open')
  })

  it('takes an open figure as worse only than what it has passed', () => {
    const open = Array.from({ length: 20 }, (): Figure => ({ kind: 'open', atLeast: 10 }))
    expect(pairOf({ x: [open, always(8)] }).measures[0]).toMatchObject({
      outcome: 'b',
      bBetter: 20,
    })
    expect(pairOf({ x: [open, always(12)] }).measures[0]).toMatchObject({
      ...{ outcome: 'open', undecided: 20, difference: null },
    })
    expect(pairOf({ x: [open, open] }).relation).toBe('open')
  })

  it('is not told better for what the other one cannot have', () => {
    const none = Array.from({ length: 20 }, (): Figure => ({ kind: 'none', why: 'no consumer' }))
    expect(pairOf({ x: [none, always(8)], y: [always(1), always(2)] }).relation).toBe('ahead')
    expect(pairOf({ x: [none, none], y: [always(1), always(2)] }).relation).toBe('dominates')
  })

  it('is decided by what has an objective and by the price, not by every figure', () => {
    const { pairs } = comparisonOf({
      a: times(20, () => ({ produceMs: 1_000, usd: 90 })),
      b: times(20, () => ({ produceMs: 2_000, usd: 80 })),
    })
    expect(pairs).toMatchObject([{ relation: 'trade-off' }])
  })

  it('is formed of each design and each later one', () => {
    const { pairs } = comparisonOf({ a: [{}], b: [{}], c: [{}] })
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ])
  })
})

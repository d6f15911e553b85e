import { describe, expect, it } from 'vitest'
import { type Bound, judgeBound, type Observed, passes } from './timing/bound.ts'
import { BOUNDS } from './timing/bounds.ts'
import { judgeAll } from './timing/play.ts'
import { SCENES } from './timing/scenes.ts'

/** Enough to find a time that lies outside; `npm run timing` takes 1,000 and looks at the ends. */
const SEEDS = 12

describe('failover times that Kafka’s timers bound', () => {
  const observed: Observed[] = []
  it.each(Object.keys(SCENES))('lie inside in the scene %s', (name) => {
    const seen = Array.from({ length: SEEDS }, (_, i) => SCENES[name](1 + i))
    observed.push(...seen)
    const ids = new Set(seen.flatMap((one) => Object.keys(one)))
    const outside = judgeAll(seen).filter(
      ({ bound, isContained }) => ids.has(bound.id) && !isContained,
    )
    expect(ids.size).toBeGreaterThan(0)
    expect(outside).toEqual([])
  })

  it('are all seen', () => {
    const seen = new Set(observed.flatMap((one) => Object.keys(one)))
    expect(BOUNDS.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([])
  })
})

describe('a bound', () => {
  const bound: Bound = {
    id: 'x',
    what: 'x',
    source: 'x',
    from: 100,
    to: 200,
    unfilledBecause: null,
  }
  const spread = Array.from({ length: 101 }, (_, i) => 100 + i)

  it('is met by times that fill it', () => {
    expect(passes(judgeBound(bound, spread))).toBe(true)
  })

  it('is not met by one constant delay, nor by a single time outside', () => {
    expect(passes(judgeBound(bound, [150, 150, 150]))).toBe(false)
    expect(passes(judgeBound(bound, [...spread, 201]))).toBe(false)
    expect(passes(judgeBound({ ...bound, unfilledBecause: 'a step' }, [150, 99]))).toBe(false)
  })

  it('that was never seen is not met', () => {
    expect(passes(judgeBound(bound, []))).toBe(false)
  })
})

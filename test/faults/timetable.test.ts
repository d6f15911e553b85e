import { describe, expect, it } from 'vitest'
import { expandTimetable } from '../../src/faults/timetable.ts'
import { RandomSource } from '../../src/sim/random.ts'
import { seconds } from '../../src/sim/time.ts'
import { strike } from './toy-world.ts'

const pause = strike(0, 'pause', { target: 'broker-1' }).fault
const crash = strike(0, 'crash', { target: 'one of brokers' }).fault
const random = (seed: string) => new RandomSource(seed).fork('timetable')

describe('a timetable', () => {
  it('repeats at equal distances and numbers the strikes', () => {
    const event = { ...strike(5, 'pause', { target: 'broker-1' }, 1), every: seconds(10), times: 3 }
    const strikes = expandTimetable([event], null, random('a'))
    expect(strikes.map(({ id, at }) => [id, at / 1_000_000])).toEqual([
      ['fault-1.1', 5],
      ['fault-1.2', 15],
      ['fault-1.3', 25],
    ])
  })

  it('draws a moment from its range, the same for the same seed', () => {
    const event = {
      ...strike(0, 'pause', { target: 'broker-1' }),
      at: [seconds(5), seconds(9)] as const,
    }
    const at = (seed: string) => expandTimetable([event], null, random(seed))[0]?.at
    expect(at('a')).toBe(at('a'))
    const drawn = new Set(Array.from({ length: 20 }, (_, i) => at(`seed-${i}`)))
    expect(drawn.size).toBeGreaterThan(10)
    for (const one of drawn) {
      expect(one).toBeGreaterThanOrEqual(seconds(5))
      expect(one).toBeLessThanOrEqual(seconds(9))
    }
  })

  it('scatters random faults over their span and draws from their list', () => {
    const between = [seconds(10), seconds(40)] as const
    const lasts = [seconds(2), seconds(3)] as const
    const faults = { count: 40, between, for: lasts, faults: [pause, crash] }
    const strikes = expandTimetable([], faults, random('a'))
    expect(strikes).toHaveLength(40)
    expect(new Set(strikes.map(({ fault }) => fault.kind))).toEqual(new Set(['pause', 'crash']))
    expect(strikes.map(({ at }) => at)).toEqual(
      [...strikes.map(({ at }) => at)].sort((a, b) => a - b),
    )
    for (const { at } of strikes) expect(at >= between[0] && at <= between[1]).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { InvariantViolation, invariant, Probes, unreachable } from '../../src/sim/invariant.ts'
import { millis, seconds } from '../../src/sim/time.ts'

describe('an invariant', () => {
  it('passes what holds, and stops with the sentence and the facts what does not', () => {
    invariant(true, 'never seen')
    const broken = () => invariant(false, 'HW never exceeds LEO', { hw: 7, leo: 5 })
    expect(broken).toThrow(InvariantViolation)
    expect(broken).toThrow('HW never exceeds LEO (hw: 7, leo: 5)')
    expect(() => unreachable('x' as never)).toThrow(/closed union/)
  })
})

describe('probes', () => {
  it('count how often a rare branch was reached, in the order of the first time', () => {
    const probes = new Probes()
    for (const name of ['truncate', 'unclean', 'truncate']) probes.hit(name)
    expect([probes.count('truncate'), probes.count('never')]).toEqual([2, 0])
    expect(probes.names()).toEqual(['truncate', 'unclean'])
  })
})

describe('time', () => {
  it('is whole microseconds', () => {
    expect([millis(0.0004), millis(1.0006), seconds(1.5)]).toEqual([0, 1_001, 1_500_000])
  })
})

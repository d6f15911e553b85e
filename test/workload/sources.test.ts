import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NEVER, SECOND } from '../../src/sim/time.ts'
import { ClosedLoopSource } from '../../src/workload/closed-loop.ts'
import { keyShares, lanesOf } from '../../src/workload/load.ts'
import { OpenLoopSource, ramp } from '../../src/workload/open-loop.ts'

describe('open loop', () => {
  it('has as many records available as have arrived, for any rates, offset and moment', () => {
    const phase = fc.record({
      gap: fc.integer({ min: 0, max: 5_000_000 }),
      length: fc.integer({ min: 1, max: 5_000_000 }),
      recordsPerSecond: fc.double({ min: 0.1, max: 50_000, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(phase, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 4_000_000 }), { maxLength: 12 }),
        (parts, offset, steps) => {
          let from = 0
          const phases = parts.map(({ gap, length, recordsPerSecond }) => {
            const start = from + gap
            from = start + length
            return { from: start, until: from, recordsPerSecond }
          })
          const source = new OpenLoopSource(10, phases, offset)
          let now = 0
          for (const step of steps) {
            now += step
            const count = source.available(now)
            if (count > 0) expect(source.arrivalOf(count - 1)).toBeLessThanOrEqual(now)
            expect(source.arrivalOf(count)).toBeGreaterThan(now)
            source.take(Math.ceil(count / 2))
            expect(source.available(now)).toBe(Math.floor(count / 2))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('sends rate times duration records in each phase', () => {
    const source = new OpenLoopSource(
      10,
      [
        { from: SECOND, until: 3 * SECOND, recordsPerSecond: 500 },
        { from: 5 * SECOND, until: 6 * SECOND, recordsPerSecond: 30 },
      ],
      0.5,
    )
    expect(source.available(SECOND - 1)).toBe(0)
    expect(source.available(4 * SECOND)).toBe(1_000)
    expect(source.available(100 * SECOND)).toBe(1_030)
    source.take(1_030)
    expect(source.arrivalOf(0)).toBe(NEVER)
  })

  it('climbs a ramp through its mean', () => {
    const source = new OpenLoopSource(10, ramp(0, 10 * SECOND, 0, 200, 10), 0)
    expect(source.available(10 * SECOND)).toBeGreaterThan(990)
    expect(source.available(10 * SECOND)).toBeLessThan(1_010)
    expect(source.available(5 * SECOND)).toBeLessThan(300)
  })
})

describe('closed loop', () => {
  it('sends the next record a think time after the last was answered', () => {
    const source = new ClosedLoopSource(10, SECOND, 10 * SECOND, 1, 5_000)
    expect(source.available(SECOND)).toBe(1)
    source.take(1)
    expect(source.arrivalOf(0)).toBe(NEVER)
    source.done(1, 2 * SECOND)
    expect(source.arrivalOf(0)).toBe(2 * SECOND + 5_000)
    expect(source.available(2 * SECOND)).toBe(0)
    expect(source.available(3 * SECOND)).toBe(1)
  })

  it('ends with its time and with its number of records', () => {
    const source = new ClosedLoopSource(10, 0, 10 * SECOND, 4, 0, 6)
    expect(source.available(0)).toBe(4)
    source.take(4)
    source.done(4, SECOND)
    expect(source.available(SECOND)).toBe(2)
    source.take(2)
    source.done(2, 11 * SECOND)
    expect(source.available(12 * SECOND)).toBe(0)
  })
})

describe('load', () => {
  const pace = {
    kind: 'open' as const,
    phases: [{ from: 0, until: SECOND, recordsPerSecond: 1_000 }],
  }
  const base = { topic: 't', partitions: [4, 5, 6], payloadBytes: 100, pace }
  const random = { float: () => 0 }

  it('shares a keyed rate among partitions as the hash shares the keys', () => {
    const shares = keyShares(100, 3)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    const lanes = lanesOf({ ...base, spread: { kind: 'keyed', keys: 100 } }, random)
    const counts = lanes.map((lane) => lane.source.available(SECOND))
    expect(counts.map((count) => count / 1_000)).toEqual(shares.map((s) => expect.closeTo(s, 2)))
    expect(lanes.map((lane) => lane.target)).toEqual(
      [4, 5, 6].map((partition) => ({ kind: 'partition', partition })),
    )
  })

  it('sends one key to one partition', () => {
    const lanes = lanesOf({ ...base, spread: { kind: 'keyed', keys: 1 } }, random)
    expect(lanes).toHaveLength(1)
  })

  it('leaves records without keys to the producer’s partitioner', () => {
    const [lane] = lanesOf({ ...base, spread: { kind: 'sticky' } }, random)
    expect(lane?.target).toEqual({ kind: 'sticky', topic: 't', partitions: [4, 5, 6] })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/check/histogram.ts'

const range = fc.tuple(fc.nat(3_000_000), fc.nat(500_000), fc.integer({ min: 1, max: 200 }))

describe('the latency histogram', () => {
  it('is exact below 32 micros', () => {
    const histogram = new Histogram()
    histogram.addRange(0, 31, 32)
    expect(histogram.buckets()).toEqual(Array.from({ length: 32 }, (_, i) => [i, 1]))
    expect(histogram.quantile(0.5)).toBe(15)
  })

  it('takes values below all that came before', () => {
    const histogram = new Histogram()
    for (const value of [900, 40, 7]) histogram.addRange(value, value, 1)
    expect(histogram.buckets().map(([, count]) => count)).toEqual([1, 1, 1])
    expect(histogram.quantile(0.3)).toBe(7)
    expect(histogram.quantile(1)).toBe(900)
  })

  it('has no quantile when empty', () => {
    expect(new Histogram().quantile(0.5)).toBeNull()
  })

  it('counts a range as if each record had been added alone', () => {
    fc.assert(
      fc.property(range, ([low, width, count]) => {
        const byRange = new Histogram()
        byRange.addRange(low, low + width, count)
        const oneByOne = new Histogram()
        for (let i = 0; i < count; i++) {
          const value = count === 1 ? low : low + (width * i) / (count - 1)
          oneByOne.addRange(value, value, 1)
        }
        if (count > 1) expect(byRange.buckets()).toEqual(oneByOne.buckets())
        expect(byRange.count).toBe(count)
      }),
    )
  })

  it('is never below the true quantile and at most 1/32 above it', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (list) => {
        const histogram = new Histogram()
        const values: number[] = []
        for (const [value] of list) {
          histogram.addRange(value, value, 1)
          values.push(value)
        }
        values.sort((a, b) => a - b)
        for (const share of [0.5, 0.95, 0.99]) {
          const exact = values[Math.ceil(values.length * share) - 1] ?? 0
          const found = histogram.quantile(share) ?? -1
          expect(found).toBeGreaterThanOrEqual(exact)
          expect(found).toBeLessThanOrEqual(exact + exact / 32)
        }
      }),
    )
  })

  it('takes no longer for a million records of a range than for ten', () => {
    const histogram = new Histogram()
    histogram.addRange(1_000, 60_000_000, 1_000_000_000)
    expect(histogram.count).toBe(1_000_000_000)
    expect(histogram.buckets().length).toBeLessThan(600)
  })
})

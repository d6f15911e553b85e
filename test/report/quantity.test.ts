import { expect, it } from 'vitest'
import { clock, count, duration, percent, promise, size } from '../../src/report/quantity.ts'

it('counts are grouped by thousands', () => {
  expect([0, 999, 1_000, 214_881, 1_234_567].map(count)).toEqual([
    ...['0', '999', '1,000', '214,881', '1,234,567'],
  ])
})

it('durations have the digits that matter, and a dash where nothing was decided', () => {
  expect([0, 0.25, 1.84, 31.4, 999, 14_704, 125_000, null].map(duration)).toEqual([
    ...['0 ms', '0.25 ms', '1.8 ms', '31 ms', '999 ms', '14.704 s', '2 m 05 s', '–'],
  ])
})

it('the clock is cut to whole milliseconds', () => {
  expect(clock(14_802.999)).toBe('14.802')
})

it('sizes are in powers of ten', () => {
  expect([12, 1_500, 21_400_000, 3_000_000_000].map(size)).toEqual([
    ...['12 B', '1.5 kB', '21.4 MB', '3.00 GB'],
  ])
})

it('a share of time is cut, so that only all of it is 100 %', () => {
  expect([1, 0.9999999, 0.9995, 0.29, 0].map(percent)).toEqual([
    ...['100 %', '99.999 %', '99.95 %', '29 %', '0 %'],
  ])
})

it('a promise is written as people write it', () => {
  const base = { id: 'x', measured: 0, verdict: 'met', evidence: '' } as const
  expect(promise({ ...base, comparison: 'at-most', limit: 15_000, unit: 'ms' })).toBe('≤ 15 s')
  expect(promise({ ...base, comparison: 'at-most', limit: 10_500, unit: 'ms' })).toBe('≤ 10.5 s')
  expect(promise({ ...base, comparison: 'at-most', limit: 60, unit: 'ms' })).toBe('≤ 60 ms')
  expect(promise({ ...base, comparison: 'at-least', limit: 0.999, unit: 'ratio' })).toBe('≥ 99.9 %')
})

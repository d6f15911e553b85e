import { expect, test } from 'vitest'
import { CURRENT, MirroredPartition } from './mirrored-partition.ts'

/** Records that a group reads again after a failover, over a steady stream, at many moments. */
function redelivered(groupLag: number): { mean: number; max: number } {
  const partition = new MirroredPartition(CURRENT)
  partition.mirror(groupLag * 2 + 5_000)
  const samples: number[] = []
  const span = Math.max(20_000, groupLag * 2)
  const stride = Math.max(1, Math.floor(span / 4_001))
  for (let i = 0; i < span; i += stride) {
    partition.mirror(stride)
    const offset = partition.upstreamEnd - groupLag
    samples.push(offset - (partition.translate(offset) ?? 0))
  }
  const sum = samples.reduce((total, sample) => total + sample, 0)
  return { mean: sum / samples.length, max: Math.max(...samples) }
}

test('a group without lag repeats half of offset.lag.max on average, and all of it at most', () => {
  const { mean, max } = redelivered(0)
  expect(mean).toBeGreaterThan(45)
  expect(mean).toBeLessThan(55)
  expect(max).toBe(100)
})

test('a group that lags by offset.lag.max repeats about as much as one without lag', () => {
  const { mean, max } = redelivered(100)
  expect(mean).toBeGreaterThan(44)
  expect(mean).toBeLessThan(54)
  expect(max).toBeGreaterThan(94)
  expect(max).toBeLessThanOrEqual(105)
})

test.each([1_000, 10_000, 100_000])(
  'a group that lags by %i repeats about half of its lag on average, and up to 1.7 times it',
  (lag) => {
    const { mean, max } = redelivered(lag)
    expect(mean / lag).toBeGreaterThan(0.4)
    expect(mean / lag).toBeLessThan(0.6)
    expect(max / lag).toBeGreaterThan(0.95)
    expect(max / lag).toBeLessThan(1.7)
  },
)

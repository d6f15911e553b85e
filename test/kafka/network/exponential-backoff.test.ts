import { expect, it } from 'vitest'
import { backoff, retryBackoff } from '../../../src/kafka/network/exponential-backoff.ts'
import { MS } from '../../../src/sim/time.ts'

const spec = retryBackoff({ retryBackoffMs: 100, retryBackoffMaxMs: 1_000 })
const shortest = { int: (lo: number) => lo }
const longest = { int: (_lo: number, hi: number) => hi }

it('doubles the wait with each attempt and varies it by a fifth either way', () => {
  expect([0, 1, 2].map((attempts) => backoff(spec, attempts, shortest))).toEqual(
    [80, 160, 320].map((ms) => ms * MS),
  )
  expect([0, 1, 2].map((attempts) => backoff(spec, attempts, longest))).toEqual(
    [120, 240, 480].map((ms) => ms * MS),
  )
})

it('at its ceiling only ever varies it downwards', () => {
  expect(backoff(spec, 10, shortest)).toBe(800 * MS)
  expect(backoff(spec, 10, longest)).toBe(1_000 * MS)
})

it.each([1_000, 5_000])('is the ceiling and nothing else for retry.backoff.ms of %i', (ms) => {
  const low = retryBackoff({ retryBackoffMs: ms, retryBackoffMaxMs: 1_000 })
  expect([0, 1, 9].map((attempts) => backoff(low, attempts, shortest))).toEqual(
    Array(3).fill(1_000 * MS),
  )
})

import { expect, it } from 'vitest'
import { RestartBackoff, type RestartStrategy } from '../../../src/mirror/flink/restart-backoff.ts'
import { Random } from '../../../src/sim/random.ts'
import { SECOND } from '../../../src/sim/time.ts'

function waits(strategy: RestartStrategy, failures: number): (number | null)[] {
  const backoff = new RestartBackoff(strategy, new Random(1, 2, 3, 4))
  return Array.from({ length: failures }, () => {
    const wait = backoff.next()
    return wait === null ? null : wait / SECOND
  })
}

it('without a strategy the first failure is the last', () => {
  expect(waits({ type: 'none' }, 1)).toEqual([null])
})

it('a fixed delay has so many attempts', () => {
  const strategy = { type: 'fixed-delay', attempts: 2, delayMs: 3_000 } as const
  expect(waits(strategy, 3)).toEqual([3, 3, null])
})

it('an exponential delay grows to its end, a tenth more or less, and never gives up', () => {
  const strategy = { type: 'exponential-delay', initialMs: 1_000, maxMs: 4_000, multiplier: 2 }
  const [first, second, third, fourth] = waits({ ...strategy, type: 'exponential-delay' }, 4)
  for (const [wait, middle] of [
    [first, 1],
    [second, 2],
    [third, 4],
    [fourth, 4],
  ] as const) {
    expect(wait).toBeGreaterThanOrEqual(middle * 0.9)
    expect(wait).toBeLessThanOrEqual(Math.min(4, middle * 1.1))
  }
})

// P04. A follower hangs while the controller still hears it: acks=all waits until it leaves the
// ISR, 30 to 45 s, which is longer than request.timeout.ms. What was appended before it is sent
// again.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

const HANGS = { partition: { between: ['broker-1', 'broker-2'] } }
const DIES = { 'host-loss': { target: 'broker-2', model: 'stop' } }

function story(isIdempotent: boolean, fault: Readonly<Record<string, unknown>>, seed: string) {
  const config = { 'enable.idempotence': isIdempotent }
  return play(
    {
      guards: { elr: false },
      duration: '90s',
      replicas: [1, 2],
      producers: [{ name: 'shop', rate: '10/s', config }],
      faults: [{ at: '20s', ...fault, for: '60s' }],
    },
    seed,
  )
}

describe.each(SEEDS)('P04: acks=all outlives the request, seed %s', (seed) => {
  it('without idempotence what the leader had taken is appended twice, and out of order', () => {
    const { fates, rto } = story(false, HANGS, seed)
    expect(rto.produce.ms).toBeGreaterThan(30_000)
    expect(rto.produce.ms).toBeLessThan(45_500)
    // A broker works on one request of a connection at a time: at most those in flight.
    expect(fates.duplicated).toBeGreaterThan(0)
    expect(fates.duplicated).toBeLessThanOrEqual(5)
    expect(fates.reordered).toBeGreaterThan(0)
    expect(fates).toMatchObject({ acked: 900, lost: 0 })
  })

  it('with idempotence nothing is', () => {
    const { fates } = story(true, HANGS, seed)
    expect(fates).toMatchObject({ acked: 900, lost: 0, duplicated: 0, reordered: 0 })
  })

  it('a dead follower is fenced before the request times out: nothing is either way', () => {
    for (const isIdempotent of [false, true]) {
      const { fates } = story(isIdempotent, DIES, seed)
      expect(fates).toMatchObject({ acked: 900, lost: 0, duplicated: 0, reordered: 0 })
    }
  })
})

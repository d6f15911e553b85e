// P02. Two batches are in flight. The first is refused, the second is taken, the first is sent
// again: it stands behind the second.

import { describe, expect, it } from 'vitest'
import { orderOf } from '../../src/check/ordering.ts'
import { SECOND } from '../../src/sim/time.ts'
import { begin, SEEDS, THREE_SITES } from './case.ts'

/** The client is half a second away from everything, so that both batches are under way. */
const FAR = {
  ...THREE_SITES,
  regions: { ...THREE_SITES.regions, far: {} },
  network: {
    rtt: { ...THREE_SITES.network.rtt, 'a ~ far': '1s', 'b ~ far': '1s', 'c ~ far': '1s' },
  },
}

/**
 * The ISR is below min.insync.replicas 2 when r1 to r3 arrive at 30.5 s; the setting is lowered
 * before r4 to r6 arrive at 30.9 s.
 */
function story(config: Readonly<Record<string, unknown>>, seed: string) {
  const simulation = begin(
    {
      place: FAR,
      guards: { elr: false },
      duration: '60s',
      replicas: [1, 2],
      topic: { 'min.insync.replicas': 2 },
      producers: [
        {
          name: 'shop',
          region: 'far',
          ramp: [
            { at: '5s', rate: '100/s' },
            { at: '5.01s', rate: '0/s' },
            { at: '30s', rate: '1000/s' },
            { at: '30.003s', rate: '0/s' },
            { at: '30.4s', rate: '1000/s' },
            { at: '30.403s', rate: '0/s' },
          ],
          config,
        },
      ],
      faults: [
        { at: '15s', 'host-loss': { target: 'broker-2', model: 'stop' } },
        { at: '30.7s', 'alter-config': { topic: 'orders', set: { 'min.insync.replicas': 1 } } },
      ],
    },
    seed,
  )
  simulation.advance(60 * SECOND)
  const history = simulation.close()
  const log = history.finalLogs.find(({ isSurvivor }) => isSurvivor)
  const ids = [...(log?.ranges ?? [])].flatMap(({ firstRecordId, count }) =>
    Array.from({ length: count }, (_, i) => firstRecordId + i),
  )
  return { ids, ...orderOf(history) }
}

describe.each(SEEDS)('P02: the first of two batches in flight is refused, seed %s', (seed) => {
  it('without idempotence its three records stand behind three younger ones: 9 inversions', () => {
    const { ids, inversions } = story({ 'enable.idempotence': false }, seed)
    expect(ids).toEqual([0, 4, 5, 6, 1, 2, 3])
    expect(inversions).toBe(3 * 3)
  })

  it('one request in flight keeps the order', () => {
    const config = { 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 1 }
    expect(story(config, seed)).toMatchObject({ ids: [0, 1, 2, 3, 4, 5, 6], inversions: 0 })
  })

  it('so does idempotence: the second batch is refused until the first is there', () => {
    const config = { 'enable.idempotence': true }
    expect(story(config, seed)).toMatchObject({ ids: [0, 1, 2, 3, 4, 5, 6], inversions: 0 })
  })
})

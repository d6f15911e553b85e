// O04. What distance costs: acks=all of a topic with replicas in both regions takes a round trip
// between them, of one with observers in the other takes none; and a reader there is faster with
// an observer beside it than with the leader across.

import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/sim/time.ts'
import { begin, play, SEEDS } from './case.ts'
import { observed, SYNCHRONOUS, WEST_AND_EAST } from './observers.ts'

const RTT_MS = 60
const RECORDS = 5_000

/** One record at a time, written beside the leader. */
function written(topicMore: Readonly<Record<string, unknown>>, seed: string) {
  return play(
    {
      flavour: 'confluent',
      place: WEST_AND_EAST,
      duration: '20s',
      settle: '0s',
      topicMore,
      producers: [{ name: 'shop', region: 'west', closedLoop: { inFlight: 1 } }],
      faults: [],
    },
    seed,
  )
}

/** Seconds that a reader in the east takes for 25 MB that all replicas hold. */
function read(selector: string | null, seed: string): number {
  const startS = 60
  const simulation = begin(
    {
      flavour: 'confluent',
      place: WEST_AND_EAST,
      config: selector === null ? {} : { 'replica.selector.class': selector },
      duration: '130s',
      settle: '0s',
      topicMore: observed('none'),
      producers: [{ name: 'shop', region: 'west', rate: '1000/s', stop: '5s', recordBytes: 5_000 }],
      consumers: [
        {
          name: 'reader',
          region: 'east',
          start: `${startS}s`,
          config: { 'auto.offset.reset': 'earliest', 'client.rack': 'east' },
        },
      ],
      faults: [],
    },
    seed,
  )
  simulation.advance(130 * SECOND)
  const { delivered } = simulation.close()
  const counts = [...delivered.column('count')]
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(RECORDS)
  return ((delivered.column('at').at(-1) ?? Number.NaN) - startS * SECOND) / SECOND
}

describe.each(SEEDS)('O04: near and far, seed %s', (seed) => {
  it('acks=all waits for the other region with replicas there, not with observers', () => {
    const far = written(SYNCHRONOUS, seed).latency.produce.all.p50Ms ?? Number.NaN
    const near = written(observed('none'), seed).latency.produce.all.p50Ms ?? Number.NaN
    expect(far).toBeGreaterThan(RTT_MS)
    expect(far).toBeLessThan(1.5 * RTT_MS)
    expect(near).toBeLessThan(RTT_MS / 4)
  })

  it('a reader beside an observer is several times as fast as one of the far leader', () => {
    const rackAware = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'
    const [leader, observer] = [read(null, seed), read(rackAware, seed)]
    // The tutorial measured 0.90 and 3.94 MB/s at 100 ms.
    expect(leader / observer).toBeGreaterThan(3)
  })
})

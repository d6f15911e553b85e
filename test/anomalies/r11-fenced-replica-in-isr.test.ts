// R11 (KIP-841). The controller has fenced a broker, whose fetcher goes on: the leader sees a
// caught-up follower and asks for it again. Before 3.3 the controller agreed.

import { describe, expect, it } from 'vitest'
import { brokenIn, type Guards, play, SEEDS, type Story } from './case.ts'

function story(guards: Guards): Story {
  return {
    // Since 3.5 no epoch of a fenced broker counts either, which keeps it out a second time.
    guards: { elr: false, brokerEpochOnIsrAdd: false, ...guards },
    duration: '110s',
    topic: { 'min.insync.replicas': 2 },
    producers: [{ name: 'shop', rate: '20/s' }],
    faults: [
      // 3 reaches the leader but no controller, so that it is fenced; later it dies for good.
      { at: '10s', partition: { between: ['broker-3', 'controllers'] } },
      { at: '40s', 'host-loss': 'broker-3' },
    ],
  }
}

/** ISRs from the moment at which 3 was fenced to its death. */
function isrsWhileFenced({ partitions }: ReturnType<typeof play>): string[] {
  const isrs = partitions[0]?.isr ?? []
  return isrs.filter(({ fromMs }) => fromMs > 12_000 && fromMs < 40_000).map(({ label }) => label)
}

describe.each(SEEDS)('R11: a fenced broker that still fetches, seed %s', (seed) => {
  it('before 3.3 returns to the ISR, and its death stalls acks=all for a whole lag time', () => {
    const result = play(story({ fencedReplicaBarredFromIsr: false }), seed)
    expect(isrsWhileFenced(result)).toEqual(['1,2', '1,2,3'])
    expect(result.rto.produce.ms).toBeGreaterThan(29_000)
    expect(result.rto.produce.ms).toBeLessThan(46_000)
  })

  it('since 3.3 stays out, and its death stalls nothing', () => {
    const result = play(story({ fencedReplicaBarredFromIsr: true }), seed)
    expect(isrsWhileFenced(result)).toEqual(['1,2'])
    expect(result.rto.produce.ms).toBe(0)
    // Before, the first records have waited for their producer's id.
    expect(result.latency.produce.during.maxMs).toBeLessThan(100)
  })
})

describe('R11: seen from outside, a fenced broker in the ISR', () => {
  it('breaks what the model promises of its ISR', () => {
    expect(brokenIn(story({ fencedReplicaBarredFromIsr: false }))).toEqual(['I6'])
    expect(brokenIn(story({ fencedReplicaBarredFromIsr: true }))).toEqual([])
    const epochAlone = { fencedReplicaBarredFromIsr: false, brokerEpochOnIsrAdd: true }
    expect(brokenIn(story(epochAlone))).toEqual([])
  })
})

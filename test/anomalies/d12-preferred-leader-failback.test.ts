// D12. The preferred leader is back in the ISR, and the next imbalance check gives it the
// leadership: one leader epoch more, a blink for acks=all, and for acks=1 the loss of D01 without
// any failure: what the old leader took until it heard of its successor.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

const RATE = 500

function story(acks: '1' | 'all', seed: string) {
  const config = { acks, 'linger.ms': 0 }
  const result = play(
    {
      duration: '60s',
      config: { 'leader.imbalance.check.interval.seconds': 10 },
      topic: { 'min.insync.replicas': 2 },
      producers: [{ name: 'shop', rate: `${RATE}/s`, recordBytes: 100, region: 'b', config }],
      consumers: [{ name: 'billing' }],
      faults: [{ at: '10s', 'controlled-shutdown': 'broker-1', for: '5s' }],
    },
    seed,
  )
  const leaders = result.partitions[0]?.leaders ?? []
  const movedAt = leaders[2]?.fromMs ?? 0
  const cuts = result.partitions[0]?.truncations.filter(({ atMs }) => atMs > movedAt) ?? []
  return {
    ...result,
    epochs: leaders.map(({ node, epoch }) => [node, epoch]),
    /** What the second leader alone had when the first took over again. */
    tail: Math.max(0, ...cuts.map(({ fromOffset, toOffset }) => toOffset - fromOffset)),
  }
}

const THERE_AND_BACK = [1, 2, 1].map((node, epoch) => [node, epoch])

describe.each(SEEDS)('D12: leadership goes away and home again, seed %s', (seed) => {
  it('acks=all: one epoch each way, nothing lost or doubled, half a second at most', () => {
    const { epochs, fates, consumerView, latency } = story('all', seed)
    expect(epochs).toEqual(THERE_AND_BACK)
    expect(fates).toMatchObject({ acked: 60 * RATE, lost: 0, duplicated: 0, reordered: 0 })
    expect(consumerView).toMatchObject({ delivered: 60 * RATE, skipped: 0, redelivered: 0 })
    expect(latency.produce.all.maxMs).toBeLessThan(500)
  })

  it('acks=1: the tail of the one that hands over is lost, some tens of milliseconds', () => {
    const { epochs, fates, tail } = story('1', seed)
    expect(epochs).toEqual(THERE_AND_BACK)
    expect(tail).toBeGreaterThan(0)
    expect(fates.lost).toBeGreaterThanOrEqual(tail)
    expect(fates.lost).toBeLessThan(2 * 0.1 * RATE)
  })
})

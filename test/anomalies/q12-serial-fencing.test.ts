// Q12. Three of five brokers die together, and the controller fences them one by one, in the order
// of their last heartbeats: leadership may pass through brokers that are dead and not yet fenced,
// at the price of an epoch each.

import { describe, expect, it } from 'vitest'
import { isrsOf, leadersOf, play } from './case.ts'

const SEEDS = ['0', '1', '2', '3', '4', '5']
const DEAD = [1, 2, 3]

/** 1, 2 and 3 in one region, 4 and 5 in others; the quorum's hosts stay. */
const THREE_TOGETHER = {
  regions: { a: {}, b: {}, c: {} },
  network: { rtt: { 'a ~ b': '20ms', 'a ~ c': '20ms', 'b ~ c': '20ms' } },
  cluster: {
    brokers: { a: 3, b: 1, c: 1 },
    controllers: [
      { id: 101, region: 'a', host: 'quorum-a' },
      { id: 102, region: 'b', host: 'quorum-b' },
      { id: 103, region: 'c', host: 'quorum-c' },
    ],
  },
}

function story(seed: string) {
  const result = play(
    {
      guards: { elr: false },
      place: THREE_TOGETHER,
      duration: '60s',
      settle: '30s',
      replicas: [1, 2, 3, 4, 5],
      topic: { 'min.insync.replicas': 2 },
      producers: [{ name: 'shop', rate: '5/s', region: 'b' }],
      faults: [{ at: ['20s', '22s'], crash: 'brokers of region a', for: '60s' }],
    },
    seed,
  )
  const fences = result.timeline.filter(({ kind }) => kind === 'broker-fenced')
  return {
    ...result,
    fenceMs: fences.map(({ atMs }) => atMs - (result.clock.faultAtMs ?? 0)),
    hops: leadersOf(result).slice(1),
  }
}

describe('Q12: three of five brokers die at once', () => {
  const runs = SEEDS.map(story)

  it('each is fenced by itself, a session after its last heartbeat: the ISR loses one each', () => {
    for (const { fenceMs, ...result } of runs) {
      expect(fenceMs).toHaveLength(3)
      for (const ms of fenceMs) {
        expect(ms).toBeGreaterThan(7_000 - 50)
        expect(ms).toBeLessThan(1.125 * 9_000 + 100)
      }
      const sizes = isrsOf(result).map(({ label }) => label.split(',').length)
      expect(sizes.slice(0, 4)).toEqual([5, 4, 3, 2])
    }
  })

  it('at most two epochs go to the dead, and each hop is clean', () => {
    for (const { hops, fates } of runs) {
      const wasted = hops.filter(({ node }) => DEAD.includes(node))
      expect(wasted.length).toBeLessThanOrEqual(2)
      expect(hops.map(({ epoch }) => epoch)).toEqual(hops.map((_, i) => i + 1))
      expect(hops.at(-1)?.node).toBe(4)
      expect(fates).toMatchObject({ acked: 300, lost: 0 })
    }
  })

  it('the number of them depends on the heartbeats: some runs waste none, some do', () => {
    const counts = new Set(runs.map(({ hops }) => hops.length))
    expect(counts.size).toBeGreaterThan(1)
  })
})

// D09 (KIP-966, motivation). The page caches of all replicas are lost at once. Elected is the last
// member of the ISR, the broker that was fenced last, whatever its disk had kept; the others cut
// their logs to its, although they may hold more.

import { describe, expect, it } from 'vitest'
import { play, SEEDS, type Story, THREE_SITES } from './case.ts'

/** All three brokers in one failure domain, the quorum elsewhere. */
const ONE_DOMAIN = {
  regions: { a: {}, b: {}, c: {}, d: {} },
  network: { rtt: { 'a ~ b': '9ms', 'a ~ c': '9ms', 'b ~ c': '9ms', ...links('d') } },
  cluster: { brokers: { d: 3 }, controllers: { a: 1, b: 1, c: 1 } },
}

function links(to: string): Record<string, string> {
  return Object.fromEntries(['a', 'b', 'c'].map((from) => [`${from} ~ ${to}`, '9ms']))
}

/** 360 records acknowledged by the full ISR, then ten quiet seconds, then the power goes. */
function story(more: Partial<Story>, seed: string) {
  const result = play(
    {
      place: ONE_DOMAIN,
      guards: { elr: false },
      duration: '80s',
      producers: [{ name: 'shop', start: '2s', stop: '20s', rate: '20/s' }],
      faults: [{ at: '30s', 'region-loss': 'region d', for: '20s' }],
      ...more,
      topic: { 'min.insync.replicas': 2, ...more.topic },
    },
    seed,
  )
  const view = result.partitions[0]
  if (view === undefined) throw new Error('no partition')
  return { ...result, cuts: view.truncations, leaders: view.leaders.map(({ node }) => node) }
}

describe.each(SEEDS)('D09: all replicas lose power together, seed %s', (seed) => {
  it('what the last member of the ISR had not flushed is lost, also where others kept more', () => {
    const { fates, cuts, leaders, divergence } = story({}, seed)
    const kept = 360 - fates.lost
    expect(fates.acked).toBe(360)
    expect(fates.lost).toBeGreaterThan(0)
    // Nobody leads until that one is back, and it leads again.
    expect(leaders.at(-2)).toBe(-1)
    expect(leaders.at(-1)).toBe(leaders.at(-3))
    for (const cut of cuts) expect(cut.fromOffset).toBe(kept)
    expect(divergence.offsets).toBe(0)
  })

  it('flush.messages=1 loses nothing: a follower flushes as its leader does', () => {
    expect(story({ topic: { 'flush.messages': 1 } }, seed).fates).toMatchObject({ lost: 0 })
  })

  it('killed processes lose nothing: the page cache outlives them', () => {
    const faults = [{ at: '30s', crash: 'brokers', for: '20s' }]
    expect(story({ faults }, seed).fates).toMatchObject({ acked: 360, lost: 0 })
  })

  it('spread over three domains the power loss of one loses nothing', () => {
    const faults = [{ at: '30s', 'region-loss': 'region a', for: '20s' }]
    const { fates } = story({ place: THREE_SITES, faults }, seed)
    expect(fates).toMatchObject({ acked: 360, lost: 0 })
  })
})

describe('D09: over the seeds', () => {
  it('in at least one of them a longer log was cut', () => {
    const cuts = SEEDS.flatMap((seed) => story({}, seed).cuts)
    expect(cuts.length).toBeGreaterThan(0)
  })
})

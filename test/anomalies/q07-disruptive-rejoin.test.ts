// Q07 (KIP-996). A voter that is cut off stands for election again and again; when it is back, its
// epoch is so high that the healthy leader must go. With pre-vote it asks first, and nobody who
// hears a leader says yes.

import { describe, expect, it } from 'vitest'
import { type Guards, play } from './case.ts'

const SEEDS = ['0', '1', '2', '3', '4', '5', '6', '7']

function story(guards: Guards, seed: string) {
  const result = play(
    {
      guards,
      duration: '90s',
      settle: '5s',
      producers: [{ name: 'shop', rate: '5/s' }],
      faults: [{ at: '20s', isolate: 'host quorum-c', for: '40s' }],
    },
    seed,
  )
  const spans = result.controllers
  const before = spans.filter(({ fromMs }) => fromMs < 20_000).at(-1)
  const after = spans.filter(({ fromMs }) => fromMs > 60_000 && spans.length > 1)
  return { before, after, epoch: result.clusters[0]?.quorum.leaderEpoch ?? -1, fates: result.fates }
}

/** Those in which the voter that is cut off does not lead. */
const isBystander = (seed: string) => story({}, seed).before?.node !== 103
const seeds = SEEDS.filter(isBystander).slice(0, 3)

describe.each(seeds)('Q07: a voter is cut off for 40 s and comes back, seed %s', (seed) => {
  it('without pre-vote its many epochs depose the leader', () => {
    const { before, after, epoch } = story({ preVote: false }, seed)
    // It stands again after 1 to 2 s and a back-off of up to a second.
    expect(epoch - (before?.epoch ?? 0)).toBeGreaterThan(40 / 3)
    expect(epoch - (before?.epoch ?? 0)).toBeLessThan(40)
    expect(after.length).toBeGreaterThanOrEqual(2)
    expect(after[0]?.node).toBe(-1)
  })

  it('with pre-vote no epoch is spent and no election held', () => {
    const { before, after, epoch } = story({ preVote: true }, seed)
    expect(epoch).toBe(before?.epoch)
    expect(after).toEqual([])
  })

  it('neither touches the records', () => {
    for (const preVote of [false, true]) {
      expect(story({ preVote }, seed).fates).toMatchObject({ acked: 450, lost: 0 })
    }
  })
})

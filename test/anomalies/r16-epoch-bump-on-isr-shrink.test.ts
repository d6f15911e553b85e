// R16 (KAFKA-9212 class, KAFKA-15021). The leader epoch rises although nobody else leads, and a
// follower that the news does not reach is fenced by its leader: it fetches in vain until it has
// new metadata. Before 3.6 every ISR shrink raised the epoch.
//
// 1. follower 3 dies: 7 to 10 s later it is fenced, and the ISR shrinks.
// 2. follower 2 reaches its leader but no controller: it does not hear of it.
// 3. with the new epoch its fetches are refused, and acks=all waits until 2 is fenced as well.

import { describe, expect, it } from 'vitest'
import { type Guards, play, SEEDS } from './case.ts'

function story(guards: Guards, seed: string) {
  const result = play(
    {
      guards: { elr: false, ...guards },
      duration: '60s',
      producers: [{ name: 'shop', rate: '20/s' }],
      consumers: [{ name: 'billing' }],
      faults: [
        { at: '10s', 'host-loss': 'broker-3' },
        { at: '16s', partition: { between: ['broker-2', 'controllers'] }, for: '25s' },
      ],
    },
    seed,
  )
  const leaders = result.partitions[0]?.leaders ?? []
  return {
    ...result,
    epochs: leaders.map(({ node, epoch }) => [node, epoch]),
    stalls: result.timeline.filter(({ kind }) => kind === 'produce-resumed').length,
  }
}

describe.each(SEEDS)('R16: one follower dies, the other hears of nothing, seed %s', (seed) => {
  const before = story({ bumpLeaderEpochOnIsrShrink: true }, seed)
  const since = story({ bumpLeaderEpochOnIsrShrink: false }, seed)

  it('before 3.6 each of the two shrinks raises the epoch and stalls the writers', () => {
    expect(before.epochs).toEqual([0, 1, 2].map((epoch) => [1, epoch]))
    expect(before.stalls).toBe(2)
  })

  it('since 3.6 the epoch stays, and only the death of the first stalls them', () => {
    expect(since.epochs).toEqual([[1, 0]])
    expect(since.stalls).toBe(1)
  })

  it('no record is lost, repeated or skipped in either', () => {
    for (const { fates, consumerView } of [before, since]) {
      expect(fates).toMatchObject({ acked: 1200, lost: 0, duplicated: 0 })
      expect(consumerView).toMatchObject({ delivered: 1200, skipped: 0, redelivered: 0 })
    }
  })
})

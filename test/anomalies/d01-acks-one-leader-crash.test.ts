// D01. acks=1 is answered by the leader's page cache alone: what no follower has fetched when the
// leader is lost is lost, in a clean election and with any min.insync.replicas.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

/** A hundred records; the followers hear of about 93 of them before the leader's host goes. */
function story(acks: '1' | 'all', seed: string) {
  const result = play(
    {
      duration: '60s',
      topic: { 'min.insync.replicas': 2 },
      producers: [{ name: 'shop', start: '5s', stop: '15s', rate: '10/s', config: { acks } }],
      faults: [
        { at: '14.3s', partition: { between: ['broker-1', 'broker-2 and broker-3'] }, for: '5s' },
        { at: '15.1s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '25s' },
      ],
    },
    seed,
  )
  const cuts = result.partitions[0]?.truncations ?? []
  return { ...result, cuts, electedWith: cuts[0]?.fromOffset ?? -1 }
}

describe.each(SEEDS)('D01: the leader is lost with a tail that nobody has, seed %s', (seed) => {
  it('acks=1 loses exactly that tail, and the old leader cuts it when it returns', () => {
    const { fates, electedWith, cuts } = story('1', seed)
    expect(electedWith).toBeGreaterThanOrEqual(92)
    expect(electedWith).toBeLessThanOrEqual(94)
    expect(fates).toMatchObject({ acked: 100, lost: 100 - electedWith })
    expect(cuts).toMatchObject([{ broker: 1, fromOffset: electedWith, toOffset: 100 }])
  })

  it('acks=all has not acknowledged it: the producer sends it again', () => {
    expect(story('all', seed).fates).toMatchObject({ acked: 100, lost: 0, duplicated: 0 })
  })
})

// R04 (KIP-279; acceptance test logsShouldNotDivergeOnUncleanLeaderElections). Two brokers lead in
// turn, each uncleanly; when both are back their logs share neither the last epoch nor the one
// before. Before the last step 1 holds epochs [0,2,2,2,4,4] and 2 holds [0,1,3].

import { describe, expect, it } from 'vitest'
import { type Guards, play, SEEDS } from './case.ts'

const WRITES = [
  { start: '5s', stop: '6s', leader: 'epoch 0' },
  { start: '25s', stop: '26s', leader: 'epoch 1' },
  { start: '45s', stop: '48s', leader: 'epoch 2' },
  { start: '65s', stop: '66s', leader: 'epoch 3' },
  { start: '85s', stop: '87s', leader: 'epoch 4' },
]

function story(guards: Guards, seed: string) {
  return play(
    {
      guards: { elr: false, ...guards },
      duration: '100s',
      replicas: [1, 2],
      topic: { 'unclean.leader.election.enable': true },
      producers: WRITES.map(({ start, stop }, i) => {
        return { name: `p${i}`, start, stop, rate: '1/s', config: { acks: '1' } }
      }),
      faults: [
        { at: '10s', crash: 'broker-1', for: '22s' },
        { at: '30s', crash: 'broker-2', for: '22s' },
        { at: '50s', crash: 'broker-1', for: '22s' },
        { at: '70s', crash: 'broker-2', for: '20s' },
      ],
    },
    seed,
  )
}

describe.each(SEEDS)('R04: after an unclean ping-pong, seed %s', (seed) => {
  it('one round of truncation leaves offsets 1 and 2 different for ever', () => {
    const { divergence, fates, partitions } = story({ truncationIteratesEpochs: false }, seed)
    expect(divergence.offsets).toBe(2)
    expect(fates).toMatchObject({ acked: 8, lost: 2 })
    expect(partitions[0]?.truncations).toEqual([])
  })

  it('going back epoch by epoch cuts to 2, then to 1; the two unclean losses remain', () => {
    const { divergence, fates, partitions } = story({ truncationIteratesEpochs: true }, seed)
    expect(partitions[0]?.epochs.map(({ startOffset }) => startOffset)).toEqual([0, 1, 1, 2, 4])
    expect(partitions[0]?.truncations.map((cut) => [cut.broker, cut.fromOffset])).toEqual([
      [2, 2],
      [2, 1],
    ])
    expect(divergence.offsets).toBe(0)
    expect(fates).toMatchObject({ acked: 8, lost: 2 })
  })
})

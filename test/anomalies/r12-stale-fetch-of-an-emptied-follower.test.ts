// R12 (KIP-903, KAFKA-15221). A fetch is under way for 15 s. Meanwhile its sender loses its disk,
// is fenced, and comes back empty under a new broker epoch. Then the leader reads the old fetch:
// the follower has everything.

import { describe, expect, it } from 'vitest'
import { brokenIn, type Guards, play, SEEDS, type Story } from './case.ts'

function story(guards: Guards): Story {
  const link = { between: ['broker-3', 'broker-1'], direction: 'forward', delay: '15s' }
  return {
    guards: { elr: false, ...guards },
    duration: '80s',
    // 3 stands before 2, so that it is the one to be elected.
    replicas: [1, 3, 2],
    producers: [{ name: 'shop', rate: '1/s', start: '5s', stop: '15s' }],
    faults: [
      { at: '21s', 'slow-link': link, for: '60s' },
      { at: '22s', 'disk-loss': 'broker-3', for: '8s' },
      { at: '37.5s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '30s' },
    ],
  }
}

const leadersOf = ({ partitions }: ReturnType<typeof play>) =>
  partitions[0]?.leaders.map(({ node }) => node)

describe.each(SEEDS)('R12: the fetch of a process that is gone, seed %s', (seed) => {
  it('before 3.5 takes its empty successor into the ISR: elected, it loses all ten', () => {
    const result = play(story({ brokerEpochOnIsrAdd: false }), seed)
    expect(leadersOf(result)).toEqual([1, 3])
    expect(result.fates).toMatchObject({ acked: 10, lost: 10 })
  })

  it('since 3.5 counts for nobody: the other follower is elected with all ten', () => {
    const result = play(story({ brokerEpochOnIsrAdd: true }), seed)
    expect(leadersOf(result)).toEqual([1, 2])
    expect(result.fates).toMatchObject({ acked: 10, lost: 0 })
  })
})

describe('R12: seen from outside, the fetch of a process that is gone', () => {
  it('breaks what the model promises of its ISR and its acknowledgements', () => {
    expect(brokenIn(story({ brokerEpochOnIsrAdd: false }))).toEqual(['I12', 'I14', 'I17', 'I9'])
    expect(brokenIn(story({ brokerEpochOnIsrAdd: true }))).toEqual([])
  })
})

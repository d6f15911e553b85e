// G02 (KIP-966). An eligible leader replica loses power and comes back with a part of its log. It
// is not eligible any more; a controller that kept it so would elect it.
//
// 1. 300 records are on all three. 2 is stopped; then 3 loses power: the ISR is {1}, 3 is eligible.
// 2. 3 is back with a part of its log, and does not reach 1 to fetch the rest.
// 3. 1 is lost.

import { describe, expect, it } from 'vitest'
import { brokenIn, leadersOf, play, SEEDS, type Story } from './case.ts'

const WRITTEN = 300
const BACK_MS = 100_000

function story(uncleanReplicaLeavesElr: boolean): Story {
  return {
    guards: { elr: true, uncleanReplicaLeavesElr },
    duration: '130s',
    topic: { 'min.insync.replicas': 2 },
    producers: [{ name: 'shop', start: '3s', stop: '18s', rate: `${WRITTEN / 15}/s` }],
    faults: [
      { at: '20s', 'controlled-shutdown': 'broker-2', for: '105s' },
      { at: '30s', partition: { between: ['broker-1', 'broker-3'] }, for: '90s' },
      { at: '31s', 'host-loss': 'broker-3', for: '15s' },
      { at: '60s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '40s' },
    ],
  }
}

describe.each(SEEDS)('G02: an eligible replica has lost a part of its log, seed %s', (seed) => {
  it('kept eligible it is elected, and what it lacks is lost', () => {
    const result = play(story(false), seed)
    expect(leadersOf(result).find(({ fromMs }) => fromMs > 60_000)?.node).toBe(3)
    expect(result.fates.acked).toBe(WRITTEN)
    expect(result.fates.lost).toBeGreaterThan(0)
  })

  it('dropped it is not: nobody leads until the last leader is back, with everything', () => {
    const result = play(story(true), seed)
    const [gone, next] = leadersOf(result).filter(({ fromMs }) => fromMs > 60_000)
    expect(gone?.node).toBe(-1)
    expect(next?.node).toBe(1)
    expect(next?.fromMs).toBeGreaterThan(BACK_MS)
    expect(result.fates).toMatchObject({ acked: WRITTEN, lost: 0 })
  })
})

describe('G02: seen from outside, an eligible replica without its log', () => {
  it('breaks what the model promises of its ELR and its acknowledgements', () => {
    expect(brokenIn(story(false))).toEqual(['I12', 'I15', 'I17', 'I9'])
    expect(brokenIn(story(true))).toEqual([])
  })
})

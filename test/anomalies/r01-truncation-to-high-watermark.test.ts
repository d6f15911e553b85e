// R01 (KIP-101, scenario 1; KAFKA-1211). A committed record is cut because its holder did not know
// yet that it was committed. In KRaft a restart costs the ISR, so here the new leader epoch makes
// the follower cut:
//
// 1. record 1 is appended by leader 1 and fetched by 2 and 3; acknowledged. Their high watermarks
//    tell of it with the end of their next long poll, up to 500 ms later.
// 2. leader 1 dies before that; 2 is elected and keeps its log.
// 3. 3 follows in the new epoch. Guard off: it cuts to its high watermark, and record 1 with it.
// 4. before 3 has fetched again, 2 dies too; 3 is in the ISR and leads.

import { describe, expect, it } from 'vitest'
import { brokenIn, type Guards, play, SEEDS, type Story } from './case.ts'

const RECORDS_0_AND_1 = [
  { at: '5s', rate: '1/s' },
  { at: '6s', rate: '0/s' },
  { at: '9.9s', rate: '10/s' },
  { at: '10s', rate: '0/s' },
]

function story(guards: Guards): Story {
  return {
    guards: { elr: false, ...guards },
    duration: '60s',
    producers: [{ name: 'shop', ramp: RECORDS_0_AND_1 }],
    faults: [
      { at: '10.1s', 'host-loss': { target: 'broker-1', model: 'stop' } },
      { at: '10.2s', partition: { between: ['broker-2', 'broker-3'] } },
      { at: '25s', 'host-loss': { target: 'broker-2', model: 'stop' } },
    ],
  }
}

describe('R01: a follower that truncates to its high watermark', () => {
  it.each(SEEDS)('loses the one committed record that it had not heard of (seed %s)', (seed) => {
    const { fates, partitions } = play(story({ epochBasedTruncation: false }), seed)
    expect(fates).toMatchObject({ acked: 2, lost: 1 })
    expect(partitions[0]?.leaders.map(({ node }) => node)).toEqual([1, 2, 3])
  })

  it.each(SEEDS)('truncating by leader epoch loses nothing (seed %s)', (seed) => {
    const { fates, partitions } = play(story({ epochBasedTruncation: true }), seed)
    expect(fates).toMatchObject({ acked: 2, lost: 0 })
    expect(partitions[0]?.leaders.map(({ node }) => node)).toEqual([1, 2, 3])
  })
})

describe('R01: seen from outside, truncation to the high watermark', () => {
  it('breaks what the model promises of its ISR and its acknowledgements', () => {
    expect(brokenIn(story({ epochBasedTruncation: false }))).toEqual(['I12', 'I13', 'I14', 'I9'])
    expect(brokenIn(story({ epochBasedTruncation: true }))).toEqual([])
  })
})

// D02. With acks=0 nothing is ever answered: the producer takes each record for delivered when it
// is sent (offset -1). A silent leader swallows them until the producer looks at the metadata for
// another reason, and even then it may not get through: while it tries to connect to the silent
// broker again it asks nobody else.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

const RATE = 50
const SENT = 60 * RATE

function story(acks: '0' | '1', fault: 'crash' | 'host-loss', seed: string) {
  return play(
    {
      duration: '80s',
      producers: [{ name: 'shop', start: '5s', stop: '65s', rate: `${RATE}/s`, config: { acks } }],
      consumers: [{ name: 'billing', region: 'b' }],
      faults: [{ at: '20s', [fault]: 'broker-1' }],
    },
    seed,
  )
}

describe.each(SEEDS)('D02: the leader is lost under an acks=0 producer, seed %s', (seed) => {
  it('a silent host swallows all that is sent from then on, and nobody is told', () => {
    const { fates, rpo, consumerView, timeline } = story('0', 'host-loss', seed)
    expect(fates).toMatchObject({ sent: SENT, acked: SENT, failed: 0, unknown: 0 })
    // One gap, from the loss (or the last record before it) to at least the next election.
    expect(rpo.lostRanges).toHaveLength(1)
    expect(rpo.lostRanges[0]?.firstRecordId).toBeGreaterThan(15 * RATE - 3)
    expect(rpo.lostRanges[0]?.firstRecordId).toBeLessThan(15 * RATE + 1)
    expect(fates.lost).toBeGreaterThan(7 * RATE)
    expect(consumerView.delivered).toBe(SENT - fates.lost)
    expect(timeline.filter(({ kind }) => kind === 'client-error')).toEqual([])
  })

  it('a killed process resets the connection: what was on the way is lost, no more', () => {
    expect(story('0', 'crash', seed).fates.lost).toBeLessThanOrEqual(2)
  })

  it('acks=1 sends again what was not answered', () => {
    const { fates } = story('1', 'host-loss', seed)
    expect(fates.acked).toBe(SENT)
    expect(fates.lost).toBeLessThanOrEqual(2)
  })
})

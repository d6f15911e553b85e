// P07 (KIP-320, client side). A consumer at offset 80 does not look while an unclean election
// takes the log back to 40 and new records take it on to 100.

import { describe, expect, it } from 'vitest'
import { type Guards, play, SEEDS } from './case.ts'

/** How far the new leader's log has come when the consumer looks again: 40 and what is written. */
function story(guards: Guards, written: number, reset: string, seed: string) {
  return play(
    {
      guards: { elr: false, ...guards },
      duration: '140s',
      config: { 'replica.lag.time.max.ms': 10_000 },
      replicas: [1, 2],
      topic: { 'unclean.leader.election.enable': true },
      producers: [
        { name: 'both', region: 'c', start: '5s', stop: '9s', rate: '10/s' },
        { name: 'alone', region: 'c', start: '11s', stop: '15s', rate: '10/s' },
        { name: 'after', region: 'c', start: '80s', stop: '90s', rate: `${written / 10}/s` },
      ],
      consumers: [{ name: 'billing', region: 'c', config: { 'auto.offset.reset': reset } }],
      faults: [
        { at: '10s', partition: { between: ['broker-1', 'broker-2'] }, for: '100s' },
        { at: '50s', pause: 'billing', for: '50s' },
        { at: '55s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '65s' },
      ],
    },
    seed,
  )
}

const seeks = ({ timeline }: ReturnType<typeof play>) =>
  timeline.filter(({ kind }) => kind === 'seek').map(({ text }) => text)

describe.each(SEEDS)('P07: the log was cut from 80 to 40 and has grown to 100, seed %s', (seed) => {
  it('before 2.3 the consumer reads on at 80: forty records are skipped, and nobody knows', () => {
    const result = story({ consumerValidatesPosition: false }, 60, 'earliest', seed)
    expect(result.consumerView).toMatchObject({ delivered: 100, skipped: 40, phantom: 40 })
    expect(seeks(result)).toEqual([])
  })

  it('since 2.3 it goes back to 40, exactly where the logs part', () => {
    const result = story({ consumerValidatesPosition: true }, 60, 'earliest', seed)
    expect(result.consumerView).toMatchObject({ delivered: 140, skipped: 0, phantom: 40 })
    expect(seeks(result)).toEqual(['orders-0: position 80 → 40 (truncation)'])
  })
})

describe.each(SEEDS)('P07: the log was cut from 80 to 40 and has grown to 60, seed %s', (seed) => {
  it('before 2.3 the position is out of range: earliest reads the first forty again', () => {
    const result = story({ consumerValidatesPosition: false }, 20, 'earliest', seed)
    expect(result.consumerView).toMatchObject({ redelivered: 40, skipped: 0, phantom: 40 })
  })

  it('and latest skips the twenty new ones', () => {
    const result = story({ consumerValidatesPosition: false }, 20, 'latest', seed)
    expect(result.consumerView).toMatchObject({ delivered: 80, phantom: 40 })
    expect(seeks(result)).toHaveLength(1)
  })

  it('since 2.3 either policy gives way to the divergent offset', () => {
    for (const reset of ['earliest', 'latest']) {
      const { consumerView } = story({ consumerValidatesPosition: true }, 20, reset, seed)
      expect(consumerView).toMatchObject({ delivered: 100, redelivered: 0, skipped: 0 })
    }
  })
})

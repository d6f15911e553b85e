// G01 (KIP-966). Two of three brokers are stopped in order, the last one loses power: it is the
// whole ISR, and without eligible leader replicas it leads again with what its disk kept. With them
// one that was stopped while it had everything is elected.

import { describe, expect, it } from 'vitest'
import { leadersOf, play } from './case.ts'

const WRITTEN = 300
/** With seed 3 the disk happens to keep the whole log, and nothing is lost. */
const SEEDS = ['1', '2', '4']

function story(elr: boolean, seed: string) {
  return play(
    {
      guards: { elr },
      duration: '110s',
      topic: { 'min.insync.replicas': 2 },
      producers: [{ name: 'shop', start: '3s', stop: '18s', rate: `${WRITTEN / 15}/s` }],
      faults: [
        { at: '20s', 'controlled-shutdown': 'broker-2', for: '60s' },
        { at: '35s', 'controlled-shutdown': 'broker-3', for: '50s' },
        { at: '50s', 'host-loss': 'broker-1', for: '15s' },
      ],
    },
    seed,
  )
}

describe.each(SEEDS)('G01: the last member of the ISR loses power, seed %s', (seed) => {
  it('before 4.1 it leads again: acknowledged by three, cut to what one disk kept', () => {
    const result = story(false, seed)
    expect(leadersOf(result).map(({ node }) => node)).toEqual([1, -1, 1])
    expect(result.fates.acked).toBe(WRITTEN)
    expect(result.fates.lost).toBeGreaterThan(0)
    for (const { broker, fromOffset, toOffset } of result.partitions[0]?.truncations ?? []) {
      expect(broker).not.toBe(1)
      expect([fromOffset, toOffset]).toEqual([WRITTEN - result.fates.lost, WRITTEN])
    }
  })

  it('with eligible leader replicas the one that had left last leads, with everything', () => {
    const result = story(true, seed)
    expect(leadersOf(result).at(-1)?.node).toBe(3)
    expect(result.fates).toMatchObject({ acked: WRITTEN, lost: 0 })
  })
})

// M11. What the source has acknowledged and the mirror has not copied is missing at a failover: the
// rate times the length of the pipeline. acks=all at the source knows nothing of the target. Only a
// shorter pipeline helps; what is missing comes late if the source returns.

import { describe, expect, it } from 'vitest'
import { MIRROR_SEEDS, playMirrored } from './mirrored.ts'

const RATE = 1_000

/** Missing at the target when the source's region is lost. */
function missing(rtt: string, acks: string, seed: string): number {
  const { result } = playMirrored(
    {
      ...{ duration: '22s', settle: '1s', rtt },
      producers: [{ name: 'shop', rate: `${RATE}/s`, recordBytes: 50, config: { acks } }],
      faults: [{ at: '20s', 'region-loss': { target: 'region us', model: 'disks' } }],
    },
    seed,
  )
  return result.links[0]?.atFault?.records ?? -1
}

describe.each(MIRROR_SEEDS)('M11: a region is lost behind a mirror, seed %s', (seed) => {
  it('what is missing grows with the way: half a round trip, and a fetch that is under way', () => {
    const [near, far] = [missing('20ms', 'all', seed), missing('400ms', 'all', seed)]
    expect(near).toBeLessThan(0.06 * RATE)
    expect(far).toBeGreaterThan(0.2 * RATE)
    expect(far).toBeLessThan(0.8 * RATE)
  })

  it('acks=all at the source takes nothing off it', () => {
    const [one, all] = [missing('400ms', '1', seed), missing('400ms', 'all', seed)]
    expect(Math.abs(one - all)).toBeLessThan(0.5 * all)
    expect(one).toBeGreaterThan(0.2 * RATE)
  })
})

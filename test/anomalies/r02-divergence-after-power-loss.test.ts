// R02 (KIP-101, scenario 2). After a power loss two logs differ for ever below both high
// watermarks, because the follower cuts to a watermark that hides the difference.
//
// 1. records are committed on both brokers, in their page caches; 2's checkpoint has nearly all.
// 2. both are gone within one session: 2 had flushed all, 1 loses power and keeps a prefix.
// 3. 1, the last member of the ISR, comes back first, leads and writes others at those offsets.
// 4. 2 comes back. Guard off: it cuts to its watermark, and all below stays as it was.
//
// The page cache itself is another disease (D09): what was acknowledged is lost in either case.

import { describe, expect, it } from 'vitest'
import { type Guards, play, SEEDS } from './case.ts'

function story(guards: Guards, seed: string) {
  const result = play(
    {
      guards: { elr: false, ...guards },
      duration: '90s',
      replicas: [1, 2],
      producers: [
        { name: 'shop', stop: '10s', rate: '30/s', region: 'c' },
        { name: 'trickle', start: '10s', stop: '25s', rate: '5/s', region: 'c' },
        { name: 'late', start: '40s', rate: '30/s', region: 'c' },
      ],
      faults: [
        { at: '16.5s', 'host-loss': { target: 'broker-2', model: 'stop' }, for: '43.5s' },
        { at: '20s', 'host-loss': { target: 'broker-1', model: 'power' }, for: '15s' },
      ],
    },
    seed,
  )
  const view = result.partitions[0]
  if (view === undefined) throw new Error('no partition')
  return {
    ...result,
    /** What the power loss left of leader 1's log: there its next epoch began. */
    kept: view.epochs[1]?.startOffset ?? -1,
    /** Where follower 2 cut its log when it came back. */
    cut: view.truncations.find(({ broker }) => broker === 2)?.fromOffset ?? -1,
  }
}

describe.each(SEEDS)('R02: after a power loss, seed %s', (seed) => {
  const off = story({ epochBasedTruncation: false }, seed)
  const on = story({ epochBasedTruncation: true }, seed)

  it('truncation to the high watermark leaves other records at committed offsets', () => {
    expect(off.kept).toBeLessThan(off.cut)
    expect(off.divergence.committedOffsets).toBe(off.cut - off.kept)
  })

  it('truncation by epoch leaves none; what the page cache lost stays lost', () => {
    expect(on.divergence.offsets).toBe(0)
    expect(on.cut).toBe(on.kept)
    expect(on.fates.lost).toBe(off.fates.lost)
    expect(on.fates.lost).toBeGreaterThan(0)
  })
})

// M01. MirrorMaker keeps the name of a topic, and knows nothing of where a record came from: two of
// them, one in each direction, copy one another's copies for ever. With a burst of N records in A
// at time 0, and a and b the time that each way takes,
//   end of A's log (t) = N (1 + floor(t / (a + b)))
//   end of B's log (t) = N (1 + floor((t - a) / (a + b))) from a on.
// A message handler that puts the source before the name, and an include list that takes names
// without it, end that.

import { describe, expect, it } from 'vitest'
import type { History } from '../../src/history.ts'
import { endsOf, runMirrorMaker1 } from '../lab/links/mirror-maker1.ts'
import { SEEDS } from './case.ts'

const BURST = 100
const WAY_MS = 25

function echo(isPrefixed: boolean, seed: string) {
  const burst = { rate: '10000/s', stop: '10ms', duration: '6s', settle: '1s', partitions: 1 }
  const of = { ...burst, isBothWays: true, targetPartitions: 1, isPrefixed }
  return runMirrorMaker1(of, {}, seed)
}

/** When records were appended in a cluster, in ms, and how many. */
function appendsIn(history: History, cluster: string): { at: number; count: number }[] {
  return [...history.appends]
    .filter(({ partition, firstRecordId }) => {
      const isOrders = history.partitions[partition]?.topic === 'orders'
      return isOrders && history.partitions[partition]?.cluster === cluster && firstRecordId >= 0
    })
    .map(({ at, count }) => ({ at: at / 1_000, count }))
}

/** The end of the log at an instant. */
function endAt(appends: readonly { at: number; count: number }[], ms: number): number {
  return appends.reduce((sum, { at, count }) => (at <= ms ? sum + count : sum), 0)
}

describe.each(SEEDS)('M01: mirrors in both directions, seed %s', (seed) => {
  it('that keep the name copy a burst round and round, one burst a round trip', () => {
    const { history } = echo(false, seed)
    const [a, b] = ['A', 'B'].map((cluster) => appendsIn(history, cluster))
    const start = a?.[0]?.at ?? 0
    const there = (b?.[0]?.at ?? 0) - start
    const [from, until] = [1_000, 5_000]
    const grown = endAt(a ?? [], until) - endAt(a ?? [], from)
    const round = ((until - from) * BURST) / grown
    expect(there).toBeGreaterThan(WAY_MS)
    expect(round).toBeGreaterThan(2 * WAY_MS)
    expect(round).toBeLessThan(2 * WAY_MS + 60)
    for (let ms = 500; ms <= until; ms += 450) {
      const ofA = BURST * (1 + Math.floor((ms - start) / round))
      const ofB = BURST * (1 + Math.floor((ms - start - there) / round))
      expect(Math.abs(endAt(a ?? [], ms) - ofA)).toBeLessThanOrEqual(2 * BURST)
      expect(Math.abs(endAt(b ?? [], ms) - ofB)).toBeLessThanOrEqual(2 * BURST)
    }
  })

  it('whose handler puts the source before the name copy it once', () => {
    const run = echo(true, seed)
    expect(endsOf(run, 'A', 'orders')).toEqual([BURST])
    expect(endsOf(run, 'B', 'A.orders')).toEqual([BURST])
    expect(endsOf(run, 'B', 'orders')).toEqual([0])
  })
})

// L04. Both clusters take writes of the same keys, and each site merges its own topic with the copy
// of the other's. Two writes of a key that cross on the way are applied in different orders: each
// site ends with the other's predecessor. No log shows it, only the two states do. A key that one
// site alone writes has no such pair.

import { describe, expect, it } from 'vitest'
import { RECORDS_PER_STREAM } from '../../src/history.ts'
import { linkRows } from '../../src/report/links.ts'
import { MIRROR_SEEDS, type Mirrored, playMirrored } from './mirrored.ts'

const RATE = 50
const SECONDS = 20
const KEYS = 10

function story(seed: string): Mirrored {
  const reader = (name: string, cluster: string, topic: string) => ({
    ...{ name, region: cluster === 'A' ? 'us' : 'eu', cluster, topic },
    config: { 'auto.offset.reset': 'earliest' },
  })
  const own = { 'linger.ms': 0 }
  const shop = { rate: `${RATE}/s`, stop: `${SECONDS}s`, keys: KEYS, config: own }
  return playMirrored(
    {
      ...{ duration: `${SECONDS}s`, rtt: '200ms', bothWays: true, homes: ['A', 'B'] },
      producers: [
        { ...shop, name: 'shop-us', start: '7ms' },
        { ...shop, name: 'shop-eu', region: 'eu', cluster: 'B' },
      ],
      consumers: [
        ...[reader('us-own', 'A', 'orders'), reader('us-far', 'A', 'B.orders')],
        ...[reader('eu-own', 'B', 'orders'), reader('eu-far', 'B', 'A.orders')],
      ],
    },
    seed,
  )
}

/** A record as a site applied it. */
interface Write {
  readonly id: number
  readonly site: string
  readonly at: number
}

/** What both readers of a site were handed, in the order in which they applied it. */
function appliedAt({ history }: Mirrored, site: string): Write[] {
  const writes: Write[] = []
  for (const { consumer, firstRecordId, count, at } of history.delivered) {
    if (!history.consumers[consumer]?.name.startsWith(site)) continue
    for (let id = firstRecordId; id < firstRecordId + count; id++) {
      const stream = history.streams[Math.floor(id / RECORDS_PER_STREAM)]
      writes.push({ id, at, site: stream?.region ?? '' })
    }
  }
  return writes.sort((a, b) => a.at - b.at)
}

type KeyOf = (write: Write) => string

/** Any site writes any key. */
const shared: KeyOf = ({ id }) => `${mixed(mixed(id)) % KEYS}`

function mixed(number: number): number {
  const folded = number ^ (number >>> 15)
  return (Math.imul(folded, 0x2c1b3c6d) ^ (folded >>> 12)) >>> 0
}
/** A key belongs to the site that writes it. */
const owned: KeyOf = (write) => `${write.site}-${shared(write)}`

/** Pairs of writes to one key, one of each site, that the sites applied in different orders. */
function conflicts(run: Mirrored, keyOf: KeyOf): number {
  const far = new Map(appliedAt(run, 'eu').map(({ id, at }) => [id, at]))
  const writes = appliedAt(run, 'us')
  let pairs = 0
  for (const [i, first] of writes.entries()) {
    for (const second of writes.slice(i + 1)) {
      if (first.site === second.site || keyOf(first) !== keyOf(second)) continue
      if ((far.get(first.id) ?? 0) > (far.get(second.id) ?? 0)) pairs++
    }
  }
  return pairs
}

/** Keys that have another value at each site when all has arrived. */
function differing(run: Mirrored, keyOf: KeyOf): string[] {
  const state = (site: string) =>
    new Map(appliedAt(run, site).map((write) => [keyOf(write), write.id]))
  const [us, eu] = [state('us'), state('eu')]
  return [...us.keys()].filter((key) => us.get(key) !== eu.get(key))
}

/** How much later a site sees what the other one wrote: both ways together, in seconds. */
function apart(run: Mirrored): number {
  const us = new Map(appliedAt(run, 'us').map(({ id, at }) => [id, at]))
  const gaps = { us: [] as number[], eu: [] as number[] }
  for (const { id, at, site } of appliedAt(run, 'eu')) {
    const other = us.get(id) ?? at
    if (site === 'us') gaps.us.push(at - other)
    else gaps.eu.push(other - at)
  }
  const mean = (all: number[]) => all.reduce((sum, gap) => sum + gap, 0) / all.length
  return (mean(gaps.us) + mean(gaps.eu)) / 1_000_000
}

describe.each(MIRROR_SEEDS)('L04: two active sites, seed %s', (seed) => {
  const run = story(seed)

  it('order as many pairs differently as cross on the way, and end with different values', () => {
    expect(run.result.fates.lost).toBe(0)
    expect(apart(run)).toBeGreaterThan(0.2)
    const expected = (RATE / KEYS) ** 2 * KEYS * SECONDS * apart(run)
    expect(conflicts(run, shared)).toBeGreaterThan(0.8 * expected)
    expect(conflicts(run, shared)).toBeLessThan(1.2 * expected)
    expect(differing(run, shared)).not.toEqual([])
  })

  it('are told so: the run counts the pairs of its own keys', () => {
    const [conflict, ...others] = run.result.conflicts
    expect(others).toEqual([])
    expect(conflict).toMatchObject({ topic: 'orders', between: ['A', 'B'], keys: KEYS })
    const { crossed = 0, keysApart = 0 } = conflict ?? {}
    const expected = (RATE / KEYS) ** 2 * KEYS * SECONDS * apart(run)
    expect(crossed).toBeGreaterThan(0.8 * expected)
    expect(crossed).toBeLessThan(1.2 * expected)
    expect(keysApart).toBeGreaterThan(0)
    const [, sentence] = linkRows(run.result).find(([name]) => name === 'orders in A and B') ?? []
    expect(sentence).toContain(`${crossed.toLocaleString('en')} pairs of writes to one key crossed`)
  })

  it('agree on every key that has one owner', () => {
    expect(conflicts(run, owned)).toBe(0)
    expect(differing(run, owned)).toEqual([])
  })
})

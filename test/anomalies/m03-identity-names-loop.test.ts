// M03. Two flows, one each way, with IdentityReplicationPolicy: a copy bears the name of what it is
// a copy of, so nothing tells a flow that a record has been here. Every record circles for ever, as
// fast as the way there and back. Names with a source in front end it.

import { describe, expect, it } from 'vitest'
import { endOf, MIRROR_SEEDS, playMirrored } from './mirrored.ts'

const POLICIES = 'org.apache.kafka.connect.mirror'

/** A hundred records are written to A within the first second. */
function story(policy: 'Default' | 'Identity', duration: string, seed: string) {
  return playMirrored(
    {
      ...{ duration, settle: '1s', bothWays: true, homes: ['A', 'B'] },
      config: {
        'replication.policy.class': `${POLICIES}.${policy}ReplicationPolicy`,
        ...{ topics: '.*orders', 'emit.heartbeats.enabled': false },
      },
      producers: [{ name: 'shop', rate: '100/s', stop: '1s' }],
    },
    seed,
  )
}

describe.each(MIRROR_SEEDS)('M03: mirrors in both directions, seed %s', (seed) => {
  it('that keep names circle for ever: the logs grow while nobody writes', () => {
    const [short, long] = [story('Identity', '12s', seed), story('Identity', '23s', seed)]
    const rounds = (run: typeof short) => endOf(run, 'A:orders-0') / 100
    // A round is not shorter than the way there and back, 50 ms.
    expect(rounds(short)).toBeGreaterThan(20)
    expect(rounds(short)).toBeLessThan(1 + 12 / 0.05)
    // Twelve more seconds, twelve more seconds' rounds: it does not end.
    const [before, after] = [rounds(short) / 12, (rounds(long) - rounds(short)) / 11]
    expect(after).toBeGreaterThan(0.6 * before)
    // What is under way is the only difference between the two ends.
    const ahead = endOf(long, 'A:orders-0') - endOf(long, 'B:orders-0')
    expect(ahead).toBeGreaterThanOrEqual(0)
    expect(ahead).toBeLessThanOrEqual(100)
    expect(long.result.fates).toMatchObject({ lost: 0, duplicated: 100 })
  })

  it('that put the source in front copy once, and nothing back', () => {
    const run = story('Default', '12s', seed)
    expect(endOf(run, 'B:A.orders-0')).toBe(100)
    expect([endOf(run, 'A:orders-0'), endOf(run, 'B:orders-0')]).toEqual([100, 0])
    expect(run.result.fates.duplicated).toBe(0)
    expect(run.history.partitions.map(({ topic }) => topic)).not.toContain('B.A.orders')
  })
})

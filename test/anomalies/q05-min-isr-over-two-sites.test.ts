// Q05. Four replicas over two data centres. With min.insync.replicas 2 the ISR may shrink to one
// site and still acknowledge; with 3 every acknowledged record is in both, and the loss of a site
// stops the writers until an operator lowers it. No setting gives both.

import { describe, expect, it } from 'vitest'
import { isrsOf, leadersOf, play, SEEDS } from './case.ts'
import { WITH_WITNESS } from './two-sites.ts'

const RATE = 10

/** dc2's brokers cannot follow from 10 s on; dc1 is lost at 60 s; the cut is healed. */
function story(topic: Readonly<Record<string, unknown>>, seed: string) {
  const cut = { between: ['broker-1 and broker-2', 'broker-3 and broker-4'] }
  return play(
    {
      place: WITH_WITNESS,
      guards: { elr: false },
      duration: '110s',
      settle: '60s',
      config: { 'replica.lag.time.max.ms': 10_000 },
      replicas: [1, 2, 3, 4],
      topic,
      producers: [{ name: 'shop', region: 'dc1', stop: '59s', rate: `${RATE}/s` }],
      faults: [
        { at: '10s', partition: cut, for: '52s' },
        { at: '60s', 'region-loss': { target: 'region dc1', model: 'stop' }, for: '60s' },
      ],
    },
    seed,
  )
}

const UNCLEAN = { 'unclean.leader.election.enable': true }

describe.each(SEEDS)('Q05: the second site lags out, then the first is lost, seed %s', (seed) => {
  it('m=2: writes went on in one site; nobody may lead while it is away', () => {
    const result = story({ 'min.insync.replicas': 2 }, seed)
    expect(isrsOf(result).map(({ label }) => label)).toContain('1,2')
    expect(result.fates).toMatchObject({ acked: 59 * RATE, lost: 0 })
    expect(leadersOf(result).map(({ node }) => node)).toContain(-1)
  })

  it('m=2 with unclean election: what only that site had is lost', () => {
    const { fates, rpo } = story({ 'min.insync.replicas': 2, ...UNCLEAN }, seed)
    // From the cut at 10 s on, give or take what was on its way then.
    expect(fates.acked).toBe(59 * RATE)
    expect(fates.lost).toBeGreaterThan(49 * RATE - 3)
    expect(fates.lost).toBeLessThan(49 * RATE + 3)
    expect(rpo.lostRanges).toHaveLength(1)
  })

  it('m=3: nothing is acknowledged on one site alone, so that even then nothing is lost', () => {
    const { fates } = story({ 'min.insync.replicas': 3, ...UNCLEAN }, seed)
    expect(fates.lost).toBe(0)
    expect(fates.acked).toBeLessThan(59 * RATE)
  })
})

/** dc2 is lost at once; writers are in dc1; at 50 s the operator may lower min.insync.replicas. */
function siteLoss(minIsr: number, operator: boolean, seed: string) {
  const lower = { topic: 'orders', set: { 'min.insync.replicas': 2 } }
  return play(
    {
      place: WITH_WITNESS,
      duration: '80s',
      settle: '0s',
      replicas: [1, 2, 3, 4],
      topic: { 'min.insync.replicas': minIsr },
      producers: [{ name: 'shop', region: 'dc1', rate: `${RATE}/s` }],
      faults: [
        { at: '20s', 'region-loss': { target: 'region dc2', model: 'stop' } },
        ...(operator ? [{ at: '50s', 'alter-config': lower }] : []),
      ],
    },
    seed,
  )
}

describe.each(SEEDS)('Q05: the second site is lost, seed %s', (seed) => {
  it('m=2 pauses for a failover; m=3 until somebody lowers it', () => {
    const two = siteLoss(2, false, seed).rto.produce.ms ?? Number.NaN
    expect(two).toBeLessThan(15_500)
    expect(siteLoss(3, false, seed).rto.produce.ms).toBeNull()
    const lowered = siteLoss(3, true, seed).rto.produce.ms ?? Number.NaN
    expect(lowered).toBeGreaterThan(29_900)
    expect(lowered).toBeLessThan(33_000)
  })
})

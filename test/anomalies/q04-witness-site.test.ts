// Q04. A third site with one voter and no broker: any one site can be lost. If the active
// controller goes with the leaders, its successor gives every broker a whole new session first.

import { describe, expect, it } from 'vitest'
import { leadersOf, play } from './case.ts'
import { QUORUM_OF, WITH_WITNESS } from './two-sites.ts'

const SEEDS = ['0', '1', '2', '3', '4', '5', '6', '7']
const LOST_AT_MS = 20_000
const SESSION_MS = 9_000

function story(lost: readonly string[], seed: string) {
  return play(
    {
      place: WITH_WITNESS,
      duration: '60s',
      settle: '0s',
      replicas: [1, 2, 3, 4],
      topic: { 'min.insync.replicas': 2 },
      producers: [{ name: 'shop', rate: '10/s', region: 'dc2' }],
      faults: lost.map((region) => ({ at: '20s', 'region-loss': `region ${region}` })),
    },
    seed,
  )
}

/** Who was the active controller when the site went, and since when another is. */
function controllersOf({ controllers }: ReturnType<typeof play>) {
  const before = controllers.filter(({ fromMs }) => fromMs < LOST_AT_MS).at(-1)?.node ?? -1
  const next = controllers.find(({ fromMs, node }) => fromMs > LOST_AT_MS && node >= 0)
  return { before, nextMs: next?.fromMs ?? Number.NaN }
}

describe('Q04: one voter in each of three sites, brokers in two', () => {
  const runs = SEEDS.map((seed) => story(['dc1'], seed))
  const together = runs.filter((run) => controllersOf(run).before === QUORUM_OF.dc1)
  const apart = runs.filter((run) => controllersOf(run).before !== QUORUM_OF.dc1)

  it('the leaders’ site is lost, the controller is elsewhere: one session', () => {
    expect(apart.length).toBeGreaterThan(0)
    for (const run of apart) {
      const back = leadersOf(run).find(({ node }) => node === 3)
      expect(back?.fromMs).toBeGreaterThan(LOST_AT_MS + 7_000)
      expect(back?.fromMs).toBeLessThan(LOST_AT_MS + 1.125 * SESSION_MS + 100)
    }
  })

  it('it is lost with the active controller: a quorum election, then a whole session', () => {
    expect(together.length).toBeGreaterThan(0)
    for (const run of together) {
      const { nextMs } = controllersOf(run)
      expect(nextMs).toBeGreaterThan(LOST_AT_MS + 1_000)
      expect(nextMs).toBeLessThan(LOST_AT_MS + 5_200)
      const back = leadersOf(run).find(({ node }) => node === 3)
      expect(back?.fromMs).toBeGreaterThan(nextMs + SESSION_MS)
      expect(back?.fromMs).toBeLessThan(nextMs + 1.125 * SESSION_MS + 100)
    }
  })

  it('nothing acknowledged is lost with a site', () => {
    for (const { fates } of runs) expect(fates.lost).toBe(0)
  })

  it('the witness is lost: no leader moves and no write waits', () => {
    for (const seed of SEEDS.slice(0, 4)) {
      const run = story(['witness'], seed)
      expect(leadersOf(run)).toHaveLength(1)
      expect(run.availability.unavailableMs).toBe(0)
    }
  })

  it('the witness and a site are lost: as with two sites, nobody decides (Q03)', () => {
    for (const seed of SEEDS.slice(0, 2)) {
      const run = story(['witness', 'dc1'], seed)
      expect(run.controllers.at(-1)?.node).toBe(-1)
      expect(leadersOf(run)).toHaveLength(1)
    }
  })
})

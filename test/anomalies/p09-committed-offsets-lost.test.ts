// P09. __consumer_offsets has three replicas, but min.insync.replicas of the brokers, 1: commits on
// its leader alone are taken, and an unclean election forgets them. The records stay; the group
// reads them again.
//
// 1. the coordinator is cut off from its followers, and a lag time later the ISR is it alone; the
//    group goes on committing.
// 2. the coordinator is lost, and the consumer with it; the consumer is back before it.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

const RATE = 10
const CUT_S = 30
const LOST_S = 60
const BACK_MS = 120_000
const OFFSETS = '__consumer_offsets-0'

/** The data stand on a fourth broker, which no fault hits. */
const FOUR = {
  regions: { a: {}, b: {}, c: {} },
  network: { rtt: { 'a ~ b': '20ms', 'a ~ c': '20ms', 'b ~ c': '20ms' } },
  cluster: { brokers: { a: 1, b: 1, c: 2 }, controllers: { a: 1, b: 1, c: 1 } },
}

function story(uncleanElection: boolean, seed: string) {
  const config = {
    'group.id': 'billing',
    'auto.offset.reset': 'earliest',
    'auto.commit.interval.ms': 1000,
    'session.timeout.ms': 10_000,
  }
  const result = play(
    {
      guards: { elr: false },
      place: FOUR,
      config: {
        'offsets.topic.num.partitions': 1,
        'replica.lag.time.max.ms': 10_000,
        'unclean.leader.election.enable': uncleanElection,
      },
      duration: '150s',
      settle: '30s',
      replicas: [4],
      producers: [{ name: 'shop', rate: `${RATE}/s`, stop: '100s', region: 'c' }],
      consumers: [{ name: 'billing', region: 'c', config }],
      faults: [
        {
          at: `${CUT_S}s`,
          partition: { between: [`leader of ${OFFSETS}`, `followers of ${OFFSETS}`] },
          for: '35s',
        },
        { at: `${LOST_S - 0.5}s`, crash: 'billing', for: '20s' },
        {
          at: `${LOST_S}s`,
          'host-loss': { target: `leader of ${OFFSETS}`, model: 'stop' },
          for: '60s',
        },
      ],
    },
    seed,
  )
  const again = result.timeline.find(({ kind, atMs }) => kind === 'assigned' && atMs > 60_000)
  return { ...result, assignedMs: again?.atMs ?? Number.NaN }
}

describe.each(SEEDS)('P09: the coordinator is lost with an ISR of one, seed %s', (seed) => {
  it('unclean election: the group goes back to its last replicated commit, thirty seconds', () => {
    const { consumerView, fates, assignedMs } = story(true, seed)
    expect(assignedMs).toBeLessThan(BACK_MS)
    expect(consumerView.redelivered).toBeGreaterThan((LOST_S - CUT_S - 2) * RATE)
    expect(consumerView.redelivered).toBeLessThan((LOST_S - CUT_S + 3) * RATE)
    expect(consumerView.skipped).toBe(0)
    expect(fates.lost).toBe(0)
  })

  it('no unclean election: nobody coordinates until it is back, and nothing is forgotten', () => {
    const { consumerView, fates, assignedMs } = story(false, seed)
    expect(assignedMs).toBeGreaterThan(BACK_MS)
    expect(consumerView.redelivered).toBeLessThan(3 * RATE)
    expect(consumerView.skipped).toBe(0)
    expect(fates.lost).toBe(0)
  })
})

// L01. A group's offsets cross the link at intervals, records as fast as they can. At a failover
// the group may be further than the mirror: it then skips what is written next, up to where it was.
// With its offsets brought down to the mirror's end it skips nothing; nor does a consumer that asks
// where the epoch of its committed offset ended (KIP-320): a mirror keeps its source's epochs.
// A promotion has no tail.

import { describe, expect, it } from 'vitest'
import { runLinked, told } from '../lab/links/two-regions.ts'
import { SEEDS } from './case.ts'

const GROUP = '{group.id: billing, auto.offset.reset: earliest, auto.commit.interval.ms: 200}'
const FILTERS = '{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'

/** Records stand still on the link while offsets go on; then the source's region is lost. */
function failover(clampOffsets: boolean, consumerValidatesPosition: boolean, seed: string) {
  return runLinked(
    {
      duration: '60s',
      settle: '40s',
      stop: '20s',
      takeOver: '25s',
      config: {
        ...{ 'consumer.offset.sync.enable': true, 'consumer.offset.sync.ms': 1000 },
        ...{ 'consumer.offset.group.filters': FILTERS, 'replica.fetch.max.bytes': 16_384 },
      },
      knobs: { clampOffsets },
      guards: { consumerValidatesPosition },
      consumers: [
        `{name: old, region: us, cluster: A, topic: orders, config: ${GROUP}}`,
        `{name: new, region: eu, cluster: B, topic: orders, start: 40s, config: ${GROUP}}`,
      ],
      faults: [
        '{at: 10s, slow-link: {between: [region us, region eu], bandwidth: 3Mbit}}',
        '{at: 19s, region-loss: region us}',
        '{at: 22s, mirror-failover: {link: dr}}',
      ],
    },
    {},
    seed,
  )
}

function delivered({ consumerView }: ReturnType<typeof failover>): number {
  return consumerView.delivered
}

describe.each(SEEDS)('L01: a mirror fails over with a group ahead of it, seed %s', (seed) => {
  it('offsets as they came: the group skips records of the new primary', () => {
    const missed = delivered(failover(true, false, seed)) - delivered(failover(false, false, seed))
    expect(missed).toBeGreaterThan(100)
  })

  it('offsets brought down to the mirror’s end: it skips none', () => {
    const { consumerView, rpo } = failover(true, false, seed)
    expect(consumerView.skipped).toBe(0)
    expect(rpo.records).toBeGreaterThan(100)
  })

  it('offsets as they came, and a consumer that validates them: it skips none', () => {
    const validated = delivered(failover(false, true, seed))
    expect(validated).toBe(delivered(failover(true, false, seed)))
  })

  it('promoted without lag nothing is lost and nothing skipped', () => {
    const planned = runLinked(
      {
        ...{ stop: '10s', takeOver: '15s', faults: ['{at: 12s, mirror-promote: {link: dr}}'] },
        consumers: [`{name: old, region: us, cluster: A, topic: orders, config: ${GROUP}}`],
      },
      {},
      seed,
    )
    expect(told(planned, 'promotion')).toEqual(['B:orders is writable'])
    expect(planned.fates.lost).toBe(0)
  })
})

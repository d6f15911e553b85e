// L03. A mirror's records keep the leader epochs of their source. Where the mirror's own leader
// epoch is lower, a consumer hears of an epoch that no metadata knows and waits for newer metadata
// for ever. A mirror whose epoch is raised to its source's first is read as any topic.

import { describe, expect, it } from 'vitest'
import { runLinked } from '../lab/links/two-regions.ts'
import { SEEDS } from './case.ts'

const FILTERS = '{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'
const GROUP = '{group.id: billing, auto.offset.reset: earliest, auto.commit.interval.ms: 200}'

/** The source's leader moves; later a consumer moves from the source to the mirror. */
function story(epochNotBelowSource: boolean, seed: string) {
  return runLinked(
    {
      ...{ stop: '20s', duration: '60s', topic: 'min.insync.replicas: 2' },
      config: {
        ...{ 'consumer.offset.sync.enable': true, 'consumer.offset.sync.ms': 1000 },
        'consumer.offset.group.filters': FILTERS,
      },
      knobs: { epochNotBelowSource },
      consumers: [
        `{name: old, region: us, cluster: A, topic: orders, stop: 18s, config: ${GROUP}}`,
        `{name: new, region: eu, cluster: B, topic: orders, start: 40s, config: ${GROUP}}`,
      ],
      faults: ['{at: 5s, crash: "leader of A:orders-0", for: 5s}', '{at: 18s, crash: old}'],
    },
    {},
    seed,
  )
}

/** Of the group in the mirror's cluster when the run ends. */
function lagAtMirror({ clusters }: ReturnType<typeof story>): number {
  const group = clusters[1]?.groups.find(({ group: id }) => id === 'billing')
  const lags = group?.rows.map(({ currentOffset, logEndOffset }) => {
    return (logEndOffset ?? 0) - (currentOffset ?? 0)
  })
  return lags?.reduce((sum, lag) => sum + lag, 0) ?? -1
}

describe.each(SEEDS)('L03: the source’s leader epoch rises, seed %s', (seed) => {
  it('below it, the group stands still at the mirror', () => {
    expect(lagAtMirror(story(false, seed))).toBeGreaterThan(0)
  })

  it('raised to it, the group reads on to the end', () => {
    expect(lagAtMirror(story(true, seed))).toBe(0)
  })
})

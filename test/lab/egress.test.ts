// What traffic between places costs, held against a calculation that is published: of a load that
// comes in once, two thirds cross zones to be written, two copies cross to be kept, and two thirds
// cross for each group that reads; of the last nothing with a replica to read from in each zone.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const MB_PER_SECOND = 1.024
const SECONDS_PER_MONTH = 730 * 3600
/** A GB for each time that the load crosses, in a month. */
const ONCE = (MB_PER_SECOND / 1000) * SECONDS_PER_MONTH

interface Crossing {
  readonly cloud?: string
  readonly readers?: number
  readonly isNear?: boolean
}

/** Large batches, so that headers weigh little; zones take turns in everything. */
function monthOf({ cloud = 'aws:us-east-1', readers = 0, isNear = false }: Crossing) {
  const zones = ['a', 'b', 'c']
  const selector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'
  const document = {
    ...{ duration: '20s', settle: '5s', regions: { here: { cloud, zones } } },
    network: { intraRegion: { rtt: '1ms' } },
    cluster: {
      brokers: zones.map((zone, i) => ({ id: i + 1, region: 'here', zone, rack: zone })),
      controllers: { 'here/a': 1 },
      config: isNear ? { 'replica.selector.class': selector } : {},
    },
    topics: [
      {
        name: 'orders',
        assignment: [
          [1, 2, 3],
          [2, 3, 1],
          [3, 1, 2],
        ],
      },
    ],
    producers: zones.map((zone) => ({
      ...{ name: `p-${zone}`, region: 'here', zone, topic: 'orders', rate: '1000/s' },
      ...{ recordBytes: 341, config: { 'linger.ms': 200 } },
    })),
    consumers: zones.slice(0, readers).map((zone) => ({
      ...{ name: `c-${zone}`, region: 'here', zone, topic: 'orders' },
      config: isNear ? { 'client.rack': zone } : {},
    })),
  }
  return run(scenarioOf(JSON.stringify(document), 'egress'), '1').egress
}

describe('a month between the zones of a region', () => {
  const [alone, read, near] = [
    monthOf({}),
    monthOf({ readers: 3 }),
    monthOf({ readers: 3, isNear: true }),
  ]

  it('carries two copies of the load and two thirds of it to their leaders', () => {
    const times = (alone.zones.gb ?? 0) / ONCE
    expect(times).toBeGreaterThan(2 + 2 / 3)
    expect(times).toBeLessThan((2 + 2 / 3) * 1.15)
    expect(alone.regions).toEqual({ gb: 0, usd: 0 })
  })

  it('carries two thirds more for each reader of a leader', () => {
    const times = ((read.zones.gb ?? 0) - (alone.zones.gb ?? 0)) / ONCE
    expect(times).toBeGreaterThan(3 * (2 / 3))
    expect(times).toBeLessThan(3 * (2 / 3) * 1.15)
  })

  it('carries hardly anything more for readers of the replica in their zone', () => {
    expect(((near.zones.gb ?? 0) - (alone.zones.gb ?? 0)) / ONCE).toBeLessThan(0.1)
  })

  it('costs a cent a gigabyte on either side', () => {
    expect(read.zones.usd).toBeCloseTo((read.zones.gb ?? 0) * 0.02, 6)
    expect(read.usd).toBe(read.zones.usd)
  })

  it('has no price where nobody has published one', () => {
    const { zones, usd } = monthOf({ cloud: 'azure:eastus' })
    expect(zones.gb).toBeGreaterThan(ONCE)
    expect([zones.usd, usd]).toEqual([null, null])
  })
})

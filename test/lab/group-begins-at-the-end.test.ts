// A group goes over to a copy of what it has read, finds no place of its own there, and begins at
// the end: what was written there meanwhile is skipped, by each of the figures that tell of it.

import { expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const TEXT = `
scenario: group-begins-at-the-end
version: "4.1"
flavour: confluent
duration: 40s
settle: 20s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 80ms}}
clusters:
  us: {brokers: {us: 3}, controllers: {us: 3}}
  eu: {brokers: {eu: 3}, controllers: {eu: 3}, config: {default.replication.factor: 3}}
topics:
  - {name: orders, cluster: us, partitions: 2, replicationFactor: 3}
links:
  - {system: cluster-link, name: dr, from: us, to: eu, mirrors: [orders]}
producers:
  - {name: shop-us, region: us, cluster: us, topic: orders, rate: 50/s, stop: 9s}
  - {name: shop-eu, region: eu, cluster: eu, topic: orders, rate: 50/s, start: 14s}
consumers:
  - {name: bill-us, region: us, cluster: us, topic: orders, stop: 14s, config: {group.id: bill}}
  - {name: bill-eu, region: eu, cluster: eu, topic: orders, start: 20s, config: {group.id: bill}}
faults:
  - {at: 12s, mirror-failover: {link: dr}}
`

it.each(['1', '2', '3'])('what is written before it is there is skipped, seed %s', (seed) => {
  const { groups, consumerView } = run(scenarioOf(TEXT, 'moved.yaml'), seed)
  const skip = groups[0]?.moves.reduce((sum, move) => sum + move.skip, 0)
  // Fifty a second for six seconds, and for those that it takes to join.
  expect(skip).toBeGreaterThan(300)
  expect([groups[0]?.skipped, consumerView.skipped]).toEqual([skip, skip])
})

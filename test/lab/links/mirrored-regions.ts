// A cluster and its copy by MirrorMaker 2, far apart, with a group at the source: small runs that
// tests of results and reports look at.

import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

const SMALL = 'config: {offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1}'
const FACTORS = [
  ...['replication.factor: 1', 'offset-syncs.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
].join(', ')

/** Two partitions of orders at A, copied to B for twenty seconds. */
export function runMirrored(faults: readonly string[] = [], seed = '1') {
  const text = `
duration: 20s
settle: 10s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 50ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, ${SMALL}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, ${SMALL}}
topics:
  - {name: orders, cluster: A, partitions: 2, replicationFactor: 1}
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 100/s, recordBytes: 100}
consumers:
  - name: billing
    region: us
    cluster: A
    topic: orders
    config: {group.id: billing, auto.offset.reset: earliest, auto.commit.interval.ms: 1000}
links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {eu: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}}
faults: [${faults.join(', ')}]
`
  return run(scenarioOf(text, 'mirrored.yaml'), seed)
}

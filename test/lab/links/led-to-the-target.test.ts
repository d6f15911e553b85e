// A client that a name leads to the other cluster takes the batches with it that it has made for
// the first one: they get there without the link.

import { expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

const SMALL = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1'
const TEXT = `
duration: 40s
settle: 5s
flavour: confluent
regions: {us: {}, eu: {}, office: {}}
network: {rtt: {us ~ eu: 80ms, us ~ office: 30ms, eu ~ office: 60ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: {${SMALL}}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {${SMALL}}}
topics: [{name: orders, cluster: A, partitions: 2, replicationFactor: 1}]
endpoints:
  kafka: {kind: load-balancer, cluster: A, proxy: {}}
producers:
  - {name: shop, region: office, bootstrap: kafka, topic: orders, rate: 100/s}
links: [{system: cluster-link, name: dr, from: A, to: B, mirrors: [orders], replicationFactor: 1}]
runbooks:
  - name: mesh
    detect: {probe: {cluster: A, region: office, every: 2s, timeout: 1s, failures: 3}}
    steps:
      - mirror-failover: {link: dr}
      - wait-until: {writable: {cluster: B, topic: orders}}
      - repoint: {endpoint: kafka, to: B}
faults: [{at: 10s, region-loss: region us, for: 60s}]
`

it('a link has copied what crossed it, and not what a client brought along itself', () => {
  const { links, fates } = run(scenarioOf(TEXT, 'mesh.yaml'), '1')
  const [link] = links
  const [failover] = link?.failovers ?? []
  expect(fates.pending).toBe(0)
  expect(fates.acked).toBe(4_000)
  const { acked = 0, records: missing = 0 } = failover?.missing ?? {}
  // A hundred a second for ten seconds; the rest was acknowledged by the other cluster.
  expect(acked).toBeGreaterThan(980)
  expect(acked).toBeLessThan(1_010)
  expect(link?.copied.records).toBe(acked - missing)
  expect(link?.atLoadEnd).toMatchObject({ acked, records: missing })
})

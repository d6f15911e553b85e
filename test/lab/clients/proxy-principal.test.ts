// A client that a proxy stands before comes to its brokers as itself, and not as the proxy.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

const SECURED =
  'authorizer.class.name: org.apache.kafka.metadata.authorizer.StandardAuthorizer, ' +
  'super.users: "User:admin", offsets.topic.num.partitions: 1'

/** What became of records of User:shop, which a proxy of its own or in a region carries. */
function fatesThrough(proxy: string, acls: string) {
  const text = `
duration: 6s
settle: 1s
regions: {us: {}, app: {}}
network: {rtt: {us ~ app: 10ms}}
clusters:
  A:
    brokers: {us: 1}
    controllers: {us: 1}
    config: {${SECURED}, offsets.topic.replication.factor: 1}
    acls: [${acls}]
endpoints: {kafka: {kind: gateway, cluster: A, proxy: {${proxy}}}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
producers:
  - name: shop
    region: app
    cluster: A
    bootstrap: kafka
    topic: orders
    rate: 50/s
    stop: 5s
    principal: User:shop
`
  return run(scenarioOf(text, 'proxy.yaml'), '1').fates
}

const mayWrite = (who: string) => `{principal: ${who}, topic: orders, operations: [WRITE]}`

describe('a principal behind a proxy', () => {
  it.each(['hop: 1ms', 'region: us'])('is who the brokers ask for: %s', (proxy) => {
    expect(fatesThrough(proxy, mayWrite('User:shop'))).toMatchObject({ acked: 250, failed: 0 })
    const refused = fatesThrough(proxy, mayWrite('User:other'))
    expect(refused.acked).toBe(0)
    expect(refused.failed).toBeGreaterThan(0)
  })
})

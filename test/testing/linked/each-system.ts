// A small run of every system: a topic of two partitions, keys, a group that stops
// before the load does, and one link that rests in the end.

import { scenarioOf } from '../../../src/scenario/parse.ts'
import { LINK_SYSTEMS } from '../../../src/scenario/topologies/systems.ts'
import type { Flow, LinkSystem } from '../../../src/scenario/topologies/topology.ts'
import { scenarioYaml } from '../../../src/scenario/write.ts'
import { type ObservedRun, observe } from '../../../src/testing/observed-run.ts'

const INTERCEPTOR = 'io.confluent.connect.replicator.offsets.ConsumerTimestampsInterceptor'
const SECONDS = 8
const BROKERS = 3

export const SYSTEMS = LINK_SYSTEMS.map((system) => ({ name: system.name, system }))

/** Fresh for each: what a test changes of its history is its own. */
export function runOf(system: LinkSystem): ObservedRun {
  const from = { name: 'us', cloud: null }
  const to = { name: 'eu', cloud: null }
  const flow: Flow = { from, to, topic: 'orders', carriesGroups: true, replicas: BROKERS }
  const small = {
    'offsets.topic.num.partitions': 2,
    'offsets.topic.replication.factor': 1,
    'default.replication.factor': 1,
  }
  const nodes = (region: string) => ({
    ...{ brokers: { [region]: BROKERS }, controllers: { [region]: 1 } },
    config: small,
  })
  const topic = { name: 'orders', cluster: 'us', partitions: 2, replicationFactor: 1 }
  const copy = { ...topic, name: system.copyOf('us', 'orders'), cluster: 'eu' }
  return observe(
    scenarioOf(
      scenarioYaml({
        version: '4.1',
        flavour: system.flavour,
        seed: 'each-system',
        duration: `${SECONDS}s`,
        settle: '170s',
        regions: { us: {}, eu: {} },
        network: { rtt: { 'us ~ eu': '20ms' } },
        clusters: { us: nodes('us'), eu: nodes('eu') },
        topics: system.copies === undefined ? [topic] : [topic, copy],
        producers: [
          { name: 'shop', region: 'us', cluster: 'us', topic: 'orders', rate: '50/s', keys: 20 },
        ],
        consumers: [
          {
            ...{ name: 'billing', region: 'us', cluster: 'us', topic: 'orders', stop: '6s' },
            commit: { every: '1s' },
            config: {
              'group.id': 'billing',
              'auto.offset.reset': 'earliest',
              'enable.auto.commit': false,
              'interceptor.classes': INTERCEPTOR,
            },
          },
        ],
        links: [system.link(flow)],
      }),
      'each-system.yaml',
    ),
  )
}

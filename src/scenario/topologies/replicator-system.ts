// Confluent Replicator as a system of patterns. Copies get the source's name as a prefix; groups
// are moved by the timestamps that their consumers leave.

import { endsOf, storageOf, workerDies } from './parts.ts'
import type { LinkSystem } from './topology.ts'

export const replicator: LinkSystem = {
  name: 'replicator',
  flavour: 'apache',
  why:
    'Confluent Replicator is a connector on Connect workers at the target. It creates the ' +
    'copies as the source has them; topic.rename.format gives them their source’s name, ' +
    'because under the same name two links would copy each other’s copies for ever unless ' +
    'provenance.header.enable marks them.',
  groups:
    'Replicator moves a group by the timestamps of what it has committed, every minute, and ' +
    'only where its consumers are Java’s and carry the ConsumerTimestampsInterceptor ' +
    '(interceptor.classes).',
  firstGroups:
    'These consumers carry no interceptor, so the group has no offsets there: add ' +
    'interceptor.classes: ….ConsumerTimestampsInterceptor and compare.',
  chained: (lastName) => [
    `Names stack up as the format says: at the end the topic is called ${lastName}.`,
    'Timestamps are kept, so they find the same records at every hop, an interval a hop late.',
  ],
  newTopics:
    'Topics created shortly before are missing: Replicator looks for new ones every two minutes.',
  link(flow) {
    const [source, target] = endsOf(flow)
    const { topic, replicas, to } = flow
    return {
      system: 'replicator',
      from: source,
      to: target,
      workers: { [to.name]: 1 },
      config: {
        'topic.whitelist': topic,
        'topic.rename.format': `${source}.\${topic}`,
        'src.kafka.timestamps.topic.replication.factor': replicas,
      },
      ...storageOf(flow),
    }
  },
  copyOf: (cluster, topic) => `${cluster}.${topic}`,
  ideas: (flow, at) => [workerDies('replicator', flow, at)],
}

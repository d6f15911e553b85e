// Brooklin as a system of patterns. It keeps names unless the datastream has a prefix, and leaves
// everything else of a topic to the target.

import { endsOf } from './parts.ts'
import type { LinkSystem } from './topology.ts'

export const brooklin: LinkSystem = {
  name: 'brooklin',
  flavour: 'apache',
  why:
    'Brooklin runs the tasks of a datastream in instances at the target; they are one group of ' +
    'consumers at the source. A record that cannot be sent holds up its partition and no other, ' +
    'and identityPartitioningEnabled keeps the numbers of partitions.',
  groups:
    'Brooklin carries nothing of groups: one that moves begins where auto.offset.reset says, ' +
    'and reads all of the copy again or leaves out what it had not read.',
  firstGroups: 'Offsets do not cross: at the standby everything is read again, from earliest.',
  chained: (lastName) => [
    `Prefixes stack up: at the end the topic is called ${lastName}.`,
    'No hop knows anything of groups.',
  ],
  newTopics:
    'Topics created shortly before are missing: consumers look for new ones every five minutes, ' +
    'and only where the datastream’s expression matches their names.',
  copies:
    'The copies are there before the datastream: left to it, brokers would create them with ' +
    'their own num.partitions and default.replication.factor.',
  link(flow) {
    const [source, target] = endsOf(flow)
    return {
      system: 'brooklin',
      from: source,
      to: target,
      workers: { [flow.to.name]: 1 },
      config: {
        topics: flow.topic.replaceAll('.', '\\.'),
        identityPartitioningEnabled: true,
        ...(flow.isAlone === true ? {} : { destinationTopicPrefix: `${source}.` }),
      },
    }
  },
  copyOf: (cluster, topic, isAlone = false) => (isAlone ? topic : `${cluster}.${topic}`),
  ideas(flow, at) {
    const [source, target] = endsOf(flow)
    return [
      {
        why:
          'The instance is killed and started again: its group waits for the session of the ' +
          'former one (45 s), then all since the last commit (60 s at most) is copied twice.',
        fault: { at, crash: `brooklin-${source}-${target}-1`, for: '10s' },
      },
    ]
  },
}

// The first MirrorMaker as a system of patterns. It keeps the name of a topic unless a message
// handler renames it, and leaves everything else to the target.

import { endsOf } from './parts.ts'
import type { LinkSystem } from './topology.ts'

export const mirrorMaker1: LinkSystem = {
  name: 'mirror-maker1',
  flavour: 'apache',
  lastVersion: '3.9',
  why:
    'MirrorMaker 1 (before Kafka 4.0) is consumers of one group and a producer in a process, at ' +
    'the target. The producer chooses partitions anew, by key where there is one. It keeps the ' +
    'name of a topic, which two ways at once would copy round and round: a message handler ' +
    'renames it.',
  groups:
    'MirrorMaker 1 carries nothing of groups: one that moves begins where auto.offset.reset ' +
    'says, and reads all of the copy again or leaves out what it had not read.',
  firstGroups: 'Offsets do not cross: at the standby everything is read again, from earliest.',
  chained: (lastName) => [
    `Handlers put one name before the other: at the end the topic is called ${lastName}.`,
    'No hop knows anything of groups, nor of the partitions of the one before.',
  ],
  newTopics:
    'Topics created shortly before are missing: consumers look for new ones every five minutes, ' +
    'and only where include matches their names.',
  copies:
    'The copies are there before the mirror: left to it, brokers would create them with ' +
    'their own num.partitions and default.replication.factor, 1 and 1 unless somebody says ' +
    'otherwise.',
  link(flow) {
    const [source, target] = endsOf(flow)
    return {
      system: 'mirror-maker1',
      from: source,
      to: target,
      workers: { [flow.to.name]: 1 },
      options: { include: flow.topic.replaceAll('.', '\\.') },
      ...(flow.isAlone === true ? {} : { handler: { prefix: `${source}.` } }),
      consumer: { 'auto.offset.reset': 'earliest' },
    }
  },
  copyOf: (cluster, topic, isAlone = false) => (isAlone ? topic : `${cluster}.${topic}`),
  ideas(flow, at) {
    const [source, target] = endsOf(flow)
    return [
      {
        why:
          'The process is killed and started again: its group waits for the session of the ' +
          'former one (45 s), then all since the last commit (60 s at most) is copied twice.',
        fault: { at, crash: `mm1-${source}-${target}-1`, for: '10s' },
      },
    ]
  },
}

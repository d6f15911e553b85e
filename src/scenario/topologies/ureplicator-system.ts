// uReplicator as a system of patterns. It keeps names unless a mapping says otherwise, and leaves
// everything else of a topic to the target.

import { endsOf } from './parts.ts'
import type { LinkSystem } from './topology.ts'

export const ureplicator: LinkSystem = {
  name: 'ureplicator',
  flavour: 'apache',
  why:
    'uReplicator is workers and a controller at the target, which agree through Helix in a ' +
    'ZooKeeper: each partition is meant for one worker, and no group of consumers rebalances. ' +
    'Offsets lie in the source’s ZooKeeper. With its observer of partition counts, numbers of ' +
    'partitions are kept, modulo those of the target.',
  groups:
    'uReplicator carries nothing of groups: one that moves begins where auto.offset.reset says, ' +
    'and reads all of the copy again or leaves out what it had not read.',
  firstGroups: 'Offsets do not cross: at the standby everything is read again, from earliest.',
  chained: (lastName) => [
    `Mappings put one name before the other: at the end the topic is called ${lastName}.`,
    'No hop knows anything of groups.',
  ],
  newTopics:
    'Topics created shortly before are missing: a controller copies what it is told to, or looks ' +
    'for topics of the same name on both sides every ten minutes where it is allowed to.',
  copies:
    'The copies are there before the link: left to it, brokers would create them with their own ' +
    'num.partitions and default.replication.factor.',
  link(flow) {
    const [source, target] = endsOf(flow)
    const isMapped = flow.isAlone !== true
    return {
      system: 'ureplicator',
      from: source,
      to: target,
      workers: { [flow.to.name]: 2 },
      controllers: { [flow.to.name]: 1 },
      zookeeper: { helix: flow.to.name, commit: flow.from.name },
      topics: [flow.topic],
      ...(isMapped ? { topicMapping: { [flow.topic]: `${source}.${flow.topic}` } } : {}),
      worker: { topic_partition_count_observer: true },
      consumer: { 'auto.offset.reset': 'earliest' },
    }
  },
  copyOf: (cluster, topic, isAlone = false) => (isAlone ? topic : `${cluster}.${topic}`),
  ideas(flow, at) {
    const [source, target] = endsOf(flow)
    const worker = `ureplicator-${source}-${target}-1`
    return [
      {
        why:
          'A worker is killed and started again: its name in Helix is free after the session ' +
          'timeout and five seconds (35 s), then all since the last commit is copied twice.',
        fault: { at, crash: worker, for: '10s' },
      },
      {
        why:
          'A worker is killed and stays away: its partitions go to the other one when its ' +
          'session (30 s) and controller.auto.rebalance.delay.in.seconds (120 s) are over.',
        fault: { at, crash: worker, for: '200s' },
      },
    ]
  },
}

// A router of Flink's as a system of patterns: a job for each topic, as Netflix's Keystone has
// them between its fronting and its consumer clusters.

import { endsOf } from './parts.ts'
import type { LinkSystem } from './topology.ts'

export const flink: LinkSystem = {
  name: 'flink',
  flavour: 'apache',
  why:
    'A router is a job of Flink’s at the target, one for each topic: its subtasks read and ' +
    'write, and what has failed goes on from the last checkpoint, so that everything since ' +
    'then is copied twice. The offsets that it commits to its group are for onlookers. The ' +
    'partitioner of the sink chooses partitions, by key where there is one.',
  groups:
    'Flink carries nothing of groups: one that moves begins where auto.offset.reset says, and ' +
    'reads all of the copy again or leaves out what it had not read.',
  firstGroups: 'Offsets do not cross: at the standby everything is read again, from earliest.',
  chained: (lastName) => [
    `Each router names its sink’s topic: at the end it is called ${lastName}.`,
    'No hop knows anything of groups, nor of the partitions of the one before.',
  ],
  newTopics:
    'Topics created shortly before are missing: somebody starts a router for each, and new ' +
    'partitions of a topic are looked for every five minutes.',
  copies:
    'The copies are there before the router: left to it, brokers would create them with their ' +
    'own num.partitions and default.replication.factor.',
  link(flow) {
    const [source, target] = endsOf(flow)
    return {
      system: 'flink',
      from: source,
      to: target,
      workers: { [flow.to.name]: 2 },
      jobManager: flow.to.name,
      checkpoints: flow.to.name,
      topic: flow.topic,
      ...(flow.isAlone === true ? {} : { sinkTopic: `${source}.${flow.topic}` }),
      deliveryGuarantee: 'at-least-once',
      config: {
        'parallelism.default': 2,
        'execution.checkpointing.interval': 30_000,
        'high-availability.type': 'KUBERNETES',
      },
      consumer: { 'group.id': `router-${source}-${target}` },
    }
  },
  copyOf: (cluster, topic, isAlone = false) => (isAlone ? topic : `${cluster}.${topic}`),
  ideas(flow, at) {
    const [source, target] = endsOf(flow)
    const name = `flink-${source}-${target}`
    return [
      {
        why:
          'A task manager is killed and started again: two heartbeats that do not reach it ' +
          '(20 s) tell the job manager, and its partitions go on from the last checkpoint.',
        fault: { at, crash: `${name}-1`, for: '10s' },
      },
      {
        why:
          'The storage of checkpoints goes: each checkpoint fails the job, and everything since ' +
          'the last one that was complete is copied again and again.',
        fault: { at, crash: `${name}-checkpoints`, for: '100s' },
      },
    ]
  },
}

// Mirus as a system of patterns. It creates no topics, so the file lists the copies; it carries no
// offsets of groups.

import { endsOf, storageOf, workerDies } from './parts.ts'
import type { LinkSystem } from './topology.ts'

export const mirus: LinkSystem = {
  name: 'mirus',
  flavour: 'apache',
  why:
    'Mirus is a connector on Connect workers at the target. The copy of orders is called ' +
    'SOURCE.orders; because a prefix is written, nobody may check for the topic at the ' +
    'target, where the check would look for the plain name. Without ' +
    'enable.partition.matching the target’s partitioner would scatter the records.',
  groups:
    'Mirus carries nothing of groups: one that moves begins where auto.offset.reset says, ' +
    'and reads again all that the copy holds, or nothing of what was written before it came.',
  firstGroups: 'Mirus carries none at any time, so all is read again.',
  chained: (lastName) => [
    `Names stack up as their prefixes say: at the end the topic is called ${lastName}.`,
    'Groups find no offsets at any hop.',
  ],
  newTopics:
    'Topics created shortly before are missing, and each other one that nobody created at ' +
    'the target: Mirus looks for changes every minute and creates nothing.',
  copies: 'Mirus creates no topics, so the copies are listed too.',
  link(flow) {
    const [source, target] = endsOf(flow)
    return {
      system: 'mirus',
      from: source,
      to: target,
      workers: { [flow.to.name]: 1 },
      config: {
        'topics.whitelist': flow.topic,
        'destination.topic.name.prefix': `${source}.`,
        'enable.destination.topic.checking': false,
        'enable.partition.matching': true,
      },
      ...storageOf(flow),
    }
  },
  copyOf: (cluster, topic) => `${cluster}.${topic}`,
  ideas: (flow, at) => [workerDies('mirus', flow, at)],
}

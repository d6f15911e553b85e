// MirrorMaker 2 as a system of patterns. Copies are named after their source and have offsets of
// their own; workers of its own carry them.

import { endsOf, storageOf, workerDies } from './parts.ts'
import type { Flow, LinkSystem } from './topology.ts'

const INTERNAL_TOPICS = ['offset-syncs', 'checkpoints', 'heartbeats'] as const
/** What MirrorMaker 2 asks for where nothing is written. */
const INTERNAL_REPLICAS = 3

export const mirrorMaker2: LinkSystem = {
  name: 'mirror-maker2',
  flavour: 'apache',
  why:
    'MirrorMaker 2 reads there and writes here, so its workers stand at the target: ' +
    'fetching over the long way is cheaper than producing over it. The copy of orders is ' +
    'called SOURCE.orders, has offsets of its own, and is never written to by applications. ' +
    'topics names one topic, because the default .* would copy copies as well; ' +
    'replication.factor is not taken from the source and would be 2.',
  groups:
    'Offsets differ on both sides, so MirrorMaker 2 translates those of groups: never ahead ' +
    'of the truth, but late by up to its intervals (60 s for checkpoints, 60 s for group ' +
    'offsets), and a group that moves reads that much again.',
  firstGroups:
    'A fault at 30 s comes before it has carried any, so all is read again: let it strike ' +
    'at 150 s, with a longer duration, and compare.',
  chained: (lastName) => [
    `Names stack up: at the end the topic is called ${lastName}.`,
    'Group offsets are translated one hop at a time, and do not compose over two.',
  ],
  newTopics:
    'Topics created shortly before are missing: links look for new ones every ten minutes.',
  link(flow) {
    const [source, target] = endsOf(flow)
    return {
      system: 'mirror-maker2',
      from: source,
      to: target,
      workers: { [flow.to.name]: 1 },
      config: flowConfig(flow),
      ...storageOf(flow),
    }
  },
  copyOf: (cluster, topic) => `${cluster}.${topic}`,
  ideas: (flow, at) => [workerDies('mm2', flow, at)],
}

/** Properties of a flow of one topic. */
export function flowConfig({ topic, carriesGroups, replicas }: Flow) {
  const small = replicas < INTERNAL_REPLICAS ? INTERNAL_TOPICS : []
  const internal = small.map((name) => [`${name}.topic.replication.factor`, replicas] as const)
  return {
    topics: topic,
    'replication.factor': replicas,
    ...Object.fromEntries(internal),
    ...(carriesGroups ? { 'sync.group.offsets.enabled': true } : {}),
  }
}

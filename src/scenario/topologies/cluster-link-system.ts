// Confluent's Cluster Linking as a system of patterns. Copies keep their offsets, and their names
// where nothing else bears them; a prefix tells several copies of one name apart.

import { endsOf } from './parts.ts'
import type { FaultInput, Flow, LinkSystem } from './topology.ts'

/** Of cluster.link.prefix. */
const PREFIX_MAX = 12

const ALL_GROUPS = '{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'

export const clusterLink: LinkSystem = {
  name: 'cluster-link',
  flavour: 'confluent',
  why:
    'Cluster Linking needs no workers: brokers of the target fetch the batches of the source ' +
    'and append them as they are, so the copy, a mirror topic, has the same offsets. It ' +
    'takes no writes until it is failed over or promoted.',
  groups:
    'Offsets are the same on both sides and are copied as they are, every 30 s and only where ' +
    'consumer.offset.sync.enable says so: a group that moves reads again what it has read ' +
    'since the last copy.',
  firstGroups:
    'They cross every 30 s (consumer.offset.sync.ms): vary the moment of the fault and see ' +
    'how much is read again.',
  chained: () => [
    'Offsets are the same at every hop, so a group can move to the end, an interval a hop late.',
    'A mirror of a mirror is stopped by whatever stops the first one, and says so late.',
  ],
  newTopics:
    'Topics created shortly before are missing: nobody mirrors them unless ' +
    'auto.create.mirror.topics.enable says so, and then within five minutes.',
  link(flow) {
    const [from, to] = endsOf(flow)
    return {
      system: 'cluster-link',
      ...{ from, to },
      mirrors: [flow.topic],
      replicationFactor: flow.replicas,
      config: {
        ...(flow.isAlone === true ? {} : { 'cluster.link.prefix': prefixOf(from) }),
        ...(flow.carriesGroups
          ? { 'consumer.offset.sync.enable': true, 'consumer.offset.group.filters': ALL_GROUPS }
          : {}),
      },
    }
  },
  copyOf: (cluster, topic, isAlone = false) => (isAlone ? topic : `${prefixOf(cluster)}${topic}`),
  takeOver: (flow, at) => ({
    why: 'The operator makes the mirror a topic to write to, whatever it lacks.',
    item: command(flow, at, 'mirror-failover'),
  }),
  ideas: (flow, at) => [
    {
      why: 'Somebody pauses the link: the mirror stands still, and nobody’s writes notice.',
      fault: { ...command(flow, at, 'link-pause'), for: '20s' },
    },
  ],
}

function command(flow: Flow, at: string, kind: 'mirror-failover' | 'link-pause'): FaultInput {
  const [from, to] = endsOf(flow)
  return { at, [kind]: { link: `${from}->${to}` } }
}

/** 'us-east-1.'; of a longer name the longest words lose their ends: 'ap-southe-1.' */
function prefixOf(cluster: string): string {
  const words = cluster.split('-').filter((word) => word !== '')
  while (words.length < PREFIX_MAX / 2 && words.join('-').length >= PREFIX_MAX) {
    const longest = words.reduce((most, word) => (word.length > most.length ? word : most), '')
    words[words.indexOf(longest)] = longest.slice(0, -1)
  }
  return `${words.join('-').slice(0, PREFIX_MAX - 1)}.`
}

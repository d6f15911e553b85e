// Cluster mirroring of Apache Kafka (KIP-1279, in no release yet) as a system of patterns. A mirror
// bears the name of its source, so where that name is taken there can be none.

import { endsOf } from './parts.ts'
import type { FaultInput, Flow, LinkSystem } from './topology.ts'

export const clusterMirror: LinkSystem = {
  name: 'cluster-mirror',
  flavour: 'apache',
  keepsNames: true,
  takesDefaultFactor: true,
  why:
    'Cluster mirroring (KIP-1279) needs no workers: brokers of the target fetch the batches of ' +
    'the source and append them as they are, so the copy, a mirror topic, has the name and the ' +
    'offsets of its source. It takes no writes until it is stopped. No release of Kafka has it ' +
    'yet.',
  groups:
    'Offsets are the same on both sides and are copied as they are, once a minute: a group ' +
    'that moves reads again what it has read since the last copy.',
  firstGroups:
    'They cross every 60 s (mirror.metadata.refresh.interval.ms): vary the moment of the fault ' +
    'and see how much is read again.',
  chained: () => [
    'Offsets are the same at every hop, so a group can move to the end, an interval a hop late.',
    'A mirror of a mirror stands still with whatever stops the first one, and is not told.',
  ],
  newTopics:
    'Topics created shortly before are missing: nobody mirrors them unless ' +
    'mirror.topics.include names them, and then within a minute.',
  link(flow) {
    const [from, to] = endsOf(flow)
    return { system: 'cluster-mirror', ...{ from, to }, mirrors: [flow.topic] }
  },
  copyOf: (_cluster, topic) => topic,
  takeOver: (flow, at) => ({
    why: 'The operator makes the mirror a topic to write to, whatever it lacks.',
    item: command(flow, at, 'mirror-stop'),
  }),
  ideas: (flow, at) => [
    {
      why: 'Somebody pauses the mirror and forgets it: it stands still, and nobody notices.',
      fault: command(flow, at, 'mirror-pause'),
    },
  ],
}

function command(flow: Flow, at: string, kind: 'mirror-stop' | 'mirror-pause'): FaultInput {
  const [from, to] = endsOf(flow)
  return { at, [kind]: { link: `${from}->${to}` } }
}

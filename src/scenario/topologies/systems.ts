// The systems that can carry a link of a pattern. One entry says what there is to say of a system:
// how a link of it is written, what its copies are called, and what may go wrong with it alone.

import type { ScenarioInput } from '../document/document.ts'
import type { Idea, LinkInput, Place } from './topology.ts'

/** A link that a pattern asks for. */
export interface Flow {
  readonly from: Place
  readonly to: Place
  /** Name of the topic in `from`. */
  readonly topic: string
  /** Where the target's applications take over from the source's, groups must find their place. */
  readonly carriesGroups: boolean
  /** Replicas that the target can hold. */
  readonly replicas: number
  /** Clusters at both ends where they are not named after their regions. */
  readonly clusters?: readonly [from: string, to: string]
}

export interface LinkSystem {
  readonly name: LinkInput['system']
  readonly flavour: NonNullable<ScenarioInput['flavour']>
  /** What the comment above the links says of it. */
  readonly why: string
  /** Why a group is not where it was, for patterns whose readers move. */
  readonly groups: string
  link(flow: Flow): LinkInput
  /** Name of the copy, in the target, of a topic of `cluster`. */
  copyOf(cluster: string, topic: string): string
  /** Faults of the link's own processes. */
  ideas(flow: Flow, at: string): readonly Idea[]
}

const INTERNAL_TOPICS = ['offset-syncs', 'checkpoints', 'heartbeats'] as const
/** What MirrorMaker 2 asks for where nothing is written. */
const INTERNAL_REPLICAS = 3

const mirrorMaker2: LinkSystem = {
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
  link({ from, to, topic, carriesGroups, replicas, clusters }) {
    const [source, target] = clusters ?? [from.name, to.name]
    const small = replicas < INTERNAL_REPLICAS ? INTERNAL_TOPICS : []
    const internal = small.map((name) => [`${name}.topic.replication.factor`, replicas] as const)
    return {
      system: 'mirror-maker2',
      from: source,
      to: target,
      workers: { [to.name]: 1 },
      config: {
        topics: topic,
        'replication.factor': replicas,
        ...Object.fromEntries(internal),
        ...(carriesGroups ? { 'sync.group.offsets.enabled': true } : {}),
      },
    }
  },
  copyOf: (cluster, topic) => `${cluster}.${topic}`,
  ideas({ from, to, clusters }, at) {
    const [source, target] = clusters ?? [from.name, to.name]
    return [
      {
        why:
          'The worker dies and is started again: what it had copied since its last offset ' +
          'flush is copied twice.',
        fault: { at, crash: `mm2-${source}-${target}-1`, for: '10s' },
      },
    ]
  },
}

export const LINK_SYSTEMS: readonly LinkSystem[] = [mirrorMaker2]

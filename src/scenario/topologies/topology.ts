// A topology pattern: how clusters, links, load and faults are laid out over regions so that one
// idea can be tried. A pattern only says what there is and why; text.ts writes it down.

import type { FaultKindName } from '../../faults/catalogue.ts'
import type { KafkaVersion } from '../../kafka/version.ts'
import type { ScenarioInput } from '../document/document.ts'

export type TopicInput = ScenarioInput['topics'][number]
export type ClusterInput = NonNullable<ScenarioInput['clusters']>[string]
export type ProducerInput = NonNullable<ScenarioInput['producers']>[number]
export type ConsumerInput = NonNullable<ScenarioInput['consumers']>[number]
export type LinkInput = NonNullable<ScenarioInput['links']>[number]
export type FaultInput = NonNullable<ScenarioInput['faults']>[number] &
  Partial<Record<FaultKindName, unknown>>
export type ObjectivesInput = NonNullable<ScenarioInput['objectives']>

/** A region as it was asked for. */
export interface Place {
  /** Of the region, and of the cluster that stands in it alone. */
  readonly name: string
  /** 'aws:us-east-1', or null for a place of one's own. */
  readonly cloud: string | null
}

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
  /** Nothing else in the target bears the topic's name, so the copy may keep it. */
  readonly isAlone?: boolean
  /** Clusters at both ends where they are not named after their regions. */
  readonly clusters?: readonly [from: string, to: string]
}

/**
 * What there is to say of a system: how a link of it is written, what its copies are called, and
 * what may go wrong with it alone.
 */
export interface LinkSystem {
  readonly name: LinkInput['system']
  readonly flavour: NonNullable<ScenarioInput['flavour']>
  /** The last release that has it, and so the release of a scenario with it; absent: the newest. */
  readonly lastVersion?: KafkaVersion
  /** Copies bear the names of their sources, always. */
  readonly keepsNames?: true
  /** A link has no factor of its own: copies get default.replication.factor of their cluster. */
  readonly takesDefaultFactor?: true
  /** What the comment above the links says of it. */
  readonly why: string
  /** Why a group is not where it was, for patterns whose readers move. */
  readonly groups: string
  /** What of a group's offsets has crossed when the first fault strikes. */
  readonly firstGroups: string
  /** What a chain of such links does to names and groups, a sentence each. */
  chained(lastName: string): readonly string[]
  /** How soon a topic that is new at the source is copied. */
  readonly newTopics: string
  /** Why the copies are listed among the topics; absent where the system creates them. */
  readonly copies?: string
  link(flow: Flow): LinkInput
  /** Name of the copy, in the target, of a topic of `cluster`; `isAlone` as in a flow. */
  copyOf(cluster: string, topic: string, isAlone?: boolean): string
  /** Makes the copy a topic to write to; absent where applications write to one of their own. */
  takeOver?(flow: Flow, at: string): Entry<FaultInput>
  /** Faults of the link's own processes. */
  ideas(flow: Flow, at: string): readonly Idea[]
}

/** What was asked for, checked: there are as many regions as the pattern needs. */
export interface Plan {
  readonly regions: readonly Place[]
  /** The region that the pattern turns on: primary, hub, source, first site. */
  readonly first: Place
  readonly others: readonly Place[]
  /** In each region that holds data. */
  readonly brokers: number
  /** '200/s', of each producer. */
  readonly rate: string
  readonly system: LinkSystem
}

/** One thing of a scenario, with the sentence that says why it is there. */
export interface Entry<T> {
  readonly why?: string
  readonly item: T
}

/** A part of the scenario: why it looks so, and its entries. */
export interface Part<T> {
  readonly why: string
  readonly entries: readonly Entry<T>[]
}

/** Links, and the copies that the file must list because the system creates no topics. */
export interface LinksPart extends Part<LinkInput> {
  /** Some copy stands where its source's name is another topic's, and cannot bear it. */
  readonly renames: boolean
  readonly copies: readonly TopicInput[]
}

/** A fault that waits behind a comment until somebody wants it. */
export interface Idea {
  readonly why: string
  readonly fault: FaultInput
}

/** A scenario with all its reasons. */
export interface Design {
  readonly question: string
  /** What the pattern is for, a paragraph each. */
  readonly purpose: readonly string[]
  /** How it fails, a sentence each. */
  readonly failureModes: readonly string[]
  readonly duration: string
  /** Observers exist only in Confluent Server. */
  readonly flavour?: 'confluent'
  /** Of the clusters; absent: the newest that is modelled. */
  readonly version?: KafkaVersion
  /** Pairs that stay closer together than --rtt says, for places nobody has measured. */
  readonly near?: (a: Place, b: Place) => boolean
  /** What regions meet through, in place of plain routes. */
  readonly overlay?: NonNullable<NonNullable<ScenarioInput['network']>['overlay']>
  /** One cluster over several regions, or several clusters by name. */
  readonly cluster?: { readonly why: string; readonly item: ClusterInput }
  readonly clusters?: Part<readonly [name: string, ClusterInput]>
  readonly topics: Part<TopicInput>
  readonly producers: Part<ProducerInput>
  readonly consumers: Part<ConsumerInput>
  readonly links?: LinksPart
  readonly faults: Part<FaultInput> & { readonly ideas: readonly Idea[] }
  readonly objectives: Part<ObjectivesInput>
}

/** A pattern of the catalogue. */
export interface Topology {
  readonly name: string
  /** One line of `highwater new list`. */
  readonly line: string
  readonly regions: {
    readonly min: number
    readonly max?: number
    /** What these are: 'a primary and a standby'. */
    readonly roles: string
  }
  readonly brokersMin?: number
  /** Whether links carry records, so that --system matters. */
  readonly hasLinks: boolean
  /** For help and messages: regions that make a good first try. */
  readonly example: string
  design(plan: Plan): Design
}

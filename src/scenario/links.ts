// Links between clusters as the lab runs them: one type a system, told apart by `system`.

import type { LinkFilter } from '../kafka/settings/cluster-link-filters.ts'
import type {
  ClusterLinkSettings,
  ClusterMirrorSettings,
  ConnectWorkerSettings,
  ConsumerSettings,
  FlinkSettings,
  MirrorMaker2Settings,
  MirusSettings,
  MirusWorkerSettings,
  ProducerSettings,
  ReplicatorSettings,
  UReplicatorControllerSettings,
  UReplicatorWorkerSettings,
} from '../kafka/settings/modelled.ts'
import type { BrooklinConfig } from '../mirror/brooklin/config.ts'
import type { MirrorMaker1Options } from '../mirror/mirror-maker1/options.ts'
import type { Mm2GuardName } from '../mirror/mirror-maker2/guards.ts'
import type { Micros } from '../sim/time.ts'

/** Where a process of a link runs. */
export interface WorkerSpec {
  readonly name: string
  readonly region: string
  readonly zone: string
  readonly host: string
}

/** What every link has. */
export interface LinkBase {
  readonly name: string
  /** Names of clusters: what is copied, and where to. */
  readonly from: string
  readonly to: string
  /** As whom it comes to both; absent: User:ANONYMOUS. */
  readonly principal?: string | undefined
  /** As a run prints them. */
  readonly settings?: readonly LinkSetting[]
}

/** A setting in force on a link. */
export interface LinkSetting {
  /** Whose it is: 'config' for the link's own, else 'producer', 'worker', … */
  readonly part: string
  readonly name: string
  readonly value: string
  /** The file says so, and the system by itself would not. */
  readonly isWritten: boolean
}

/** A flow of a dedicated MirrorMaker 2 cluster. */
export interface MirrorMaker2Spec extends LinkBase {
  readonly system: 'mirror-maker2'
  /** 0: before the clients; endless where a runbook starts it. */
  readonly start: Micros
  /** Guards of MirrorMaker's release switched by name. */
  readonly guards: Partial<Record<Mm2GuardName, boolean>>
  readonly workers: readonly WorkerSpec[]
  readonly config: MirrorMaker2Settings
  readonly worker: ConnectWorkerSettings
  /** Of the data producer, as Connect sets it and the file changes it. */
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

/** What Confluent does not say, with the model's choice as default. */
export interface ClusterLinkKnobs {
  /** At failover committed offsets of groups come down to the mirror's end. */
  readonly clampOffsets: boolean
  /** A mirror's leader epoch is raised to its source's before anything is fetched. */
  readonly epochNotBelowSource: boolean
  /** A mirror that stops is cut back to its last stable offset first. */
  readonly cutsOpenTransactions: boolean
  /** The source has lost records that the mirror has. */
  readonly onSourceTruncation: 'fail' | 'truncate'
  /** From truncate-and-restore until the log is cut; [from, to], drawn for each topic. */
  readonly restoreTakes: readonly [Micros, Micros]
}

/** A cluster link of Confluent; with link.mode BIDIRECTIONAL it exists on both clusters. */
export interface ClusterLinkSpec extends LinkBase {
  readonly system: 'cluster-link'
  /** Its fetchers live in brokers. */
  readonly workers: readonly []
  /** Topics of the source that are mirrored from the start. */
  readonly mirrors: readonly string[]
  /** Those of which it makes mirrors by itself. */
  readonly autoMirrors: readonly LinkFilter[]
  /** Of mirrors that it makes; null: the destination's default. */
  readonly replicationFactor: number | null
  readonly config: ClusterLinkSettings
  /** Of the link at the source, where that dials; null where the destination does. */
  readonly source: ClusterLinkSettings | null
  readonly knobs: ClusterLinkKnobs
}

/** A mirror of KIP-1279: it exists on its destination only, and the way back is another one. */
export interface ClusterMirrorSpec extends LinkBase {
  readonly system: 'cluster-mirror'
  /** Its fetchers live in brokers. */
  readonly workers: readonly []
  /** Topics of the source that are mirrored from the start. */
  readonly mirrors: readonly string[]
  readonly config: ClusterMirrorSettings
}

/** Links that live in the brokers of their clusters, and take commands there. */
export type BrokerLinkSpec = ClusterLinkSpec | ClusterMirrorSpec

/** Whether brokers of the target copy by themselves; all other systems have worker processes. */
export function isInBrokers<L extends Pick<LinkSpec, 'system'>>(
  link: L,
): link is Extract<L, { readonly system: BrokerLinkSpec['system'] }> {
  return link.system === 'cluster-link' || link.system === 'cluster-mirror'
}

/** What every link on Connect's workers has. */
export interface ConnectLinkBase extends LinkBase {
  /** 0: before the clients. */
  readonly start: Micros
  readonly workers: readonly WorkerSpec[]
  readonly worker: ConnectWorkerSettings
  /** Of the producer that writes the copy, as Connect sets it and the file changes it. */
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

export interface MirusSpec extends ConnectLinkBase {
  readonly system: 'mirus'
  readonly config: MirusSettings
  readonly worker: MirusWorkerSettings
  /** Whether the file itself has the consumer begin at the end of a topic. */
  readonly startsAtEnd: boolean
}

/** Processes of the first MirrorMaker, all with the same options, in one group of consumers. */
export interface MirrorMaker1Spec extends LinkBase {
  readonly system: 'mirror-maker1'
  /** 0: before the clients. */
  readonly start: Micros
  readonly workers: readonly WorkerSpec[]
  readonly options: MirrorMaker1Options
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

/** One transform between poll and send. */
export type TransformSpec =
  | { readonly kind: 'filter'; readonly drops: number }
  | { readonly kind: 'route'; readonly regex: string; readonly replacement: string }
  | { readonly kind: 'work'; readonly perRecord: Micros }

/** MirrorMaker 2's connectors with transforms, on workers of a Connect cluster. */
export interface ConnectSpec extends ConnectLinkBase {
  readonly system: 'connect'
  readonly guards: Partial<Record<Mm2GuardName, boolean>>
  readonly config: MirrorMaker2Settings
  readonly transforms: readonly TransformSpec[]
}

export interface ReplicatorSpec extends ConnectLinkBase {
  readonly system: 'replicator'
  readonly config: ReplicatorSettings
}

/** Instances of Brooklin with the tasks of one datastream. */
export interface BrooklinSpec extends LinkBase {
  readonly system: 'brooklin'
  /** 0: before the clients. */
  readonly start: Micros
  readonly workers: readonly WorkerSpec[]
  readonly config: BrooklinConfig
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

/** Workers and controllers of uReplicator, with the ZooKeeper services that they need. */
export interface UReplicatorSpec extends LinkBase {
  readonly system: 'ureplicator'
  /** 0: before the clients. */
  readonly start: Micros
  readonly workers: readonly WorkerSpec[]
  readonly controllers: readonly WorkerSpec[]
  readonly helixZookeeper: WorkerSpec
  /** May be the same. */
  readonly commitZookeeper: WorkerSpec
  readonly topics: readonly string[]
  readonly topicMapping: Readonly<Record<string, string>>
  readonly controller: UReplicatorControllerSettings
  readonly worker: UReplicatorWorkerSettings
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

/** A router of one topic: a job of Flink's, its task managers and what they depend on. */
export interface FlinkSpec extends LinkBase {
  readonly system: 'flink'
  /** 0: before the clients. */
  readonly start: Micros
  readonly workers: readonly WorkerSpec[]
  readonly jobManager: WorkerSpec
  readonly storage: WorkerSpec
  readonly topic: string
  readonly sinkTopic: string
  readonly startingOffsets: 'earliest' | 'committed' | 'latest'
  readonly deliveryGuarantee: 'none' | 'at-least-once'
  readonly config: FlinkSettings
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

export type LinkSpec =
  | MirrorMaker2Spec
  | ClusterLinkSpec
  | ClusterMirrorSpec
  | MirusSpec
  | MirrorMaker1Spec
  | ReplicatorSpec
  | BrooklinSpec
  | ConnectSpec
  | UReplicatorSpec
  | FlinkSpec

/** Whether its processes are members of groups in Kafka, at one end or the other. */
export function keepsGroups({ system }: Pick<LinkSpec, 'system'>): boolean {
  return system !== 'ureplicator'
}

/** Every process that a link brings along: those that copy, and those that they depend on. */
export function processesOf(link: LinkSpec): readonly WorkerSpec[] {
  if (link.system === 'flink') return [...link.workers, link.jobManager, link.storage]
  if (link.system !== 'ureplicator') return link.workers
  const { workers, controllers, helixZookeeper, commitZookeeper } = link
  return [...workers, ...controllers, ...new Set([helixZookeeper, commitZookeeper])]
}

/** Its name as topics, groups and clients may bear it: none can be called us->eu. */
export function plainNameOf(link: string): string {
  return link.replace('->', '-')
}

/** A bidirectional link is two, one each way; the way back by this name. */
export function backOf(link: string): string {
  return `${link} back`
}

// A scenario as the lab runs it: checked, every default filled in, every reference resolved.
// parse.ts makes it from a file; nothing here knows how a file is written.

import type { AclRule } from '../faults/acl-rules.ts'
import type { FaultEvent, RandomFaults } from '../faults/model.ts'
import type { NodeId } from '../kafka/ids.ts'
import type { Knobs } from '../kafka/settings/knobs.ts'
import type {
  BrokerSettings,
  ConsumerSettings,
  ProducerSettings,
  TopicSettings,
} from '../kafka/settings/modelled.ts'
import type { Guards, KafkaVersion } from '../kafka/version.ts'
import type { RunbookSpec } from '../runbook/model.ts'
import type { Micros } from '../sim/time.ts'
import type { LinkSpec } from './links.ts'
import type { ObjectiveName, ObjectiveUnit } from './objectives.ts'
import type { RegistrySpec, SchemasSpec, WrittenSchemasSpec } from './registries.ts'

export interface Scenario {
  readonly name: string
  readonly question: string
  /** The sentence that a run is meant to arrive at; '' where the file gives none. */
  readonly answer: string
  readonly version: KafkaVersion
  readonly flavour: Flavour
  readonly guards: Guards
  readonly seed: string
  /** Simulated time with load and faults. */
  readonly duration: Micros
  /** Quiet time after `duration` in which everything heals and replicas converge. */
  readonly settle: Micros
  readonly regions: readonly RegionSpec[]
  readonly network: NetworkSpec
  /** In the order of the file; node ids are unique over all of them. */
  readonly clusters: readonly [ClusterSpec, ...ClusterSpec[]]
  readonly topics: readonly TopicSpec[]
  readonly producers: readonly ProducerSpec[]
  readonly consumers: readonly ConsumerSpec[]
  readonly endpoints: readonly EndpointSpec[]
  readonly registries: readonly RegistrySpec[]
  readonly links: readonly LinkSpec[]
  readonly runbooks: readonly RunbookSpec[]
  readonly faults: readonly FaultEvent[]
  readonly randomFaults: RandomFaults | null
  readonly objectives: readonly Objective[]
  readonly expect: Expectation | null
  readonly limits: Limits
  /** What the reader of the file found worth saying; every result carries it. */
  readonly notes: readonly Note[]
}

export type Flavour = 'apache' | 'confluent'

export interface RegionSpec {
  readonly name: string
  /** 'aws:us-east-1', or null for a place of one's own. */
  readonly cloud: string | null
  /** World-wide unique names, 'us-east/a'. */
  readonly zones: readonly string[]
}

/** One direction of a path. Same fields as the kernel's LinkSpec. */
export interface LinkModel {
  /** One way, before jitter. */
  readonly delay: Micros
  /** Added to each packet's delay, uniformly from 0 to this. */
  readonly jitter: Micros
  readonly lossPpm: number
  /** Bits a second; 0 = unlimited. */
  readonly bandwidthBps: number
  /** Largest packet in bytes. */
  readonly mtu: number
}

export interface RegionLink extends LinkModel {
  readonly from: string
  readonly to: string
  /** Where the figures come from: 'scenario', or data set with its date. */
  readonly source: string
}

export interface NetworkSpec {
  /** TCP of every host. */
  readonly congestionControl: 'cubic' | 'bbr'
  /** Between two hosts of one zone. */
  readonly intraZone: LinkModel
  /** Between two zones of one region, each direction. */
  readonly intraRegion: LinkModel
  /** Every ordered pair of regions, as its packets see it: through the overlay where it has one. */
  readonly links: readonly RegionLink[]
  /** Tunnels that joined regions are reached through; null = they reach one another as they are. */
  readonly overlay: OverlaySpec | null
}

/** A program that wraps what leaves its region through one tunnel, and unwraps what comes. */
export interface GatewaySpec {
  readonly name: string
  readonly host: string
  readonly region: string
  readonly zone: string
}

export interface TunnelModel {
  readonly name: string
  readonly ends: readonly [GatewaySpec, GatewaySpec]
}

/** A KubeSlice slice. Bandwidths are bits a second, 0 for no limit. */
export interface OverlaySpec {
  readonly slice: string
  readonly regions: readonly string[]
  readonly gatewayType: 'openvpn' | 'wireguard'
  readonly gatewayPairs: number
  readonly gatewayNodes: number
  /** What each gateway node may send. */
  readonly ceilingBps: number
  /** What each gateway can encrypt and decrypt. */
  readonly gatewayBandwidthBps: number
  readonly hopDelay: Micros
  readonly hopJitter: Micros
  readonly mtu: number
  readonly encapsulationBytes: number
  readonly failover: readonly [Micros, Micros]
  readonly establish: Micros
  /** Between every two of its regions. */
  readonly tunnels: readonly TunnelModel[]
}

export type NodeRole = 'broker' | 'controller'

/** A Kafka process. */
export interface NodeSpec {
  readonly id: NodeId
  /** Process name: 'broker-1', 'controller-4', or 'node-1' with both roles. */
  readonly name: string
  readonly roles: readonly NodeRole[]
  readonly host: string
  readonly region: string
  readonly zone: string
  /** broker.rack; the region's name unless the file says otherwise; null = none. */
  readonly rack: string | null
  readonly config: BrokerSettings
}

export interface DiskModel {
  readonly bytesPerSecond: number
  readonly fsyncMicros: readonly [Micros, Micros]
}

export interface ClusterSpec {
  readonly name: string
  readonly nodes: readonly NodeSpec[]
  /** Cluster-wide settings, before what a node overrides. */
  readonly config: BrokerSettings
  readonly knobs: Knobs
  readonly disk: DiskModel
  /** Access control lists from the start; absent without an authorizer. */
  readonly acls?: readonly AclRule[]
}

export interface ReplicaAssignment {
  /** All replicas, observers last; the first is the preferred leader. */
  readonly replicas: readonly NodeId[]
  readonly observers: readonly NodeId[]
}

export type ObserverPromotionPolicy =
  | 'none'
  | 'under-min-isr'
  | 'under-replicated'
  | 'leader-is-observer'

/** The link that a mirror topic is created on, and what it mirrors. */
export interface MirrorOf {
  readonly link: string
  readonly sourceTopic: string
  /** In which it begins. */
  readonly state: 'ACTIVE' | 'LOG_ALIGNMENT'
}

export interface TopicSpec {
  /** Name of its cluster. */
  readonly cluster: string
  readonly name: string
  readonly partitions: number
  /** Observers included. */
  readonly replicationFactor: number
  /** One entry a partition; null = the controller places the replicas. */
  readonly assignment: readonly ReplicaAssignment[] | null
  readonly observerPromotionPolicy: ObserverPromotionPolicy
  readonly config: TopicSettings
  /** What the file sets for the topic itself, be it the cluster's own value; absent: nothing. */
  readonly written?: readonly string[]
  /** Regions in which its records may be kept and read, copies too; absent: all. */
  readonly residency?: readonly string[]
  /** Absent for a topic that is written to. */
  readonly mirror?: MirrorOf
}

/** From `at` on, records leave at this rate, until the next step. */
export interface RateStep {
  readonly at: Micros
  readonly recordsPerSecond: number
}

export type Load =
  | { readonly kind: 'open'; readonly steps: readonly RateStep[] }
  | { readonly kind: 'closed'; readonly inFlight: number; readonly thinkTime: Micros }

/** A name under which clients reach a cluster, and that can be led to another one. */
export interface EndpointSpec {
  readonly name: string
  readonly kind: 'dns' | 'load-balancer' | 'gateway'
  /** Where it leads at first. */
  readonly cluster: string
  /** Of the DNS record. */
  readonly ttl: Micros
  /** Connections through it are reset when it is led elsewhere. */
  readonly resets: boolean
  /** Absent: it passes packets on, and no time goes by. */
  readonly proxy?: ProxySpec | undefined
}

export interface ProxySpec {
  /** Absent: one beside each client. */
  readonly region?: string | undefined
  readonly hop: Micros
  /** Of clients at once. */
  readonly connections: number
}

/** How a client finds its cluster, and who starts it. */
export interface ClientAccess {
  /** Name of its entry in the file. */
  readonly entry: string
  /** Clusters and endpoints whose addresses it is given; null = those of its cluster. */
  readonly bootstrap: readonly string[] | null
  /** How long its resolver keeps an answer. */
  readonly dnsCache: Micros
  /** A runbook starts it. */
  readonly standby: boolean
  /** As whom it comes; absent: User:ANONYMOUS. */
  readonly principal?: string | undefined
}

/** What every client of a scenario has. */
export interface ClientSpec {
  readonly name: string
  readonly region: string
  readonly zone: string
  readonly host: string
  /** Name of the cluster that it works with at first. */
  readonly cluster: string
  /** Absent: it starts at its time, with the addresses of its cluster. */
  readonly access?: ClientAccess
}

/** One producer process; a count or a list of regions in the file becomes several of these. */
export interface ProducerSpec extends ClientSpec {
  readonly topic: string
  /** Partitions it writes to; null = all, by key or by the built-in partitioner. */
  readonly partitions: readonly number[] | null
  readonly load: Load
  readonly recordBytes: number
  /** Number of distinct keys; null = no keys. */
  readonly keys: number | null
  /** Packed size / plain size of its records, whoever packs them, in (0, 1]. */
  readonly compressionRatio: number
  /** Absent: its records have no schemas. */
  readonly schemas?: WrittenSchemasSpec
  readonly start: Micros
  readonly stop: Micros
  readonly config: ProducerSettings
}

/** Where a group goes on in a cluster to which it comes from another one. */
export type FailoverSpec = (
  | { readonly strategy: 'translated-offsets'; readonly timeout: Micros }
  | { readonly strategy: 'timestamp'; readonly margin: Micros }
) & {
  /** Absent: the cluster that the process was in before. */
  readonly from?: string | undefined
}

export interface DedupSpec {
  readonly window: Micros
  readonly state: 'memory' | 'shared'
}

/** One consumer process. */
export interface ConsumerSpec extends ClientSpec {
  readonly topic: string
  /** Assigned partitions; null = all. */
  readonly partitions: readonly number[] | null
  /** Application work on what one poll returns, and on each record of it. */
  readonly processTime: Micros
  readonly processTimePerRecord: Micros
  /** Commits of the application; null = none, or automatic ones. */
  /** Whose work it does: groups of one name in two clusters are one where this is the same. */
  readonly application?: string
  /** Absent: where the group has committed, else auto.offset.reset. */
  readonly failover?: FailoverSpec
  /** Absent: the application works on whatever it is handed. */
  readonly dedup?: DedupSpec
  /** Absent: it reads records without asking for their schemas. */
  readonly schemas?: SchemasSpec
  readonly commit: { readonly every: Micros; readonly sync: boolean } | null
  readonly start: Micros
  /** When the application closes it for good; null = never, it reads on while replicas settle. */
  readonly stop: Micros | null
  readonly config: ConsumerSettings
}

export interface Objective {
  readonly name: ObjectiveName
  /** 'at-most' or 'at-least' `limit`. */
  readonly direction: 'at-most' | 'at-least'
  /** In `unit`: micros, records, bytes or a fraction. */
  readonly limit: number
  readonly unit: ObjectiveUnit
  /** As the file wrote it. */
  readonly text: string
}

export type Verdict = 'met' | 'missed' | 'unknown'

export interface FigureRange {
  readonly figure: ObjectiveName
  readonly min: number
  readonly max: number
  readonly unit: ObjectiveUnit
  readonly text: string
}

/** What the file is meant to show; the library's own test. */
export interface Expectation {
  readonly verdict: Verdict | null
  readonly objectives: readonly { readonly name: ObjectiveName; readonly verdict: Verdict }[]
  readonly figures: readonly FigureRange[]
}

export interface Limits {
  readonly events: number
  readonly memoryMb: number
}

/**
 * What the file's author should know. `unmodelled`: Kafka acts on it and the model does not.
 * `remark`: a trap, or something that has no effect in Kafka either.
 */
export interface Note {
  readonly kind: 'unmodelled' | 'remark'
  readonly path: string
  readonly message: string
}

// The facts of a history, row by row. All numbers are plain; times are micros since the start of
// the run; a node, event or name of -1 means none.

import type { Table } from './table.ts'

export interface Region {
  readonly name: string
  readonly cloud: string | null
}

export interface Broker {
  /** Unique over all clusters. */
  readonly id: number
  readonly cluster: string
  readonly region: string
  readonly zone: string
  readonly roles: readonly ('broker' | 'controller')[]
}

export interface TopicPartition {
  /** Equal to its place in `History.partitions`. */
  readonly index: number
  readonly cluster: string
  readonly topic: string
  readonly number: number
  /** In the order of assignment, observers among them. */
  readonly replicas: readonly number[]
  readonly observers: readonly number[]
  /** min.insync.replicas when it was created. */
  readonly minIsr: number
  /** How many topics had borne its topic's name before; absent: none. */
  readonly namesakes?: number
}

/** Somebody altered min.insync.replicas of a topic. */
export interface MinIsrChange {
  readonly partition: number
  readonly minIsr: number
  readonly at: number
}

/** A partition is no more: its topic was deleted. */
export interface Removal {
  readonly partition: number
  /** Who led it last; -1 for nobody, or where that disk was lost before. */
  readonly leader: number
  readonly at: number
}

/** What one process of a producer sends to one partition. */
export interface Stream {
  /** Equal to its place in `History.streams`. */
  readonly id: number
  readonly producer: string
  readonly region: string
  readonly partition: number
  /** Which of the producer's processes it is, counted as they start; absent: there is but one. */
  readonly incarnation?: number
  /** Which of its producer's keys its records have; absent: they have none. */
  readonly keys?: readonly number[]
}

export interface ConsumerClient {
  /** Equal to its place in `History.consumers`. */
  readonly id: number
  readonly name: string
  readonly cluster: string
  readonly group: string
  readonly region: string
  /** Whose work it does, as the scenario says; absent where it does not say. */
  readonly application?: string
}

export interface Fault {
  /** Id of the event of its injection: what causes lead back to. */
  readonly id: number
  readonly kind: string
  readonly target: string
  readonly from: number
  /** End of the run where it never healed. */
  readonly until: number
}

/** One batch as its producer saw it end. Records between first and last were sent evenly spaced. */
export interface ProducedRow {
  readonly stream: number
  readonly partition: number
  readonly firstRecordId: number
  readonly count: number
  readonly bytes: number
  readonly createdFirst: number
  readonly createdLast: number
  /** When the application learned the outcome; the end of the run for PENDING. */
  readonly doneAt: number
  readonly outcome: number
  /** Kafka's name of the error through `History.names`, -1 with OK. */
  readonly error: number
  readonly baseOffset: number
  readonly attempts: number
}

/** Records handed to an application. */
export interface DeliveredRow {
  readonly consumer: number
  readonly partition: number
  readonly firstRecordId: number
  readonly count: number
  readonly baseOffset: number
  readonly at: number
  readonly createdFirst: number
  readonly createdLast: number
}

/** Of what was handed to an application, records that it knew and did no work on. */
export interface SuppressedRow {
  readonly consumer: number
  readonly partition: number
  readonly firstRecordId: number
  readonly count: number
  readonly at: number
}

/** A leader appended a batch that came from a producer. */
export interface AppendRow {
  readonly partition: number
  readonly broker: number
  readonly leaderEpoch: number
  readonly baseOffset: number
  readonly count: number
  readonly firstRecordId: number
  readonly bytes: number
  readonly at: number
}

/** Records that were acknowledged as a repetition of a batch that was another producer's. */
export interface MistakenRepeat {
  readonly partition: number
  readonly firstRecordId: number
  readonly count: number
  readonly event: number
}

/** A replica cut its log back to `fromOffset`; what it removed is in `truncatedRanges`. */
export interface TruncationRow {
  readonly partition: number
  readonly broker: number
  readonly fromOffset: number
  readonly toOffset: number
  readonly at: number
  readonly event: number
}

export interface TruncatedRangeRow {
  /** Row of `History.truncations`. */
  readonly truncation: number
  readonly baseOffset: number
  readonly count: number
  readonly firstRecordId: number
}

/** Records that a disk lost of one log: what was not flushed, or all. */
export interface DiskLostRangeRow {
  readonly event: number
  readonly baseOffset: number
  readonly count: number
  readonly firstRecordId: number
}

/** The high watermark of a leader, coalesced: at most one row an instant. */
export interface HighWatermarkRow {
  readonly partition: number
  readonly broker: number
  readonly leaderEpoch: number
  readonly offset: number
  readonly at: number
}

/** A broker began to act as leader of a partition in an epoch. */
export interface LeadershipRow {
  readonly partition: number
  readonly broker: number
  readonly leaderEpoch: number
  readonly at: number
  /** Where its log ended when it took office. */
  readonly logEnd: number
}

/** A replica's ends as seen from outside at one instant, sampled on the grid of the charts. */
export interface ReplicaSampleRow {
  readonly partition: number
  readonly broker: number
  readonly logStart: number
  readonly highWatermark: number
  readonly logEnd: number
  readonly at: number
}

export type GroupChangeKind = 'joined' | 'removed' | 'rebalance' | 'stable' | 'loaded'

/** What a coordinator decided of a group. */
export interface GroupChange {
  readonly cluster: string
  readonly group: string
  readonly change: GroupChangeKind
  readonly at: number
}

/** A committed position, as its consumer was told. */
export interface CommitRow {
  readonly consumer: number
  readonly partition: number
  /** The next offset to read. */
  readonly offset: number
  /** When the answer came. */
  readonly at: number
  /** Through `History.names`; -1 where it succeeded. */
  readonly error: number
}

/** An error that a client met, final or to be retried. */
export interface ClientErrorRow {
  /** Client and error through `History.names`. */
  readonly client: number
  readonly error: number
  readonly partition: number
  readonly at: number
  readonly event: number
}

export type ConnectionChange = 'open' | 'reset' | 'refused' | 'closed' | 'timeout'

export interface ConnectionEvent {
  readonly client: string
  readonly broker: number
  readonly change: ConnectionChange
  readonly at: number
}

/** A partition's registration as committed in the metadata log. */
export interface PartitionChange {
  readonly partition: number
  /** -1 while there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly elr: readonly number[]
  readonly at: number
  readonly event: number
}

export interface BrokerChange {
  readonly broker: number
  readonly change: 'registered' | 'fenced' | 'unfenced' | 'controlled-shutdown' | 'unregistered'
  /** When the active controller wrote it. */
  readonly at: number
  readonly event: number
}

/** What a node had on its disk and not flushed, or all of it, is gone. */
export interface DiskLoss {
  readonly node: number
  /** Of what was not flushed an arbitrary suffix is lost, or everything is. */
  readonly what: 'unflushed' | 'all'
  readonly at: number
}

/** A voter lost records that the quorum had counted as committed. */
export interface MetadataLoss {
  readonly cluster: string
  readonly node: number
  readonly records: number
  readonly at: number
  readonly event: number
}

/** A client's own process did not run: what it misses then is not the cluster's outage. */
export interface ClientDown {
  /** Name of a producer or consumer. */
  readonly client: string
  readonly from: number
  /** End of the run where it never started again. */
  readonly until: number
}

/**
 * Who is the active controller from `at` on. The recorder writes -1 at the instant at which the
 * active one dies, resigns or is cut off from the majority of the quorum.
 */
export interface ControllerChange {
  readonly cluster: string
  readonly controller: number
  readonly epoch: number
  readonly at: number
  readonly event: number
}

/** One line of the story. Values are what a view may want apart from the text. */
export interface HistoryEvent {
  readonly id: number
  readonly at: number
  /** 'controller 4', 'broker 7', 'producer eu/0', 'fault'. */
  readonly actor: string
  readonly kind: string
  readonly text: string
  /** Id of the event or fault that led to this one, -1 where nothing did. */
  readonly cause: number
  readonly partition: number
  readonly values: Readonly<Record<string, number | string>>
}

export interface LogRangeRow {
  readonly baseOffset: number
  readonly count: number
  readonly firstRecordId: number
  readonly leaderEpoch: number
}

/** Records that a leader's retention deleted, in the order of time. */
export interface DeletionRow extends LogRangeRow {
  readonly partition: number
}

/** A replica's log when the run ended. */
export interface FinalLog {
  readonly partition: number
  readonly broker: number
  /** The leader's: it counts. Undecided where that is gone, or not in office, when a run ends. */
  readonly isSurvivor: boolean
  readonly logStart: number
  readonly highWatermark: number
  readonly logEnd: number
  /** What it holds, and below `logStart` what it held until retention deleted it. */
  readonly ranges: Table<LogRangeRow>
}

/** What a link left out on purpose: a filter dropped it. */
export interface FilteredRow {
  /** Place of the link in `History.links`. */
  readonly link: number
  readonly firstRecordId: number
  readonly count: number
}

/** A replicator that copies what one cluster holds to another. */
export interface Link {
  readonly name: string
  /** 'mirror-maker2', 'cluster-link'. */
  readonly system: string
  /** Names of clusters. */
  readonly from: string
  readonly to: string
  /** Whether it is set to copy a topic of its source; a copy that it made itself is none. */
  readonly carries: (topic: string) => boolean
}

/** The target of a link took over: from `at` on its partitions are writable as the primary. */
export interface Promotion {
  /** Name of the link. */
  readonly link: string
  readonly at: number
  readonly event: number
  /** Of the target. */
  readonly partitions: readonly number[]
}

/** Bytes sent from one zone or region to another during the whole run. */
export interface LinkBytes {
  readonly from: string
  readonly to: string
  readonly bytes: number
}

/** Bytes between two zones in the undisturbed time, with what they cost. */
export interface SteadyBytes extends LinkBytes {
  readonly between: 'zones' | 'regions'
  /** For 1e9 bytes; null where no price is known. */
  readonly usdPerGb: number | null
}

/** What is produced to a topic may be kept and read in these regions only, copies too. */
export interface Residency {
  readonly cluster: string
  readonly topic: string
  readonly regions: readonly string[]
}

/** Records that a task of a link got from the source, on their way to a partition of the target. */
export interface PolledRow {
  /** Place in `History.links`. */
  readonly link: number
  readonly partition: number
  readonly at: number
  readonly count: number
  readonly createdFirst: number
  readonly createdLast: number
}

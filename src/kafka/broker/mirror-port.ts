// Models: the seam between a broker and the cluster links that live in it.
// Leaves out: nothing; the broker's side is mirror-partitions.ts, a link's is mirror/cluster-link.
// Source: none in Kafka; Confluent Server holds both in one process.

import type { Socket, SocketHandler } from '../../sim/connection.ts'
import type { DiskWait } from '../../sim/disk.ts'
import type { Micros } from '../../sim/time.ts'
import type { LeaderEpoch, NodeId, Offset, PartitionIndex } from '../ids.ts'
import type { RecordBatch, Request } from '../messages.ts'
import type { AclBinding } from '../metadata/acls.ts'
import type { MirrorProgress, MirrorTopic } from '../metadata/mirror-records.ts'
import type {
  InitiateReverseConnectionRequest,
  InitiateReverseConnectionResponse,
  ReverseConnectionRequest,
} from '../mirror-messages.ts'
import type { RpcCaller } from '../network/rpc.ts'

/** What lives in a broker and hears of its metadata. Built anew with each process. */
export interface BrokerExtension {
  /** The broker has applied new metadata. */
  onMetadata(): void
  /** A broker of a link's source has dialled. @returns who asks it now; null: nobody waits */
  onReversed(request: ReverseConnectionRequest, socket: Socket): SocketHandler | null
  /** A broker of a link's destination wants to be dialled. */
  onWanted(request: InitiateReverseConnectionRequest): InitiateReverseConnectionResponse
  /** The broker stops in order. */
  shutDown(): void
}

/** Serves what comes on a connection that was opened from here. */
export type ServeSocket = (socket: Socket) => SocketHandler

/** A partition of a mirror topic, at the broker that leads it. */
export interface LedMirror {
  readonly index: PartitionIndex
  /** Within its topic. */
  readonly number: number
  readonly mirror: MirrorTopic
  readonly leaderEpoch: LeaderEpoch
  readonly progress: MirrorProgress
}

/** A log that this broker leads, as a link sees it. */
export interface MirrorLog {
  readonly logEndOffset: Offset
  readonly highWatermark: Offset
  readonly lastStableOffset: Offset
  /** Of its last record; -1 in an empty log. */
  readonly latestEpoch: LeaderEpoch
}

/** Where a log begins and where it ends. */
export interface LogEnds {
  readonly start: Offset
  readonly end: Offset
}

/** What came of an append: the time it takes, or why nothing was appended. */
export type MirrorAppend = { readonly took: Micros } | { readonly refused: 'not-leader' | 'gap' }

/** The broker as a cluster link sees it. */
export interface MirrorHost {
  readonly nodeId: NodeId
  /** Every mirror topic of the cluster, as this broker's metadata has it. */
  mirrors(): Iterable<MirrorTopic>
  mirror(topic: string): MirrorTopic | undefined
  isPaused(link: string): boolean
  /** Whether the link was made, as far as this broker has heard. */
  hasLink(link: string): boolean
  progressOf(topic: string, partition: PartitionIndex | -1): MirrorProgress
  /** Partitions of read-only topics that this broker leads. */
  led(): Iterable<LedMirror>
  /** Of the topic, in the order of their numbers; empty where it does not exist. */
  partitionsOf(topic: string): readonly PartitionIndex[]
  /** A topic's own settings. */
  configsOf(topic: string): Readonly<Record<string, string>>
  /** Every topic that this broker has heard of. */
  topics(): Iterable<string>
  /** Access control lists, as this broker has heard of them. */
  acls(): Iterable<AclBinding>
  /** Brokers that are registered and not fenced. */
  liveBrokers(): readonly NodeId[]
  /** null where this broker does not lead it. */
  log(partition: PartitionIndex): MirrorLog | null
  /** Batches of the source, as they are; replicas of the mirror fetch them from this leader. */
  append(partition: PartitionIndex, batches: readonly RecordBatch[]): MirrorAppend
  /** What goes on when the time is over that an append has taken. */
  keepsWaiting(wait: DiskWait): void
  /** An empty log begins where its source's does. */
  startAt(partition: PartitionIndex, offset: Offset): void
  /** Whether no in-sync follower is known to have more than this leader, which was cut. */
  isConverged(partition: PartitionIndex): boolean
  /** As this broker has heard; NO_NODE where nobody leads it. */
  leaderOf(partition: PartitionIndex): NodeId
  /** Of a log that this broker holds, whether it leads it or not; null where it holds none. */
  endsOf(partition: PartitionIndex): LogEnds | null
  /** Cuts a led log back. @returns the number of records that went */
  truncate(partition: PartitionIndex, offset: Offset): number
  /** To the active controller, with retries, in order. */
  tellController(request: Request, caller: RpcCaller): void
}

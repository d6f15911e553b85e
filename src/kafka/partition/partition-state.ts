// Models: what one replica of a partition knows: its log, role, epochs, ISR and followers.
// Leaves out: log directories, topic ids; what changes it is in partition.ts and the files beside.
// Source: kafka.cluster.Partition (its fields), PartitionState.

import {
  type LeaderEpoch,
  NO_EPOCH,
  NO_NODE,
  type NodeId,
  type Offset,
  type PartitionEpoch,
  type PartitionIndex,
} from '../ids.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { FollowerState } from './follower-state.ts'
import { committedIsr, type IsrState } from './isr-state.ts'
import type {
  IsrAnswer,
  IsrProposal,
  IsrProposer,
  PartitionHost,
  TopicConfig,
} from './partition-ports.ts'

const NOBODY: readonly NodeId[] = []

/** Public so that a replay can read and inject it; handlers live in files beside. */
export abstract class PartitionState implements IsrProposer {
  readonly index: PartitionIndex
  readonly host: PartitionHost
  readonly log: PartitionLog
  /** The topic's settings as of this broker's metadata; replaced as a whole. */
  config: TopicConfig
  /** A cluster link owns the log: producers are refused, and records keep the source's epochs. */
  isMirror = false
  isLeader = false
  /** -1 for none or nothing known. */
  leader: NodeId = NO_NODE
  /** Of the newest leader that this broker has heard of; requests of another epoch are refused. */
  leaderEpoch: LeaderEpoch = NO_EPOCH
  /** Of the registration that is known here; -1 before the first. */
  partitionEpoch: PartitionEpoch = -1
  /** In assignment order, the preferred leader first. */
  replicas: readonly NodeId[] = NOBODY
  /** Confluent's; a tail of `replicas`, and empty with Apache Kafka. */
  observers: readonly NodeId[] = NOBODY
  /** Only the leader's own may be pending; a follower's is what metadata says. */
  isrState: IsrState = committedIsr(NOBODY, 'RECOVERED')
  /** The log's end when this leader's epoch began; null unless leading. */
  leaderEpochStartOffset: Offset | null = null
  /** As leader: one for each other assigned replica. */
  followers: FollowerState[] = []

  constructor(index: PartitionIndex, host: PartitionHost, log: PartitionLog, config: TopicConfig) {
    this.index = index
    this.host = host
    this.log = log
    this.config = config
  }

  /** min.insync.replicas, but no more than there are replicas. */
  get minIsrEffective(): number {
    return Math.min(this.config.minInsyncReplicas, this.replicas.length)
  }

  /**
   * While it leads, acks=all is refused: the ISR counts as committed, not as proposed or hoped for.
   */
  get isUnderMinIsr(): boolean {
    return this.isLeader && this.isrState.isr.length < this.minIsrEffective
  }

  /** Undefined for itself, for who is not assigned, and for everybody while it does not lead. */
  follower(id: NodeId): FollowerState | undefined {
    const followers = this.followers
    for (let i = 0; i < followers.length; i++) if (followers[i]?.id === id) return followers[i]
    return undefined
  }

  /** The controller has answered a proposal. */
  abstract onIsrAnswer(proposal: IsrProposal, answer: IsrAnswer): void
}

// Models: what a partition needs of its broker, as small interfaces that a test can hold.
// Leaves out: nothing; the broker itself is broker/broker.ts.
// Source: kafka.cluster.Partition (its constructor arguments), AlterPartitionListener.

import type { Micros } from '../../sim/time.ts'
import type { BrokerEpoch, LeaderEpoch, NodeId, Offset, PartitionIndex } from '../ids.ts'
import type { LogConfig } from '../log/partition-log.ts'
import type {
  AlterPartitionAnswer,
  AlterPartitionWish,
  ProducedBatch,
  RecordBatch,
} from '../messages.ts'
import type { Guards } from '../version.ts'
import type { PendingIsr } from './isr-state.ts'

/** When Confluent's observers may enter the ISR (confluent.placement.constraints). */
export type ObserverPromotionPolicy =
  | 'none'
  | 'under-min-isr'
  | 'under-replicated'
  | 'leader-is-observer'

/** A topic's settings, under Kafka's names. */
export interface TopicConfig extends LogConfig {
  /** min.insync.replicas as set; what counts is `minIsrEffective`, never more than replicas. */
  readonly minInsyncReplicas: number
  /** 'none' with Apache Kafka, which has no observers. */
  readonly observerPromotionPolicy: ObserverPromotionPolicy
}

/** The broker's metadata image, as far as a partition looks at it. */
export interface BrokerView {
  /** Registered, unfenced and not shutting down. */
  isActive(broker: NodeId): boolean
  /** Null for a stranger and for a broker that is fenced; -1 where only the epoch is unknown. */
  aliveBrokerEpochOf(broker: NodeId): BrokerEpoch | null
}

/** A change of the ISR on its way to the controller. */
export interface IsrProposal extends AlterPartitionWish {
  /** The state that waits for the answer; an answer to another one comes too late. */
  readonly pending: PendingIsr
}

/** The controller's answer to one partition of an AlterPartition request. */
export type IsrAnswer = Omit<AlterPartitionAnswer, 'partition'>

export interface IsrProposer {
  onIsrAnswer(proposal: IsrProposal, answer: IsrAnswer): void
}

export interface AlterPartitionPort {
  /** @returns false where the partition has a proposal on its way already */
  submit(proposal: IsrProposal, proposer: IsrProposer): boolean
}

/** Facts for the history; null costs nothing. */
export interface PartitionObserver {
  onAppend(partition: PartitionIndex, batch: RecordBatch, asLeader: boolean): void
  /** The log ended at `from` and ends at `to` now; `removed` is what it lost. */
  onTruncate(
    partition: PartitionIndex,
    from: Offset,
    to: Offset,
    removed: readonly RecordBatch[],
  ): void
  /**
   * A leader answers a batch as one that it has had, with `offset`, where the log holds the records
   * of somebody else: another producer has the same id, epoch and sequence.
   */
  onMistakenRepeat(partition: PartitionIndex, batch: ProducedBatch, offset: Offset): void
  /** Retention deletes a batch of a replica. */
  onDeleted(partition: PartitionIndex, batch: RecordBatch): void
  onHighWatermark(partition: PartitionIndex, before: Offset, after: Offset): void
  /** An acks=all request that waited for `required` is answered without an error. */
  onReplicated(partition: PartitionIndex, required: Offset): void
  onIsr(partition: PartitionIndex, isr: readonly NodeId[], maximal: readonly NodeId[]): void
  /** `logEnd` is this replica's own. */
  onRole(partition: PartitionIndex, leader: NodeId, leaderEpoch: LeaderEpoch, logEnd: Offset): void
}

/** Wakes requests that wait for something to happen to a partition. */
export interface PartitionWaiters {
  /** The log's end moved: parked fetches of followers look again. */
  onLogEnd(partition: PartitionIndex): void
  /** The high watermark moved: parked produces and consumers' fetches look again. */
  onHighWatermark(partition: PartitionIndex): void
  /** Follows from now on, or is gone: everything parked on the partition looks again. */
  onRole(partition: PartitionIndex): void
  /** Epoch, ISR, followers or the log changed otherwise: nobody looks now, the next fetch does. */
  onState(partition: PartitionIndex): void
}

export interface PartitionHost {
  readonly nodeId: NodeId
  readonly now: Micros
  /** Under which this process is registered itself, -1 until it is: its metadata comes later. */
  readonly brokerEpoch: BrokerEpoch
  readonly guards: Guards
  /** replica.lag.time.max.ms as micros. */
  readonly replicaLagTimeMax: Micros
  /** Other brokers as this one's metadata has them, which may be old. */
  readonly brokers: BrokerView
  readonly alterPartition: AlterPartitionPort
  readonly waiters: PartitionWaiters
  readonly observer: PartitionObserver | null
}

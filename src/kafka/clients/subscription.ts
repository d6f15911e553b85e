// Models: a consumer's assignment as a whole, and what a lost position means to it.
// Leaves out: nothing; which topics match a pattern is the metadata's (metadata.ts).
// Source: org.apache.kafka.clients.consumer.internals.SubscriptionState.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { CommittedOffset } from '../group-messages.ts'
import type { LeaderEpoch, NodeId, Offset, PartitionIndex } from '../ids.ts'
import { NO_EPOCH, NO_OFFSET } from '../ids.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { ConsumerObserver, SeekReason } from './consumer-observer.ts'
import type { ClientMetadata } from './metadata.ts'
import type { PartitionMoves } from './partition-places.ts'
import { AssignedPartition, type StartPosition } from './subscription-state.ts'

/** A partition and where to begin. */
export interface Assignment {
  readonly partition: PartitionIndex
  /** 'committed': where the group left off. Counts only where there is no position yet. */
  readonly start: StartPosition
}

/** All assigned partitions, in the order of the assignment, which is that of fetching. */
export class Subscription implements Checked {
  readonly config: ConsumerConfig
  partitions: readonly AssignedPartition[] = []
  /** The same as `partitions`, for answers that name a partition. */
  private readonly byIndex = new Map<PartitionIndex, AssignedPartition>()
  private readonly metadata: ClientMetadata
  private readonly observer: ConsumerObserver
  private readonly clock: { readonly now: number }

  constructor(
    config: ConsumerConfig,
    metadata: ClientMetadata,
    observer: ConsumerObserver,
    clock: { readonly now: number },
  ) {
    this.config = config
    this.metadata = metadata
    this.observer = observer
    this.clock = clock
  }

  /** Replaces the assignment; partitions that stay keep their positions. */
  assign(assignments: readonly Assignment[]): void {
    const kept = new Map(this.byIndex)
    this.byIndex.clear()
    for (const { partition, start } of assignments) {
      const assigned = kept.get(partition) ?? new AssignedPartition(partition, start)
      this.byIndex.set(partition, assigned)
    }
    this.partitions = [...this.byIndex.values()]
    this.leadersFromMetadata()
  }

  /** Partitions are others now, because another cluster answers: positions are kept by name. */
  follow(moves: PartitionMoves): void {
    this.partitions = this.partitions.map((assigned) => {
      const to = moves.get(assigned.partition)
      return to === undefined ? assigned : assigned.movedTo(to)
    })
    this.byIndex.clear()
    for (const assigned of this.partitions) this.byIndex.set(assigned.partition, assigned)
    this.leadersFromMetadata()
  }

  /** What the group assigned; new partitions begin where the group left off. */
  assignFromGroup(partitions: readonly PartitionIndex[]): void {
    this.assign(partitions.map((partition) => ({ partition, start: 'committed' })))
  }

  /** Of these nothing more is read: they are about to be given up. */
  beginRevocation(partitions: readonly PartitionIndex[]): void {
    for (const assigned of this.partitions) {
      if (!assigned.hasPosition || !partitions.includes(assigned.partition)) continue
      assigned.state = 'revoking'
    }
  }

  /** What is assigned now. */
  get owned(): PartitionIndex[] {
    return this.partitions.map(({ partition }) => partition)
  }

  /** Positions that may be committed: after the last record that was handed over. */
  consumed(): CommittedOffset[] {
    // Also of a partition from which nothing has come yet: its start is its position.
    return this.partitions
      .filter((assigned) => assigned.hasPosition)
      .map(({ partition, offset, offsetEpoch }) => ({
        partition,
        offset,
        leaderEpoch: offsetEpoch,
      }))
  }

  /** The group has committed this position: it is validated like any other. */
  committedFound(assigned: AssignedPartition, offset: Offset, epoch: LeaderEpoch): void {
    const leader = this.metadata.leaderOf(assigned.partition)
    const leaderEpoch = this.metadata.epochOf(assigned.partition)
    assigned.resetTo(offset, epoch, leader, leaderEpoch, this.config.positionValidation)
    this.observer.onSeek?.(assigned.partition, NO_OFFSET, offset, 'committed', this.clock.now)
  }

  /** The application goes on from elsewhere; what was fetched and not handed over is dropped. */
  seek(assigned: AssignedPartition, offset: Offset): void {
    const leader = this.metadata.leaderOf(assigned.partition)
    const leaderEpoch = this.metadata.epochOf(assigned.partition)
    assigned.resetTo(offset, NO_EPOCH, leader, leaderEpoch, this.config.positionValidation)
  }

  /** The group has never committed this partition. */
  nothingCommitted(assigned: AssignedPartition): void {
    this.resetOrHalt(assigned, 'initial', NO_OFFSET)
  }

  /** Null once it is given up: an answer that comes later is for nobody. */
  of(partition: PartitionIndex): AssignedPartition | null {
    return this.byIndex.get(partition) ?? null
  }

  /** Each partition is found once, and its position is whole. @throws InvariantViolation */
  assertWhole(): void {
    const [listed, found] = [this.partitions.length, this.byIndex.size]
    invariant(listed === found, 'a partition is assigned once', { listed, found })
    for (const assigned of this.partitions) {
      const { partition } = assigned
      invariant(this.byIndex.get(partition) === assigned, 'who is assigned is found', { partition })
      assigned.assertWhole()
    }
  }

  /** Tells every position who leads now. */
  leadersFromMetadata(): void {
    for (const assigned of this.partitions) {
      const leader = this.metadata.leaderOf(assigned.partition)
      const epoch = this.metadata.epochOf(assigned.partition)
      assigned.leaderIs(leader, epoch, this.config.positionValidation)
    }
  }

  /** The leader has no such offset: auto.offset.reset, or with `none` an exception. */
  outOfRange(assigned: AssignedPartition): void {
    this.resetOrHalt(assigned, 'out-of-range', NO_OFFSET)
  }

  /** The leader knows neither epoch nor offset of the position. */
  undefinedEpoch(assigned: AssignedPartition): void {
    this.resetOrHalt(assigned, 'unknown-epoch', NO_OFFSET)
  }

  /** The leader's log parts from the position at `offset`. */
  truncated(assigned: AssignedPartition, offset: Offset, epoch: LeaderEpoch): void {
    if (this.config.autoOffsetReset === 'none') {
      this.halt(assigned, 'truncation', offset)
      return
    }
    const from = assigned.offset
    assigned.truncatedTo(offset, epoch)
    this.observer.onSeek?.(assigned.partition, from, offset, 'truncation', this.clock.now)
  }

  /**
   * A reset found its offset. The position has no epoch of its own, so it is read from at once: the
   * leader has just named it, and there is nothing to compare (resetPositionIfNeeded).
   */
  resetFound(
    assigned: AssignedPartition,
    offset: Offset,
    leader: NodeId,
    leaderEpoch: LeaderEpoch,
  ): void {
    const from = assigned.offset
    assigned.resetTo(offset, NO_EPOCH, leader, leaderEpoch, this.config.positionValidation)
    this.observer.onSeek?.(assigned.partition, from, offset, assigned.resetReason, this.clock.now)
  }

  /** auto.offset.reset none is an exception in poll(); the position stays as it is. */
  private resetOrHalt(assigned: AssignedPartition, reason: SeekReason, divergent: Offset): void {
    if (this.config.autoOffsetReset === 'none') this.halt(assigned, reason, divergent)
    else assigned.requestReset(reason)
  }

  /** Told with the position, so that the application could seek from it. */
  private halt(assigned: AssignedPartition, reason: SeekReason, divergent: Offset): void {
    assigned.halt()
    const { partition, offset } = assigned
    this.observer.onHalted?.(partition, reason, offset, divergent, this.clock.now)
  }
}

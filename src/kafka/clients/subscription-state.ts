// Models: what a consumer knows of each assigned partition: position, its epoch, its read replica.
// Leaves out: log start and lag of partitions.
// Source: org.apache.kafka.clients.consumer.internals.SubscriptionState (KIP-320, KIP-392).

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Micros } from '../../sim/time.ts'
import type { LeaderEpoch, NodeId, Offset, PartitionIndex } from '../ids.ts'
import { NO_EPOCH, NO_NODE, NO_OFFSET } from '../ids.ts'
import type { SeekReason } from './consumer-observer.ts'

/**
 * `committed`: waits for what its group has committed. `reset`: waits for an offset from the
 * leader. `validate`: waits for the leader to confirm the position. `fetch`: reads. `halted`: the
 * application got an exception. `revoking`: about to be given up, its position being committed.
 */
export type PositionState = 'committed' | 'reset' | 'validate' | 'fetch' | 'halted' | 'revoking'

/**
 * An offset to begin at, or an end of the log (seekToBeginning, seekToEnd); null has
 * auto.offset.reset decide, 'committed' the group.
 */
export type StartPosition = Offset | null | 'earliest' | 'latest' | 'committed'

/**
 * A position and what vouches for it. Reading, seeking, resetting and validating exclude one
 * another, so they are one state.
 */
export class AssignedPartition implements Checked {
  readonly partition: PartitionIndex
  state: PositionState = 'reset'
  /** Next offset to read; NO_OFFSET before the first reset. */
  offset: Offset = NO_OFFSET
  /** Leader epoch of the record before the position; NO_EPOCH if none is known. */
  offsetEpoch: LeaderEpoch = NO_EPOCH
  /** What it was last checked against; an epoch alone where nobody knows the leader’s address. */
  leader: NodeId = NO_NODE
  leaderEpoch: LeaderEpoch = NO_EPOCH
  resetReason: SeekReason = 'initial'
  /** The end that was asked for; null: auto.offset.reset says which. */
  resetAt: 'earliest' | 'latest' | null = null
  /** Records of it wait for the application's next poll; no more are fetched meanwhile. */
  isBuffered = false
  /** The application wants nothing of it for a time. */
  isPaused = false
  /** A reset or validation is not asked for before this. */
  retryAt: Micros = 0
  private preferredReplica: NodeId = NO_NODE
  private preferredUntil: Micros = 0

  constructor(partition: PartitionIndex, start: StartPosition) {
    this.partition = partition
    if (start === null) return
    if (start === 'committed') {
      this.state = 'committed'
      return
    }
    if (start === 'earliest' || start === 'latest') {
      this.resetAt = start
      return
    }
    this.offset = start
    this.state = 'fetch'
  }

  /**
   * The same position in another cluster, or in a topic that was created again. It is validated as
   * after any change of leader, and so not where the same broker leads in the same epoch.
   */
  movedTo(partition: PartitionIndex): AssignedPartition {
    const moved = new AssignedPartition(partition, this.offset)
    moved.state = this.state
    moved.offsetEpoch = this.offsetEpoch
    moved.resetReason = this.resetReason
    moved.resetAt = this.resetAt
    moved.isPaused = this.isPaused
    moved.leader = this.leader
    moved.leaderEpoch = this.leaderEpoch
    return moved
  }

  /** Whether there is a position that may be read from, or committed. */
  get hasPosition(): boolean {
    return this.state === 'fetch' || this.state === 'validate' || this.state === 'revoking'
  }

  /**
   * Metadata names a leader. A new one, or a new epoch of the old, sends the position to be
   * validated first, and ends the lease of a preferred replica.
   */
  leaderIs(leader: NodeId, epoch: LeaderEpoch, validation: boolean): void {
    if (leader === NO_NODE || !this.hasPosition || this.state === 'revoking') return
    if (this.leader === leader && this.leaderEpoch === epoch) return
    this.leader = leader
    this.leaderEpoch = epoch
    this.preferredReplica = NO_NODE
    this.validateIfPossible(validation)
  }

  private validateIfPossible(validation: boolean): void {
    const possible = validation && this.offsetEpoch !== NO_EPOCH && this.leaderEpoch !== NO_EPOCH
    this.state = possible ? 'validate' : 'fetch'
    this.retryAt = 0
  }

  /** The position is out of range or its epoch unknown: ask the leader where to go on. */
  requestReset(reason: SeekReason): void {
    this.state = 'reset'
    this.resetReason = reason
    this.resetAt = null
    this.retryAt = 0
    this.preferredReplica = NO_NODE
  }

  /** Takes the offset that a reset found, then has it validated like any other. */
  resetTo(
    offset: Offset,
    epoch: LeaderEpoch,
    leader: NodeId,
    leaderEpoch: LeaderEpoch,
    validation: boolean,
  ): void {
    invariant(offset >= 0, 'a position is an offset', { partition: this.partition, offset })
    this.offset = offset
    this.offsetEpoch = epoch
    this.leader = leader
    this.leaderEpoch = leaderEpoch
    this.validateIfPossible(validation)
  }

  /** The leader's log ends its epoch before the position: go back to where both agree. */
  truncatedTo(offset: Offset, epoch: LeaderEpoch): void {
    const { partition, offset: before } = this
    invariant(offset <= before, 'a cut log sends nobody on', { partition, offset, before })
    this.offset = offset
    this.offsetEpoch = epoch
    this.state = 'fetch'
  }

  /** The leader's log has the position in its epoch: reading goes on. */
  validated(): void {
    this.state = 'fetch'
  }

  /** Nothing is read until the application seeks or the assignment changes. */
  halt(): void {
    this.state = 'halted'
  }

  /**
   * Records before `offset` were handed over, the last one of `epoch`.
   * @throws InvariantViolation for a step back
   */
  advance(offset: Offset, epoch: LeaderEpoch): void {
    invariant(offset >= this.offset, 'reading only ever moves a position on')
    this.offset = offset
    this.offsetEpoch = epoch
  }

  /** A position has an offset, and an epoch where it is validated. @throws InvariantViolation */
  assertWhole(): void {
    const { partition, state, offset } = this
    invariant(!this.hasPosition || offset >= 0, 'a position is an offset', { partition, state })
    const isChecked = state !== 'validate' || this.offsetEpoch !== NO_EPOCH
    invariant(isChecked, 'what is validated has an epoch', { partition })
  }

  /** Read from `replica` until `until`, unless something speaks against it before. */
  preferReplica(replica: NodeId, until: Micros): void {
    this.preferredReplica = replica
    this.preferredUntil = until
  }

  /** The replica under lease, or NO_NODE; an expired lease ends here. */
  preferredAt(now: Micros): NodeId {
    if (this.preferredReplica !== NO_NODE && now > this.preferredUntil)
      this.preferredReplica = NO_NODE
    return this.preferredReplica
  }

  /** @returns whether there was one. */
  clearPreferred(): boolean {
    const had = this.preferredReplica !== NO_NODE
    this.preferredReplica = NO_NODE
    return had
  }
}

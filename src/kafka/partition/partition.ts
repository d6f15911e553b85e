// Models: what metadata makes of a replica: leader, follower, or neither.
// Leaves out: log directories, moving between them, delayed deletion, topic ids.
// Source: kafka.cluster.Partition (makeLeader, makeFollower).

import type { Checked } from '../../sim/state-checks.ts'
import type { PartitionRegistration } from '../controller/partition-registration.ts'
import { NO_NODE, type NodeId } from '../ids.ts'
import { FollowerState } from './follower-state.ts'
import { maybeIncrementHighWatermark } from './high-watermark.ts'
import { answerIsrProposal } from './isr-change.ts'
import { maybeExpandIsr } from './isr-expand.ts'
import { committedIsr } from './isr-state.ts'
import { maybeDemoteObservers } from './observers.ts'
import { assertFollowersWhole, assertIsrWhole, assertRoleWhole } from './partition-checks.ts'
import type { IsrAnswer, IsrProposal } from './partition-ports.ts'
import { PartitionState } from './partition-state.ts'

/** What applying a registration came to. */
export type MetadataOutcome =
  | 'ALREADY_KNOWN'
  | 'REMAIN_LEADER'
  | 'LEADER_NEW_EPOCH'
  | 'BECOME_LEADER'
  | 'REMAIN_FOLLOWER'
  | 'BECOME_FOLLOWER'
  | 'LEADER_TO_FOLLOWER'
  | 'NO_LEADER'
  | 'LOSE_LEADERSHIP_NO_LEADER'

/** A replica that hears of metadata and of the controller's answers. */
export class Partition extends PartitionState implements Checked {
  /** Takes on what the metadata image says, unless this broker knows something newer. */
  apply(registration: PartitionRegistration): MetadataOutcome {
    if (registration.partitionEpoch < this.partitionEpoch) return 'ALREADY_KNOWN'
    this.host.waiters.onState(this.index)
    return registration.leader === this.host.nodeId
      ? this.#makeLeader(registration)
      : this.#makeFollower(registration)
  }

  /**
   * Where the controller's answer to a proposal came before its metadata record:
   *
   * 1. the answer has made the new ISR the committed one, with the record's partition epoch;
   * 2. a follower's fetch has brought about the next proposal, which is on its way;
   * 3. the record arrives. Falling back to its ISR now would let the high watermark pass a replica
   *    that the controller is about to accept: the proposal stays pending.
   *
   * So the model checker's leader does it. Kafka 4.1.0 takes the record's ISR as committed here and
   * ignores the second answer (updateAssignmentAndIsr), until the second record comes.
   *
   * Requests that wait here are not looked at, as in Kafka: a consumer's fetch at what was a
   * follower until now learns of the new epoch when its wait is over.
   */
  #makeLeader(registration: PartitionRegistration): MetadataOutcome {
    const isNewLeader = !this.isLeader
    const isNewEpoch = registration.leaderEpoch > this.leaderEpoch
    const isKnown = !isNewLeader && registration.partitionEpoch === this.partitionEpoch
    this.#adopt(registration)
    this.isLeader = true
    this.#keepFollowers(registration.replicas)
    if (isKnown) return 'ALREADY_KNOWN'
    // A leader elected uncleanly counts itself recovered at once and reports it later.
    this.isrState = committedIsr(registration.isr, 'RECOVERED')
    if (isNewEpoch) this.#beginEpoch(isNewLeader)
    this.#report()
    if (maybeIncrementHighWatermark(this)) this.host.waiters.onHighWatermark(this.index)
    if (!this.host.guards.isrExpandNeedsFetchInEpoch) this.#expandOnOldKnowledge()
    maybeDemoteObservers(this)
    if (isNewLeader) return 'BECOME_LEADER'
    return isNewEpoch ? 'LEADER_NEW_EPOCH' : 'REMAIN_LEADER'
  }

  /**
   * The leader's epoch starts at the log's end, before any record of it exists. A mirror's batches
   * keep the epochs of their source, so its own is no part of its log. One that knows none at all
   * is told the leader's all the same, until the first batch takes its place:
   *
   * 1. a replica that once led an empty log knows the epoch in which it did;
   * 2. a leader without any epoch cannot say where that one ended, and calls it out of range;
   * 3. the follower finds nothing to cut, asks with the same epoch, and is never in sync.
   */
  noteEpoch(): void {
    const { epochs, logEndOffset } = this.log
    if (!this.host.guards.epochKnownFromElection) return
    if (this.isMirror && epochs.latestEpoch() !== undefined) return
    epochs.assign(this.leaderEpoch, logEndOffset)
  }

  #beginEpoch(isNewLeader: boolean): void {
    const start = this.log.logEndOffset
    this.leaderEpochStartOffset = start
    const { guards } = this.host
    this.noteEpoch()
    if (!guards.isrExpandNeedsFetchInEpoch && !isNewLeader) return
    for (const follower of this.followers) {
      const isInSync = this.isrState.isr.includes(follower.id)
      follower.onNewLeaderEpoch(isNewLeader, isInSync, start, this.host.now)
    }
  }

  #makeFollower(registration: PartitionRegistration): MetadataOutcome {
    const wasLeader = this.isLeader
    const isNewEpoch = registration.leaderEpoch > this.leaderEpoch
    this.#adopt(registration)
    this.isLeader = false
    this.leaderEpochStartOffset = null
    this.followers = []
    this.isrState = committedIsr(registration.isr, 'RECOVERED')
    this.#report()
    if (isNewEpoch) this.host.waiters.onRole(this.index)
    if (registration.leader === NO_NODE)
      return wasLeader ? 'LOSE_LEADERSHIP_NO_LEADER' : 'NO_LEADER'
    if (wasLeader) return 'LEADER_TO_FOLLOWER'
    return isNewEpoch ? 'BECOME_FOLLOWER' : 'REMAIN_FOLLOWER'
  }

  #adopt(registration: PartitionRegistration): void {
    this.replicas = registration.replicas
    this.observers = registration.observers
    this.leader = registration.leader
    this.leaderEpoch = registration.leaderEpoch
    this.partitionEpoch = registration.partitionEpoch
  }

  /** Old followers keep what is known of them; who left the assignment is forgotten. */
  #keepFollowers(replicas: readonly NodeId[]): void {
    const before = this.followers
    const forgets = this.host.guards.isrExpandNeedsFetchInEpoch
    const kept = forgets ? [] : before.filter((f) => !replicas.includes(f.id))
    this.followers = replicas
      .filter((id) => id !== this.host.nodeId)
      .map((id) => before.find((f) => f.id === id) ?? new FollowerState(id))
      .concat(kept)
  }

  /** Without the guard a leader trusts what it knew of a replica before it left and came back. */
  #expandOnOldKnowledge(): void {
    for (const follower of this.followers) {
      if (this.replicas.includes(follower.id)) maybeExpandIsr(this, follower)
    }
  }

  #report(): void {
    const observer = this.host.observer
    if (observer === null) return
    observer.onRole(this.index, this.leader, this.leaderEpoch, this.log.logEndOffset)
    observer.onIsr(this.index, this.isrState.isr, this.isrState.maximal)
  }

  /**
   * The controller has taken or refused a proposal of this leader; one that is not the pending one
   * any more changes nothing (kafka.cluster.Partition.handleAlterPartitionUpdate and -Error).
   */
  onIsrAnswer(proposal: IsrProposal, answer: IsrAnswer): void {
    this.host.waiters.onState(this.index)
    answerIsrProposal(this, proposal, answer)
  }

  /** Role, ISR and followers agree with one another. @throws InvariantViolation */
  assertWhole(): void {
    assertRoleWhole(this)
    assertIsrWhole(this)
    assertFollowersWhole(this)
  }
}

// Models: the barrier of a classic group: all members join again, then the leader assigns.
// Leaves out: nothing of the rule.
// Source: GroupMetadataManager (prepareRebalance, completeClassicGroupJoin, expirePendingSync).

import { invariant } from '../../sim/invariant.ts'
import { millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { JoinGroupResponse } from '../group-messages.ts'
import { type ClassicGroup, type ClassicMember, NOTHING_ASSIGNED } from './classic-group.ts'
import type { GroupShard } from './group-shard.ts'

/** A change of the group: a new rebalance where one may begin, else a look at the present one. */
export function rebalanceOrCompleteJoin(shard: GroupShard, group: ClassicGroup, why: string): void {
  if (group.state === 'preparing') maybeCompleteJoin(shard, group)
  else prepareRebalance(shard, group, why)
}

/**
 * ClassicGroup goes to PREPARING_REBALANCE: from now on every heartbeat tells its sender to rejoin.
 * An empty group waits for latecomers first (group.initial.rebalance.delay.ms), so that many that
 * start together make one generation and not many.
 */
function prepareRebalance(shard: GroupShard, group: ClassicGroup, why: string): void {
  if (group.state === 'completing') failSyncs(group, 'REBALANCE_IN_PROGRESS')
  group.pendingSyncs.clear()
  group.syncTimer.cancel()
  // Whoever waits for an assignment will not get this one: the client joins again at once.
  const isFirst = group.state === 'empty'
  group.transitionTo('preparing')
  shard.observer?.onRebalance(group.id, group.generation, why)
  if (isFirst) {
    const delay = shard.config.initialRebalanceDelayMs
    waitForLatecomers(shard, group, delay, Math.max(group.rebalanceTimeoutMs - delay, 0))
  } else if (group.hasAllMembersJoined) completeJoin(shard, group)
  else awaitJoins(shard, group)
}

/** Members that have not come back by then are dropped. */
function awaitJoins(shard: GroupShard, group: ClassicGroup): void {
  group.onJoinTimer = () => completeJoin(shard, group)
  group.joinTimer.arm(millis(group.rebalanceTimeoutMs))
}

/**
 * An empty group waits group.initial.rebalance.delay.ms for more members, and once more for as long
 * as some came meanwhile, up to the rebalance time-out.
 */
function waitForLatecomers(
  shard: GroupShard,
  group: ClassicGroup,
  delayMs: number,
  remainingMs: number,
): void {
  group.onJoinTimer = () => {
    if (!group.newMemberAdded || remainingMs === 0) {
      completeJoin(shard, group)
      return
    }
    group.newMemberAdded = false
    const next = Math.min(shard.config.initialRebalanceDelayMs, remainingMs)
    waitForLatecomers(shard, group, next, Math.max(remainingMs - delayMs, 0))
  }
  group.joinTimer.arm(millis(delayMs))
}

/** Ends the barrier when everybody is there; a first rebalance ends by its timer alone. */
export function maybeCompleteJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'preparing' || group.previousState === 'empty') return
  if (group.hasAllMembersJoined) completeJoin(shard, group)
}

/**
 * The session of somebody has ended whom a rebalance waits for. Since 4.0 that opens the barrier of
 * a first rebalance too, whatever is left of group.initial.rebalance.delay.ms, where all others are
 * there; before, only the delay's end does (InitialDelayedJoin).
 */
export function completeWithoutExpired(shard: GroupShard, group: ClassicGroup): void {
  if (!shard.guards.coordinatorOnRuntime) maybeCompleteJoin(shard, group)
  else if (group.state === 'preparing' && group.hasAllMembersJoined) completeJoin(shard, group)
}

/**
 * The barrier of JoinGroup opens: who has not rejoined is dropped, static members excepted, as
 * these keep their place for a session time-out. Without a leader that has joined it waits once
 * more.
 */
function completeJoin(shard: GroupShard, group: ClassicGroup): void {
  const { id, state } = group
  invariant(state === 'preparing', 'a barrier opens that members stand at', { id, state })
  group.joinTimer.cancel()
  for (const member of [...group.members.values()]) {
    if (member.awaitingJoin !== null || member.isStatic) continue
    group.remove(member.id)
    shard.observer?.onMemberRemoved(group.id, member.id, 'it did not rejoin in time')
  }
  if (group.members.size > 0 && !group.electJoinedLeader()) {
    awaitJoins(shard, group)
    return
  }
  group.initNextGeneration()
  if (group.state === 'empty') {
    shard.log.write([group.toValue(() => NOTHING_ASSIGNED)], () => {})
    return
  }
  for (const member of group.members.values()) {
    answerJoin(member, joinResponse(group, member))
    member.keepAlive()
    group.pendingSyncs.add(member.id)
  }
  group.syncTimer.arm(millis(group.rebalanceTimeoutMs))
}

/** What a member learns of the new generation; the leader also who is in it. */
export function joinResponse(group: ClassicGroup, member: ClassicMember): JoinGroupResponse {
  return {
    api: 'JoinGroup',
    error: 'NONE',
    generation: group.generation,
    protocol: group.protocol,
    leader: group.leader,
    member: member.id,
    members: group.leader === member.id ? group.joinedMembers : [],
    skipAssignment: false,
  }
}

/** Answers the JoinGroup that a member has parked, if it has one; it may be answered only once. */
export function answerJoin(member: ClassicMember, response: JoinGroupResponse): void {
  const reply = member.awaitingJoin
  member.awaitingJoin = null
  reply?.send(response)
}

/** Members that never asked for their assignment hold the group up no longer. */
export function expirePendingSyncs(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'completing' && group.state !== 'stable') return
  if (group.pendingSyncs.size === 0) return
  for (const id of [...group.pendingSyncs]) {
    group.remove(id)
    shard.observer?.onMemberRemoved(group.id, id, 'it did not sync in time')
  }
  prepareRebalance(shard, group, 'members did not sync in time')
}

/** Everybody who waits for an assignment gets an error in its place. */
export function failSyncs(group: ClassicGroup, error: KafkaError): void {
  const { id, state } = group
  invariant(state === 'completing', 'who waits for an assignment has joined', { id, state })
  for (const member of group.members.values()) {
    member.assignment = NOTHING_ASSIGNED
    answerSync(member, error)
  }
}

/** Answers the SyncGroup that a member has parked, if it has one; its session runs from then. */
export function answerSync(member: ClassicMember, error: KafkaError): void {
  const reply = member.awaitingSync
  if (reply === null) return
  member.awaitingSync = null
  reply.send({ api: 'SyncGroup', error, ...member.assignment })
  member.keepAlive()
}

// Models: SyncGroup, Heartbeat, LeaveGroup and the end of a session in a classic group.
// Leaves out: removal of several members by one request of an administrator.
// Source: GroupMetadataManager (classicGroupSync, classicGroupHeartbeat, classicGroupLeave,
// expireClassicGroupMemberHeartbeat).

import type { KafkaError } from '../errors.ts'
import type {
  Assigned,
  HeartbeatRequest,
  LeaveGroupRequest,
  MemberAssignment,
  SyncGroupRequest,
} from '../group-messages.ts'
import type { GenerationId, MemberId } from '../ids.ts'
import type { Reply } from '../network/rpc.ts'
import { type ClassicGroup, type ClassicMember, NOTHING_ASSIGNED } from './classic-group.ts'
import { refusal, validateMember } from './classic-join.ts'
import {
  answerJoin,
  answerSync,
  completeWithoutExpired,
  failSyncs,
  maybeCompleteJoin,
  rebalanceOrCompleteJoin,
} from './classic-rebalance.ts'
import type { GroupShard } from './group-shard.ts'

/**
 * GroupMetadataManager.classicGroupSync: followers wait for the leader’s assignment; in a stable
 * group the answer is the one that everybody has got.
 */
export function handleSyncGroup(shard: GroupShard, request: SyncGroupRequest, reply: Reply): void {
  const group = shard.classicGroup(request.group, false)
  const error = validateMemberOf(group, request.member, request.instance, request.generation)
  const member = group?.members.get(request.member)
  if (group === null || member === undefined || error !== 'NONE') {
    reply.send({ api: 'SyncGroup', error, partitions: [] })
  } else if (group.state === 'preparing') {
    reply.send({ api: 'SyncGroup', error: 'REBALANCE_IN_PROGRESS', partitions: [] })
  } else if (group.state === 'completing') awaitAssignment(shard, group, member, request, reply)
  else {
    group.pendingSyncs.delete(member.id)
    reply.send({ api: 'SyncGroup', error: 'NONE', ...member.assignment })
  }
}

/** The leader's request brings the assignment, which is written before anybody hears of it. */
function awaitAssignment(
  shard: GroupShard,
  group: ClassicGroup,
  member: ClassicMember,
  request: SyncGroupRequest,
  reply: Reply,
): void {
  member.awaitingSync = reply
  group.pendingSyncs.delete(member.id)
  if (group.leader !== member.id) return
  const assignment = assignmentOf(request.assignments)
  const assignedTo = (one: MemberId) => assignment.get(one) ?? NOTHING_ASSIGNED
  shard.log.write([group.toValue(assignedTo)], (error) => {
    // Somebody came or went while the write was under way: the next generation is being prepared.
    if (group.state !== 'completing' || group.generation !== request.generation) return
    if (error === 'NONE') becomeStable(shard, group, assignedTo)
    else {
      failSyncs(group, shard.writeError(error))
      rebalanceOrCompleteJoin(shard, group, 'the assignment could not be written')
    }
  })
}

/** A member that the leader’s list does not name gets nothing, and no error. */
function assignmentOf(entries: readonly MemberAssignment[]): ReadonlyMap<MemberId, Assigned> {
  return new Map(entries.map(({ member, ...assigned }) => [member, assigned]))
}

/** Everybody who waits gets its part; who comes later gets it from the stable group. */
function becomeStable(
  shard: GroupShard,
  group: ClassicGroup,
  assignedTo: (member: MemberId) => Assigned,
): void {
  for (const member of group.members.values()) {
    member.assignment = assignedTo(member.id)
    answerSync(member, 'NONE')
  }
  group.transitionTo('stable')
  shard.observer?.onStable(group.id, group.generation, group.members.size)
}

/** @returns the error of the answer: NONE, or what the member must do about it */
export function heartbeatError(shard: GroupShard, request: HeartbeatRequest): KafkaError {
  const group = shard.classicGroup(request.group, false)
  const error = validateMemberOf(group, request.member, request.instance, request.generation)
  const member = group?.members.get(request.member)
  if (group === null || member === undefined || error !== 'NONE') return error
  if (group.state === 'empty') return 'UNKNOWN_MEMBER_ID'
  // Also while a rebalance is prepared: the member learns of it by this very answer.
  member.keepAlive()
  return group.state === 'preparing' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

/**
 * GroupMetadataManager.classicGroupLeave. One that has only been given an id can leave too:
 * the others wait for it as for a member.
 */
export function leaveGroup(shard: GroupShard, request: LeaveGroupRequest): KafkaError {
  const group = shard.classicGroup(request.group, false)
  if (group === null) return 'UNKNOWN_MEMBER_ID'
  if (group.pendingMembers.has(request.member)) {
    group.remove(request.member)
    // Since 4.0 whoever says farewell counts, also one that never came back with its id.
    if (shard.guards.coordinatorOnRuntime) rebalanceWithout(shard, group, 'a newcomer left')
    else maybeCompleteJoin(shard, group)
    return 'NONE'
  }
  const error = validateMember(group, request.member, request.instance)
  const member = group.members.get(request.member)
  if (error !== 'NONE' || member === undefined) return error
  removeMember(shard, group, member, 'it left')
  rebalanceWithout(shard, group, `${member.clientId} is gone: it left`)
  return 'NONE'
}

/** Only a generation that is there, or on its way to its members, must be begun anew. */
function rebalanceWithout(shard: GroupShard, group: ClassicGroup, why: string): void {
  if (group.state === 'preparing') maybeCompleteJoin(shard, group)
  else if (group.state !== 'empty') rebalanceOrCompleteJoin(shard, group, why)
}

/** The session ran out. A member that waits at the barrier is alive by definition. */
export function expireSession(shard: GroupShard, group: ClassicGroup, id: MemberId): void {
  const member = group.members.get(id)
  if (member === undefined || member.isWaiting) return
  const why = `no heartbeat for ${member.sessionTimeoutMs / 1000} s`
  removeMember(shard, group, member, why)
  if (group.state === 'preparing') completeWithoutExpired(shard, group)
  else rebalanceWithout(shard, group, `${member.clientId} is gone: ${why}`)
}

/** A parked join is answered first: UNKNOWN_MEMBER_ID has a living client join anew. */
function removeMember(
  shard: GroupShard,
  group: ClassicGroup,
  member: ClassicMember,
  why: string,
): void {
  answerJoin(member, refusal('', 'UNKNOWN_MEMBER_ID'))
  group.remove(member.id)
  shard.observer?.onMemberRemoved(group.id, member.id, why)
}

/** Error of a request that names member and generation. */
export function validateMemberOf(
  group: ClassicGroup | null,
  member: MemberId,
  instance: string,
  generation: GenerationId,
): KafkaError {
  if (group === null) return 'UNKNOWN_MEMBER_ID'
  const error = validateMember(group, member, instance)
  if (error !== 'NONE') return error
  // One that was dropped and came back has another id; one that slept through a barrier has not.
  return generation === group.generation ? 'NONE' : 'ILLEGAL_GENERATION'
}

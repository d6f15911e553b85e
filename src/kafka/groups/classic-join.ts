// Models: JoinGroup: who becomes a member, who must rejoin, and when that begins a rebalance.
// Leaves out: group.max.size, clients older than KIP-394.
// Source: GroupMetadataManager.classicGroupJoin*; KIP-345 (static), KIP-394 (member ids), KIP-814.

import { millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { JoinGroupRequest, JoinGroupResponse } from '../group-messages.ts'
import { NO_GENERATION } from '../ids.ts'
import type { Reply } from '../network/rpc.ts'
import { type ClassicGroup, ClassicMember, NOTHING_ASSIGNED } from './classic-group.ts'
import {
  answerJoin,
  completeWithoutExpired,
  joinResponse,
  rebalanceOrCompleteJoin,
} from './classic-rebalance.ts'
import type { GroupShard } from './group-shard.ts'

/** A member that has just joined has this long to come back, whatever its session time-out. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000

/**
 * GroupMetadataManager.classicGroupJoin: the answer comes when the generation is complete,
 * which may be a whole rebalance time-out later.
 */
export function handleJoinGroup(shard: GroupShard, request: JoinGroupRequest, reply: Reply): void {
  const group = shard.classicGroup(request.group, request.member === '')
  if (group === null) {
    refuse(reply, request.member, 'UNKNOWN_MEMBER_ID')
  } else if (!group.supports(request.protocols)) {
    refuse(reply, request.member, 'INCONSISTENT_GROUP_PROTOCOL')
  } else if (request.member !== '') joinKnown(shard, group, request, reply)
  else if (request.instance === '') giveMemberId(shard, group, request, reply)
  else joinStatic(shard, group, request, reply)
}

/** KIP-394: a dynamic member first gets an id, and is only a member when it comes back with it. */
function giveMemberId(
  shard: GroupShard,
  group: ClassicGroup,
  request: JoinGroupRequest,
  reply: Reply,
): void {
  const id = shard.newMemberId(request.clientId)
  const session = shard.context.timer(() => {
    group.remove(id)
    completeWithoutExpired(shard, group)
  })
  session.arm(millis(request.sessionTimeoutMs))
  group.pendingMembers.set(id, session)
  refuse(reply, id, 'MEMBER_ID_REQUIRED')
}

/**
 * KIP-345: an instance that is known comes back, whatever process runs it now; it needs no second
 * round for an id, since its name tells a retry from a newcomer.
 */
function joinStatic(
  shard: GroupShard,
  group: ClassicGroup,
  request: JoinGroupRequest,
  reply: Reply,
): void {
  const id = shard.newMemberId(request.instance)
  const known = group.staticMember(request.instance)
  if (known === null) addMember(shard, group, id, request, reply)
  else replaceStatic(shard, group, known, id, request, reply)
}

/**
 * A member joins again: 1. While a rebalance is prepared it waits at the barrier. 2. While the
 * leader assigns, a retry of the same join gets the same answer. 3. In a stable group only the
 * leader, or who has something new to say, makes everybody join again.
 */
function joinKnown(
  shard: GroupShard,
  group: ClassicGroup,
  request: JoinGroupRequest,
  reply: Reply,
): void {
  if (group.pendingMembers.has(request.member)) {
    addMember(shard, group, request.member, request, reply)
    return
  }
  const error = validateMember(group, request.member, request.instance)
  const member = group.members.get(request.member)
  if (error !== 'NONE' || member === undefined) {
    refuse(reply, request.member, error)
    return
  }
  const isNews = !member.matches(request)
  const mustRejoin =
    group.state === 'preparing' || isNews || (group.state === 'stable' && isLeader(group, member))
  if (mustRejoin) {
    update(member, request, reply)
    rebalanceOrCompleteJoin(shard, group, `${request.clientId} joined again`)
  } else reply.send(joinResponse(group, member))
}

/** Only the leader’s word is cause for a rebalance in itself: it knows of changed topics. */
function isLeader(group: ClassicGroup, member: ClassicMember): boolean {
  return group.leader === member.id
}

/** What it says now counts from the next generation on; its join is parked. */
function update(member: ClassicMember, request: JoinGroupRequest, reply: Reply): void {
  member.protocols = request.protocols
  member.subscription = request.subscription
  member.sessionTimeoutMs = request.sessionTimeoutMs
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  member.awaitingJoin = reply
}

/**
 * A newcomer stops the group. Its session is long at first: it waits in JoinGroup and sends no
 * heartbeats, and its connection, muted meanwhile, would not show that it died.
 */
function addMember(
  shard: GroupShard,
  group: ClassicGroup,
  id: string,
  request: JoinGroupRequest,
  reply: Reply,
): void {
  const member = new ClassicMember(id, request, shard.sessionTimer(group, id))
  member.awaitingJoin = reply
  if (group.state === 'preparing' && group.previousState === 'empty') group.newMemberAdded = true
  group.add(member)
  member.session.arm(millis(NEW_MEMBER_JOIN_TIMEOUT_MS))
  shard.observer?.onMemberAdded(group.id, id)
  rebalanceOrCompleteJoin(shard, group, `${request.clientId} joined`)
}

/**
 * A static member that comes back takes its place again under a new id. In a stable group that is
 * all, where the protocol stays: the old assignment is given back, and the old id is fenced.
 */
function replaceStatic(
  shard: GroupShard,
  group: ClassicGroup,
  old: ClassicMember,
  id: string,
  request: JoinGroupRequest,
  reply: Reply,
): void {
  const member = takePlace(shard, group, old, id, request)
  update(member, request, reply)
  member.keepAlive()
  // Written before it is answered: a coordinator that takes over must know the new id, or the old
  // process would be let in again.
  if (group.state === 'stable' && group.protocol === group.selectProtocol()) {
    const value = group.toValue((one) => group.members.get(one)?.assignment ?? NOTHING_ASSIGNED)
    shard.log.write([value], (error) => {
      const skipAssignment = isLeader(group, member)
      if (error === 'NONE') answerJoin(member, { ...joinResponse(group, member), skipAssignment })
      else {
        answerJoin(member, refusal('', shard.writeError(error)))
        giveBackPlace(shard, group, member, old, request)
      }
    })
  } else {
    // Also while the leader assigns: it may have been told the old id, and would deal to nobody.
    rebalanceOrCompleteJoin(shard, group, `${request.instance} came back`)
  }
}

/** Under its new id, with the place, the assignment and the leadership of the old one. */
function takePlace(
  shard: GroupShard,
  group: ClassicGroup,
  old: ClassicMember,
  id: string,
  request: JoinGroupRequest,
): ClassicMember {
  const wasLeader = isLeader(group, old)
  refuseWaiting(old, 'FENCED_INSTANCE_ID')
  group.remove(old.id)
  const member = new ClassicMember(id, request, shard.sessionTimer(group, id))
  member.assignment = old.assignment
  group.add(member)
  if (wasLeader) group.leader = id
  return member
}

/** The new id is in no log: the one that the log knows holds the instance again. */
function giveBackPlace(
  shard: GroupShard,
  group: ClassicGroup,
  member: ClassicMember,
  old: ClassicMember,
  request: JoinGroupRequest,
): void {
  if (group.members.get(member.id) !== member) return
  const { protocols, subscription, sessionTimeoutMs, rebalanceTimeoutMs } = old
  const before = { ...request, protocols, subscription, sessionTimeoutMs, rebalanceTimeoutMs }
  takePlace(shard, group, member, old.id, before).keepAlive()
}

/** Whether a request comes from a member of the group, and from the one that holds its instance. */
export function validateMember(group: ClassicGroup, member: string, instance: string): KafkaError {
  if (instance !== '') {
    const holder = group.staticMember(instance)
    if (holder === null) return 'UNKNOWN_MEMBER_ID'
    if (holder.id !== member) return 'FENCED_INSTANCE_ID'
  }
  return group.members.has(member) ? 'NONE' : 'UNKNOWN_MEMBER_ID'
}

/** The member id goes back with the error: it is what the client sends next. */
function refuse(reply: Reply, member: string, error: KafkaError): void {
  reply.send(refusal(member, error))
}

/** Whatever a member waits for, it will not get it here. */
export function refuseWaiting(member: ClassicMember, error: KafkaError): void {
  const sync = member.awaitingSync
  member.awaitingSync = null
  answerJoin(member, refusal(member.id, error))
  sync?.send({ api: 'SyncGroup', error, partitions: [] })
}

/** A join that gives no generation. */
export function refusal(member: string, error: KafkaError): JoinGroupResponse {
  return {
    api: 'JoinGroup',
    error,
    generation: NO_GENERATION,
    protocol: '',
    leader: '',
    member,
    members: [],
    skipAssignment: false,
  }
}

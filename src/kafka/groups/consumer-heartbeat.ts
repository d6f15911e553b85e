// Models: ConsumerGroupHeartbeat: joining, a member's way to its target, leaving, being fenced.
// Leaves out: regular expressions, group.consumer.max.size, upgrades from the classic protocol.
// Source: GroupMetadataManager.consumerGroupHeartbeat, consumerGroupLeave; KIP-848.

import { millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../group-messages.ts'
import type { GenerationId, MemberId, PartitionIndex } from '../ids.ts'
import { sameSet } from '../list-equality.ts'
import type { Reply } from '../network/rpc.ts'
import { reconcile, sameAssignment } from './assignment-reconciler.ts'
import {
  type ConsumerGroup,
  type ConsumerMember,
  type CurrentAssignment,
  LEAVE_EPOCH,
  NEW_MEMBER,
  STATIC_LEAVE_EPOCH,
} from './consumer-group.ts'
import type { GroupShard } from './group-shard.ts'
import type { CoordinatorValue } from './group-values.ts'
import { targetValues } from './target-assignment.ts'

/**
 * KIP-848’s one request: joins, keeps alive, tells what is owned, leaves; the epoch says which.
 * A classic group that still has members refuses it: converting one online is not modelled.
 */
export function handleConsumerGroupHeartbeat(
  shard: GroupShard,
  request: ConsumerGroupHeartbeatRequest,
  reply: Reply,
): void {
  const known = shard.groups.get(request.group)
  if (known?.kind === 'classic' && known.members.size > 0) {
    refuse(reply, request, 'INCONSISTENT_GROUP_PROTOCOL')
    return
  }
  // Only who joins may make a group: a coordinator that lost its records does not know the others'.
  if (known?.kind !== 'consumer' && request.memberEpoch !== 0) {
    refuse(reply, request, 'GROUP_ID_NOT_FOUND')
    return
  }
  const group = shard.consumerGroupOf(request.group)
  if (request.memberEpoch < 0) leave(shard, group, request, reply)
  else advance(shard, group, request, reply)
}

/**
 * One heartbeat of a member, in Kafka’s order: 1. Is it whom it says it is? 2. What changed of it,
 * or of the topics, raises the group’s epoch. 3. A raised epoch gets a target. 4. The member goes
 * one step towards it. The records of all four are one write, and the answer waits for it.
 */
function advance(
  shard: GroupShard,
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  reply: Reply,
): void {
  const error = epochError(group, request)
  if (error !== 'NONE') {
    refuse(reply, request, error)
    return
  }
  const values: CoordinatorValue[] = []
  const write = (...more: CoordinatorValue[]) => {
    for (const value of more) group.replay(value)
    values.push(...more)
  }
  // Replayed at once, answered when committed: the next heartbeat is judged by what this one did.
  const before = group.members.get(request.member)?.current ?? NEW_MEMBER
  if (request.memberEpoch === 0) replaceStaticMember(group, request, write)
  if (hasNewSubscription(group, request)) {
    subscribe(shard, group, request, write)
    write({ kind: 'consumer-group-epoch', group: group.id, epoch: group.epoch + 1 })
  }
  if (topicsChanged(shard, group)) {
    write({ kind: 'consumer-group-epoch', group: group.id, epoch: group.epoch + 1 })
  }
  if (group.epoch > group.targetEpoch) write(...targetValues(group, shard.topics))
  const after = takeStep(shard, group, request, write)
  shard.keepConsumerAlive(group, request.member)
  const isFull = request.memberEpoch === 0 || request.owned !== null
  const tells = isFull || !sameAssignment(before, after)
  shard.log.write(values, (failure) => {
    if (failure !== 'NONE') refuse(reply, request, shard.writeError(failure))
    else reply.send(response(shard, request.member, after, tells ? after.assigned : null))
  })
}

/** Partitions came to, or went from, what the group subscribes to, since its last target. */
function topicsChanged(shard: GroupShard, group: ConsumerGroup): boolean {
  if (group.topicsVersion === shard.topics.version) return false
  group.topicsVersion = shard.topics.version
  // A new target is due anyway, and will be computed with the topics as they are.
  if (group.epoch > group.targetEpoch) return false
  // The version counts changes of all topics; only those of the group's own are its affair.
  const known = new Set([...group.target.values()].flat())
  let count = 0
  for (const partitions of shard.topics.assignable(group.topics).values()) {
    for (const { index } of partitions) {
      count++
      if (!known.has(index)) return true
    }
  }
  return count !== known.size
}

/** One step towards the target; giving back is limited by the rebalance time-out. */
function takeStep(
  shard: GroupShard,
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  write: (value: CoordinatorValue) => void,
): CurrentAssignment {
  const member = group.members.get(request.member)
  const before = member?.current ?? NEW_MEMBER
  const target = group.target.get(request.member) ?? []
  const isOwned = (partition: PartitionIndex) => group.isOwned(partition)
  const after = reconcile(before, group.targetEpoch, target, request.owned, isOwned)
  if (after === before || member === undefined) return before
  write({ kind: 'current-assignment', group: group.id, member: member.id, current: after })
  // Its time runs from the step that asks it; one that gives back slowly holds up only those who
  // are to get the same partitions.
  if (after.state === 'unrevoked-partitions') watchRevocation(shard, group, member.id)
  else group.cancelRebalance(member.id)
  return after
}

/** Fences the member if it does not leave its epoch in time. */
export function watchRevocation(shard: GroupShard, group: ConsumerGroup, id: MemberId): void {
  const member = group.members.get(id)
  if (member === undefined) return
  const { epoch } = member.current
  const timer = group.rebalanceOf(id, () =>
    shard.context.timer(() => {
      const late = group.members.get(id)?.current
      if (late?.state !== 'unrevoked-partitions') return
      expireConsumerMember(shard, group, id, `it kept partitions of epoch ${epoch}`)
    }),
  )
  timer.arm(millis(member.subscription.rebalanceTimeoutMs))
}

/**
 * A member that says nothing (null) is as before. One that says the same again, as it does after a
 * failure, must not raise the epoch: everybody would be dealt anew for nothing.
 */
function hasNewSubscription(group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest): boolean {
  const known = group.members.get(request.member)
  if (known === undefined || known.subscription.clientId === '') return true
  if (request.topics === null) return false
  return !sameSet(request.topics, known.subscription.topics)
}

/** Writes down who it is; the epoch that this raises is the caller’s to write. */
function subscribe(
  shard: GroupShard,
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  write: (value: CoordinatorValue) => void,
): void {
  const isNew = !group.members.has(request.member)
  const { instance, rack, clientId, clientHost, rebalanceTimeoutMs, assignor } = request
  const subscription = {
    instance,
    rack,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    assignor,
    topics: request.topics ?? [],
  }
  write({ kind: 'consumer-member', group: group.id, member: request.member, subscription })
  if (isNew) shard.observer?.onMemberAdded(group.id, request.member)
  shard.observer?.onRebalance(group.id, group.epoch, `${clientId} ${isNew ? 'joined' : 'changed'}`)
}

/** A static member that was away takes its place and its target again, by whatever id. */
function replaceStaticMember(
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  write: (...values: CoordinatorValue[]) => void,
): void {
  const old = group.staticMember(request.instance)
  if (old === null) return
  const target = group.target.get(old.id) ?? []
  // Epoch 0: its next step takes it to the group's, with the target that the old one had, so that
  // nothing moves for a restart (KIP-345).
  const current: CurrentAssignment = { ...old.current, epoch: 0, previousEpoch: 0 }
  const { subscription } = old
  const member = request.member
  write(
    ...tombstones(group, old.id),
    { kind: 'consumer-member', group: group.id, member, subscription },
    { kind: 'target-assignment', group: group.id, member, partitions: target },
    { kind: 'current-assignment', group: group.id, member, current },
  )
}

/**
 * KIP-848’s fences: 1. Epoch 0 joins, but not over a holder of the same instance who has not left,
 * though it be the member itself, whose first answer was lost. 2. A stranger must join first. 3. Of
 * two processes with one instance the later has it. 4. An epoch that the coordinator never gave
 * out, or that is long past, is somebody who missed his removal.
 */
function epochError(group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest): KafkaError {
  const { instance, memberEpoch } = request
  if (memberEpoch === 0) {
    const epoch = group.staticMember(instance)?.current.epoch ?? STATIC_LEAVE_EPOCH
    return epoch === STATIC_LEAVE_EPOCH ? 'NONE' : 'UNRELEASED_INSTANCE_ID'
  }
  const member = memberOf(group, request)
  if (typeof member === 'string') return member
  return isKnownEpoch(member.current, memberEpoch, request.owned) ? 'NONE' : 'FENCED_MEMBER_EPOCH'
}

/** A static member is known by its instance: who has another id than its holder is fenced. */
function memberOf(
  group: ConsumerGroup,
  { instance, member: id }: ConsumerGroupHeartbeatRequest,
): ConsumerMember | KafkaError {
  const member = instance === '' ? group.members.get(id) : group.staticMember(instance)
  if (member == null) return 'UNKNOWN_MEMBER_ID'
  return member.id === id ? member : 'FENCED_INSTANCE_ID'
}

/** The epoch before is known too, for a member that never got the answer to its last heartbeat. */
function isKnownEpoch(
  current: CurrentAssignment,
  epoch: GenerationId,
  owned: readonly PartitionIndex[] | null,
): boolean {
  if (epoch === current.epoch) return true
  if (epoch !== current.previousEpoch || owned === null) return false
  return owned.every((partition) => current.assigned.includes(partition))
}

/**
 * Epoch -1 goes for good, and its partitions are dealt anew; epoch -2, of static members only, goes
 * for a while: nothing moves before its session ends (KIP-345 under KIP-848).
 */
function leave(
  shard: GroupShard,
  group: ConsumerGroup,
  request: ConsumerGroupHeartbeatRequest,
  reply: Reply,
): void {
  const member = memberOf(group, request)
  if (typeof member === 'string') {
    refuse(reply, request, member)
    return
  }
  const isForGood = request.memberEpoch === LEAVE_EPOCH || member.subscription.instance === ''
  const values = isForGood ? farewell(shard, group, member, 'it left') : pauseOf(group, member)
  const gone = { ...member.current, epoch: request.memberEpoch }
  shard.log.write(values, (failure) => {
    if (failure !== 'NONE') refuse(reply, request, shard.writeError(failure))
    else reply.send(response(shard, request.member, gone, null))
  })
}

/** A pause is one record: the member keeps its place, its target and its session. */
function pauseOf(group: ConsumerGroup, member: ConsumerMember): CoordinatorValue[] {
  // What it was to give back it has, by going: others need not wait for its session to end.
  const current = { ...member.current, epoch: STATIC_LEAVE_EPOCH, pendingRevocation: [] }
  const value = { kind: 'current-assignment', group: group.id, member: member.id, current } as const
  group.replay(value)
  return [value]
}

/** The session or the time to give partitions back ran out. */
export function expireConsumerMember(
  shard: GroupShard,
  group: ConsumerGroup,
  id: MemberId,
  why: string,
): void {
  const member = group.members.get(id)
  if (member !== undefined) shard.log.write(farewell(shard, group, member, why), () => {})
}

/**
 * Tombstones and a raised epoch; who is to have its partitions is computed with the next heartbeat.
 */
function farewell(
  shard: GroupShard,
  group: ConsumerGroup,
  member: ConsumerMember,
  why: string,
): CoordinatorValue[] {
  // The next heartbeat of anybody finds the epoch above its target's, and computes one without it.
  const epoch = group.epoch + 1
  const values: CoordinatorValue[] = [
    ...tombstones(group, member.id),
    { kind: 'consumer-group-epoch', group: group.id, epoch },
  ]
  for (const value of values) group.replay(value)
  shard.observer?.onMemberRemoved(group.id, member.id, why)
  shard.observer?.onRebalance(group.id, epoch - 1, `${member.subscription.clientId} is gone`)
  return values
}

/** In the order in which a replay can take them: what a member owns before the member itself. */
function tombstones(group: ConsumerGroup, member: MemberId): CoordinatorValue[] {
  return [
    { kind: 'current-assignment', group: group.id, member, current: null },
    { kind: 'target-assignment', group: group.id, member, partitions: null },
    { kind: 'consumer-member', group: group.id, member, subscription: null },
  ]
}

/** KIP-848: commits and offset fetches name the member's epoch. */
export function validateCommitter(
  group: ConsumerGroup,
  id: MemberId,
  epoch: GenerationId,
): KafkaError {
  const member = group.members.get(id)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  return epoch === member.current.epoch ? 'NONE' : 'STALE_MEMBER_EPOCH'
}

/** A null assignment means that nothing has changed for the member since its last answer. */
function response(
  shard: GroupShard,
  member: MemberId,
  current: CurrentAssignment,
  assignment: readonly PartitionIndex[] | null,
): ConsumerGroupHeartbeatResponse {
  return {
    api: 'ConsumerGroupHeartbeat',
    error: 'NONE',
    member,
    memberEpoch: current.epoch,
    heartbeatIntervalMs: shard.config.consumerHeartbeatIntervalMs,
    assignment,
  }
}

/** Without a word about the assignment: a refused member keeps or drops it by the error. */
function refuse(reply: Reply, request: ConsumerGroupHeartbeatRequest, error: KafkaError): void {
  reply.send(refusedHeartbeat(request, error))
}

/** An answer that changes nothing for the member but the error. */
export function refusedHeartbeat(
  { member, memberEpoch }: ConsumerGroupHeartbeatRequest,
  error: KafkaError,
): ConsumerGroupHeartbeatResponse {
  return {
    api: 'ConsumerGroupHeartbeat',
    error,
    member,
    memberEpoch,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
}

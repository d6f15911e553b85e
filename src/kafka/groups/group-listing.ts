// Models: what an administrator is told of the groups of a shard.
// Leaves out: the protocol's own metadata; filters by state and type; states that are not yet
// replicated are told as well.
// Source: GroupMetadataManager (listGroups, describeGroups, consumerGroupDescribe); ClassicGroup,
// ConsumerGroup (state).

import type { KafkaError } from '../errors.ts'
import type { GroupDescription, GroupState } from '../group-messages.ts'
import type { GroupId } from '../ids.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { GroupShard } from './group-shard.ts'

/** Also those that never had a member: somebody has committed offsets for them. */
export function listGroups({
  groups,
  offsets,
}: GroupShard): { readonly group: GroupId; readonly state: GroupState }[] {
  // What commits without members makes a group of its own in Kafka, an empty classic one.
  const ids = new Set([...groups.keys(), ...offsets.groups])
  return [...ids].map((group) => ({ group, state: stateOf(groups.get(group)) }))
}

/** @param shard what coordinates the group, or why it cannot be told */
export function describeGroup(shard: GroupShard | KafkaError, group: GroupId): GroupDescription {
  if (typeof shard === 'string') return { group, error: shard, state: 'DEAD', members: [] }
  const known = shard.groups.get(group)
  const isDead = known === undefined && !shard.offsets.groups.includes(group)
  const state = isDead ? 'DEAD' : stateOf(known)
  return { group, error: 'NONE', state, members: known === undefined ? [] : membersOf(known) }
}

function stateOf(group: ClassicGroup | ConsumerGroup | undefined): GroupState {
  if (group === undefined) return 'EMPTY'
  return group.kind === 'classic' ? classicState(group) : consumerState(group)
}

function classicState({ state }: ClassicGroup): GroupState {
  switch (state) {
    case 'empty':
      return 'EMPTY'
    case 'preparing':
      return 'PREPARING_REBALANCE'
    case 'completing':
      return 'COMPLETING_REBALANCE'
    case 'stable':
      return 'STABLE'
  }
}

/** A group is stable when every member has what the newest target gives it. */
function consumerState({ members, epoch, targetEpoch }: ConsumerGroup): GroupState {
  if (members.size === 0) return 'EMPTY'
  // Between a change and the heartbeat that computes the next target; seldom seen.
  if (epoch > targetEpoch) return 'ASSIGNING'
  const isReconciled = [...members.values()].every(
    ({ current }) => current.state === 'stable' && current.epoch === targetEpoch,
  )
  return isReconciled ? 'STABLE' : 'RECONCILING'
}

/** What each has at present: under KIP-848 not yet what it is to have. */
function membersOf(group: ClassicGroup | ConsumerGroup): GroupDescription['members'] {
  if (group.kind === 'classic') {
    return [...group.members.values()].map(({ id, clientId, assignment }) => {
      return { member: id, clientId, partitions: assignment.partitions }
    })
  }
  return [...group.members.values()].map(({ id, subscription, current }) => {
    return { member: id, clientId: subscription.clientId, partitions: current.assigned }
  })
}

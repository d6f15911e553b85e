// The groups at the end of a run: what kafka-consumer-groups would print.

import type { GroupDescription, GroupState } from '../../contract.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import type { ClassicGroup, ClassicGroupState } from '../../kafka/groups/classic-group.ts'
import type { ConsumerGroup } from '../../kafka/groups/consumer-group.ts'
import type { GroupShard } from '../../kafka/groups/group-shard.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'

type Row = GroupDescription['rows'][number]
type Owner = NonNullable<Row['member']>

const STATES: Readonly<Record<ClassicGroupState, GroupState>> = {
  empty: 'Empty',
  preparing: 'PreparingRebalance',
  completing: 'CompletingRebalance',
  stable: 'Stable',
}

/** Groups that have a coordinator now, by name. */
export function describeGroups(cluster: Cluster): GroupDescription[] {
  const found: GroupDescription[] = []
  for (const node of cluster.nodes.values()) {
    if (!node.isRunning) continue
    for (const shard of node.role?.broker.groups.shards ?? []) {
      for (const group of shard.groups.values()) found.push(describe(cluster, shard, group))
      for (const group of shard.offsets.groups) {
        if (!shard.groups.has(group)) found.push(withoutMembers(cluster, shard, group))
      }
    }
  }
  return found.sort((a, b) => (a.group < b.group ? -1 : 1))
}

/** Offsets that nobody has joined for: written by an administrator, or by a replicator. */
function withoutMembers(cluster: Cluster, shard: GroupShard, group: string): GroupDescription {
  const rows = shard.offsets.fetch(group, null).map(({ partition, offset }) => ({
    topic: cluster.topics.topicOf(partition),
    partition: cluster.topics.numberOf(partition),
    currentOffset: offset,
    logEndOffset: endOf(cluster, partition),
    member: null,
  }))
  return { group, members: 0, state: 'Empty', rows }
}

function describe(
  cluster: Cluster,
  shard: GroupShard,
  group: ClassicGroup | ConsumerGroup,
): GroupDescription {
  const owners = group.kind === 'classic' ? classicOwners(group) : consumerOwners(group)
  const committed = new Map(
    shard.offsets.fetch(group.id, null).map(({ partition, offset }) => [partition, offset]),
  )
  const partitions = [...new Set([...committed.keys(), ...owners.keys()])].sort((a, b) => a - b)
  const state = group.kind === 'classic' ? STATES[group.state] : consumerState(group)
  return {
    group: group.id,
    members: group.members.size,
    state,
    rows: partitions.map((partition) => ({
      topic: cluster.topics.topicOf(partition),
      partition: cluster.topics.numberOf(partition),
      currentOffset: committed.get(partition) ?? null,
      logEndOffset: endOf(cluster, partition),
      member: owners.get(partition) ?? null,
    })),
  }
}

function classicOwners(group: ClassicGroup): Map<PartitionIndex, Owner> {
  const owners = new Map<PartitionIndex, Owner>()
  for (const { id, clientId, clientHost, assignment } of group.members.values()) {
    const owner = { consumerId: id, host: clientHost, clientId }
    for (const partition of assignment.partitions) owners.set(partition, owner)
  }
  return owners
}

function consumerOwners(group: ConsumerGroup): Map<PartitionIndex, Owner> {
  const owners = new Map<PartitionIndex, Owner>()
  for (const { id, subscription, current } of group.members.values()) {
    const { clientId, clientHost } = subscription
    const owner = { consumerId: id, host: clientHost, clientId }
    for (const partition of current.assigned) owners.set(partition, owner)
  }
  return owners
}

function consumerState(group: ConsumerGroup): GroupState {
  if (group.isEmpty) return 'Empty'
  if (group.epoch > group.targetEpoch) return 'Assigning'
  for (const { current } of group.members.values()) {
    if (current.epoch !== group.targetEpoch || current.state !== 'stable') return 'Reconciling'
  }
  return 'Stable'
}

/** The latest offset that a consumer may read up to, as the leader tells it. */
function endOf(cluster: Cluster, partition: PartitionIndex): number | null {
  const leader = cluster.nodes.get(cluster.registrationOf(partition)?.leader ?? -1)
  const log = leader?.isRunning === true ? leader.role?.broker.replicas.ledLog(partition) : null
  return log?.highWatermark ?? null
}

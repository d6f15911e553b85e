// One thing wrong with a group of a living cluster.

import type { ClassicMember } from '../../../src/kafka/groups/classic-group.ts'
import {
  isCoordinatorValue,
  type OffsetCommitValue,
} from '../../../src/kafka/groups/group-values.ts'
import { type Break, set } from './break.ts'
import { first, found, type Living } from './living.ts'

const NOBODY = { send() {}, done() {} }

function memberOf(it: Living): ClassicMember {
  return first(it.classic.members.values())
}

function twice(it: Living): void {
  const member = memberOf(it)
  set(member, 'instance', 'one')
  it.classic.members.set('two', member)
}

function disorder(it: Living): void {
  const commit = commitOf(it)
  for (const at of [1e9, 1e8]) it.shard.offsets.replay(commit, at)
}

function commitOf(it: Living): OffsetCommitValue {
  const { log } = found(it.broker(1).replicas.partitions.get(it.shard.log.partition), 'offsets')
  const values = log.batches().flatMap(({ values }) => values ?? [])
  const isCommit = (value: object) => isCoordinatorValue(value) && value.kind === 'offset'
  return values.findLast(isCommit) as OffsetCommitValue
}

export const GROUP_BREAKS: readonly Break[] = [
  ['an empty group has no members', 'broker-1', (it) => (it.classic.state = 'empty')],
  ['a group is led by a member', 'broker-1', (it) => (it.classic.leader = 'nobody')],
  [
    'who has joined is not awaited',
    'broker-1',
    (it) => it.classic.pendingMembers.set(it.classic.leader, memberOf(it).session),
  ],
  ['members are asked to sync', 'broker-1', (it) => it.classic.pendingSyncs.add('nobody')],
  ['an instance is one member', 'broker-1', (it) => twice(it)],
  [
    'members wait to join while a rebalance is prepared',
    'broker-1',
    (it) => (memberOf(it).awaitingJoin = NOBODY),
  ],
  [
    'members wait for the leader’s assignment',
    'broker-1',
    (it) => (memberOf(it).awaitingSync = NOBODY),
  ],
  ['all members speak the chosen protocol', 'broker-1', (it) => (it.classic.protocol = 'none')],
  [
    'a target is for an epoch that the group has reached',
    'broker-1',
    (it) => (it.consumer.targetEpoch = 99),
  ],
  [
    'a partition is meant for one member',
    'broker-1',
    (it) => it.consumer.target.set('nobody', first(it.consumer.target.values())),
  ],
  [
    'no member is ahead of its group',
    'broker-1',
    (it) => set(first(it.consumer.members.values()).current, 'epoch', 99),
  ],
  [
    'who holds a partition alone owns it',
    'broker-1',
    (it) => set(first(it.consumer.members.values()).current, 'assigned', [99]),
  ],
  [
    'who has left owns nothing',
    'broker-1',
    (it) => set(first(it.consumer.members.values()).current, 'assigned', []),
  ],
  [
    'a member alone has a session',
    'broker-1',
    (it) => it.consumer.sessionOf('nobody', () => memberOf(it).session),
  ],
  ['what is committed has been written', 'broker-1', (it) => (it.shard.log.lastCommitted = 1e9)],
  [
    'a commit is found by its group and partition',
    'broker-1',
    (it) => set(commitOf(it), 'partition', 99),
  ],
  ['commits are kept in the order of the log', 'broker-1', (it) => disorder(it)],
  ['a group is found by its name', 'broker-1', (it) => set(it.classic, 'id', 'another')],
  ['a shard is of its partition', 'broker-1', (it) => set(it.shard.log, 'partition', 99)],
  [
    'a member holds a partition once',
    'broker-1',
    (it) => set(first(it.consumer.members.values()).current, 'assigned', [0, 0]),
  ],
  [
    'what waits was written',
    'broker-1',
    (it) => {
      const { log } = it.shard
      set(log, 'lastWritten', log.lastWritten + 1)
      log.write([], () => {})
      Object.assign(log, { lastWritten: 0, lastCommitted: 0 })
    },
  ],
]

// One thing wrong with a quorum node of a living cluster.

import type { RaftState } from '../../../src/kafka/raft/raft-state.ts'
import { NEVER } from '../../../src/sim/time.ts'
import { type Break, set } from './break.ts'
import { first, type Living } from './living.ts'

function leaderOf(it: Living): RaftState {
  return it.raft(it.simulation.cluster.activeControllerId).state
}

export const RAFT_BREAKS: readonly Break[] = [
  [
    'what is flushed was written',
    'controller-101',
    (it) => (it.node(101).quorumStore.flushedOffset = 1e9),
  ],
  [
    'no record is of an epoch to come',
    'controller-101',
    (it) => set(it.node(101).quorumStore.election, 'epoch', 0),
  ],
  [
    'an epoch begins with a record of it',
    'broker-1',
    (it) => set(it.node(1).quorumStore.log.entryAt(0), 'epoch', 77),
  ],
  [
    'a voter is no observer',
    'controller-',
    (it) => it.progress.observers.set(101, first(it.progress.voters.values())),
  ],
  [
    'what is committed is in the leader’s log',
    'controller-',
    (it) => (it.progress.highWatermark = 1e9),
  ],
  [
    'older epochs are committed with a record of this one',
    'controller-',
    (it) => set(it.progress, 'epochStartOffset', 1e9),
  ],
  [
    'an epoch is written before it is acted on',
    'broker-2',
    (it) => set(it.raft(2).state, 'epoch', 77),
  ],
  ['what is committed is read at once', 'broker-2', (it) => it.raft(2).appliedOffset--],
  ['an observer only follows', 'broker-2', (it) => set(it.raft(2).state, 'name', 'Prospective')],
  [
    'who knows a leader follows it',
    'broker-2',
    (it) => set(it.raft(2).state, 'name', 'Unattached'),
  ],
  ['a node follows another', 'broker-2', (it) => set(it.raft(2).state, 'leaderId', 2)],
  [
    'who leads does not stand for election',
    'controller-',
    (it) => set(leaderOf(it), 'name', 'Prospective'),
  ],
  ['a candidate votes for itself', 'controller-', (it) => set(leaderOf(it), 'name', 'Candidate')],
  [
    'who knows a leader does not stand against it',
    'controller-',
    (it) => Object.assign(leaderOf(it), { name: 'Candidate', votedFor: leaderOf(it).leaderId }),
  ],
  ['a leader knows that it leads', 'controller-', (it) => set(leaderOf(it), 'leaderId', 7)],
  [
    'who resigns has led',
    'controller-',
    (it) => Object.assign(leaderOf(it), { name: 'Resigned', leaderId: 7 }),
  ],
  [
    'who resigns tells the others',
    'controller-',
    (it) =>
      Object.assign(leaderOf(it), { name: 'Resigned', unacked: new Set([leaderOf(it).leaderId]) }),
  ],
  [
    'records are written when their linger is over',
    'controller-',
    (it) => Object.assign(leaderOf(it), { pending: [], drainAt: 5 }),
  ],
  [
    'no fetch is parked for ever',
    'controller-',
    (it) => {
      const leader = leaderOf(it)
      if (leader.name === 'Leader') set(leader, 'parked', [{ deadline: NEVER }])
    },
  ],
]

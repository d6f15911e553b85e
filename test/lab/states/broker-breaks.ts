// One thing wrong with a partition and its broker of a living cluster.

import type { FetchSession } from '../../../src/kafka/broker/fetch-session.ts'
import type { ReplicaFetcher } from '../../../src/kafka/broker/replica-fetcher.ts'
import type { FetchPartition } from '../../../src/kafka/messages.ts'
import type {
  DelayedFetch,
  DelayedFetchPurgatory,
} from '../../../src/kafka/partition/delayed-fetch.ts'
import { type PendingIsr, pendingExpand } from '../../../src/kafka/partition/isr-state.ts'
import type { IsrProposal } from '../../../src/kafka/partition/partition-ports.ts'
import { fetchOf } from '../../kafka/partition/bench.ts'
import { type Break, set } from './break.ts'
import { first, found, type Living } from './living.ts'

const ASKED = { api: 'AllocateProducerIds', brokerId: 1, brokerEpoch: 1 } as const

const GIVEN = { api: 'AllocateProducerIds', error: 'NONE', firstProducerId: 9, count: 9 } as const

function pend(it: Living, broker: number): PendingIsr {
  const partition = it.partition(broker)
  const { isrState } = partition
  if (isrState.kind !== 'committed') throw new Error('a proposal is pending')
  const pending = pendingExpand(isrState, 4)
  partition.isrState = pending
  return pending
}

function proposal(it: Living) {
  const partition = it.partition(1)
  const pending = pend(it, 1)
  const { index, leaderEpoch, partitionEpoch } = partition
  const rest = { newIsr: [], recovery: 'RECOVERED', pending } as const
  const proposal: IsrProposal = { partition: index, leaderEpoch, partitionEpoch, ...rest }
  return { proposal, proposer: partition }
}

function fetcherOf(it: Living): ReplicaFetcher {
  return found(it.broker(2).fetchers.fetcherOf(it.partition(2).index), 'fetcher')
}

const ENTRY = { currentLeaderEpoch: 0, fetchOffset: 0, lastFetchedEpoch: 0, logStartOffset: 0 }

function sessionOf(it: Living): FetchSession {
  const partition = it.partition(1).index
  const asked = fetchOf(2, { partition, ...ENTRY, maxBytes: 1 })
  const { sessions } = it.broker(1).fetches
  const ids = Array.from({ length: 99 }, (_, id) => sessions.of({ ...asked, sessionId: id }))
  return found(
    ids.find((session) => session !== null),
    'session',
  )
}

function told(it: Living) {
  const { index } = it.partition(1)
  const nothing = { diverging: null, currentLeader: null, preferredReadReplica: -1, batches: [] }
  const offsets = { highWatermark: 1, lastStableOffset: 1, logStartOffset: 2 }
  return { partition: index, error: 'NONE', ...offsets, ...nothing } as const
}

function purgatoryOf(it: Living): DelayedFetchPurgatory {
  return it.broker(1).fetches.purgatory
}

/** A consumer's fetch that waits for what comes next. */
function waiting(it: Living): DelayedFetch {
  const { index, log } = it.partition(1)
  const entry = { partition: index, ...ENTRY, fetchOffset: log.highWatermark, maxBytes: 1 }
  purgatoryOf(it).park(fetchOf(-1, entry), { send() {}, done() {} })
  return first(purgatoryOf(it).index.all())
}

function quietEntry(it: Living): FetchPartition {
  const sessions = [...it.broker(1).fetches.sessions]
  const [entry] = first(sessions.flatMap((session) => [...session.quiet()]))
  return entry
}

export const PARTITION_BREAKS: readonly Break[] = [
  ['who leads is the leader', 'broker-1', (it) => (it.partition(1).leader = 2)],
  [
    'a leader knows its epoch’s start',
    'broker-1',
    (it) => (it.partition(1).leaderEpochStartOffset = null),
  ],
  [
    'an epoch begins within its leader’s log',
    'broker-1',
    (it) => (it.partition(1).leaderEpochStartOffset = 1_000_000),
  ],
  ['a replica is assigned once', 'broker-1', (it) => (it.partition(1).replicas = [1, 2, 2, 3])],
  [
    'a member is in the ISR once',
    'broker-1',
    (it) => set(it.partition(1).isrState, 'isr', [1, 2, 2]),
  ],
  [
    'the maximal ISR holds the committed one',
    'broker-1',
    (it) => set(it.partition(1).isrState, 'maximal', [1, 2]),
  ],
  ['a leader is in its own ISR', 'broker-1', (it) => set(it.partition(1).isrState, 'isr', [2, 3])],
  ['only a leader has a proposal pending', 'broker-2', (it) => pend(it, 2)],
  [
    'the maximal ISR holds the proposed one',
    'broker-1',
    (it) => set(pend(it, 1), 'proposed', [1, 2, 3, 5]),
  ],
  [
    'a proposal starts from what is committed',
    'broker-1',
    (it) => set(pend(it, 1), 'lastCommitted', {}),
  ],
  [
    'a follower is known once',
    'broker-1',
    (it) => it.partition(1).followers.push(first(it.partition(1).followers)),
  ],
  [
    'a leader does not follow itself',
    'broker-1',
    (it) => set(first(it.partition(1).followers), 'id', 1),
  ],
  [
    'a leader, and only it, knows every other replica',
    'broker-1',
    (it) => it.partition(1).followers.pop(),
  ],
  [
    'a leader, and only it, knows every other replica',
    'broker-2',
    (it) => (it.partition(2).followers = it.partition(1).followers.slice(1)),
  ],
  [
    'a fetch was in the past',
    'broker-1',
    (it) => first(it.partition(1).followers).fetchesBy({ lastFetchTime: 1e12 }),
  ],
  [
    'nobody was told more than is committed',
    'broker-1',
    (it) => (first(it.partition(1).followers).lastSentHighWatermark = 1e12),
  ],
  ['a partition is found by its index', 'broker-1', (it) => set(it.partition(1), 'index', 99)],
  [
    'a hosted partition’s log is kept',
    'broker-1',
    (it) => it.node(1).brokerStore.delete(it.partition(1).index),
  ],
  [
    'neighbours know each other',
    'broker-2',
    (it) => (first(fetcherOf(it).states).previous = first(fetcherOf(it).states)),
  ],
  ['each partition has its turn', 'broker-2', (it) => fetcherOf(it).states.size++],
  ['a partition is fetched from its leader', 'broker-2', (it) => (it.partition(2).leader = 3)],
  [
    'a new leader epoch gives the partition anew',
    'broker-2',
    (it) => it.partition(2).leaderEpoch++,
  ],
  [
    'a partition is followed by one thread',
    'broker-2',
    (it) => it.broker(2).fetchers.fetchers.set('again', fetcherOf(it)),
  ],
  ['a thread with work wakes again', 'broker-2', (it) => (fetcherOf(it).state = 'idle')],
  [
    'a proposal is kept until it is answered',
    'broker-1',
    (it) => set(it.broker(1).alterPartition, 'inFlight', [proposal(it)]),
  ],
  [
    'a proposal is on its way to the controller',
    'broker-1',
    (it) => it.broker(1).alterPartition.unsent.set(0, proposal(it)),
  ],
  ['a session is found by its id', 'broker-1', (it) => set(sessionOf(it), 'id', 99)],
  [
    'a log was told to start below its high watermark',
    'broker-1',
    (it) => sessionOf(it).tell([told(it)]),
  ],
  [
    'who is unfenced is registered',
    'broker-1',
    (it) => set(found(it.node(1).role, 'role').lifecycle, 'brokerEpoch', -1),
  ],
  [
    'an id is given out of its block',
    'broker-1',
    (it) => it.broker(1).producerIds.onReply(ASKED, { ...GIVEN, count: -1 }),
  ],
  [
    'who fetches a quiet partition has all of it',
    'broker-1',
    (it) => set(quietEntry(it), 'fetchOffset', 0),
  ],
  [
    'a fetch looks at every partition that is not quiet',
    'broker-1',
    (it) => set(sessionOf(it).toBeSeen, 'length', 0),
  ],
  [
    'a request waits for a partition once',
    'broker-1',
    (it) => purgatoryOf(it).index.add(it.partition(1).index, waiting(it)),
  ],
  [
    'a waiter is used again when it waits no more',
    'broker-1',
    (it) => purgatoryOf(it).recycle(waiting(it)),
  ],
]

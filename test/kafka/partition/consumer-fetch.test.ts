import { describe, expect, test } from 'vitest'
import {
  preferredReadReplica,
  replicaHandlesConsumerFetch,
} from '../../../src/kafka/partition/consumer-fetch.ts'
import { PartitionRead } from '../../../src/kafka/partition/partition-read.ts'
import { rackAwareSelector } from '../../../src/kafka/partition/replica-selector.ts'
import { guardsFor } from '../../../src/kafka/version.ts'
import { produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

/** Leads in epoch 4 alone, with four committed records; the last two are of an open transaction. */
function leader(): TestReplica {
  const replica = new Bench().replica(1)
  replica.partition.apply(registration({ isr: [1], leaderEpoch: 4 }))
  replica.log.appendAsLeader(produced({ count: 2 }), 4)
  const open = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true }
  replica.log.appendAsLeader(produced({ count: 2, ...open }), 4)
  replica.log.maybeIncrementHighWatermark(4)
  return replica
}

describe('a consumer’s fetch', () => {
  const read = new PartitionRead()

  function fetch(replica: TestReplica, currentLeaderEpoch: number, isCommitted = false) {
    const entry = replica.fetchRequest({ fetchOffset: 0, currentLeaderEpoch }).partitions[0]
    if (entry === undefined) throw new Error('a fetch has a partition')
    const isolation = isCommitted ? 'read_committed' : 'read_uncommitted'
    replicaHandlesConsumerFetch(replica.partition, entry, 1_000, true, read, isolation)
    return [read.error, read.batches.map((batch) => batch.baseOffset)]
  }

  test('of another leader epoch is fenced or unknown (KIP-320), before 2.1 it is read', () => {
    const replica = leader()
    expect([3, 4, 5].map((epoch) => fetch(replica, epoch))).toEqual([
      ['FENCED_LEADER_EPOCH', []],
      ['NONE', [0, 2]],
      ['UNKNOWN_LEADER_EPOCH', []],
    ])
    replica.bench.guards = guardsFor('4.1', { epochFencingOfFetch: false })
    expect(fetch(replica, 3)).toEqual(['NONE', [0, 2]])
  })

  test('reads below an open transaction where it is read_committed', () => {
    expect(fetch(leader(), 4, true)).toEqual(['NONE', [0]])
  })
})

describe('a replica in the consumer’s rack is advised', () => {
  /** Of 2, in the ISR, and 3, outside of it: who holds offsets 1 to 2. */
  function advised(rack: string, offset: number, onlyIsr = true): number {
    const bench = new Bench()
    bench.guards = guardsFor('4.1', { readReplicaFromIsrOnly: onlyIsr })
    const replica = bench.replica(1)
    replica.partition.apply(registration({ isr: [1, 2] }))
    bench.fenced.add(3)
    for (let k = 0; k < 2; k++) replica.log.appendAsLeader(produced(), 0)
    for (const id of [2, 3]) {
      const entry = { fetchOffset: 2, lastFetchedEpoch: 0, logStartOffset: 1 }
      replica.serve({ ...replica.fetchRequest(entry), replicaId: id })
    }
    const rackOf = (id: number) => ['', 'a', 'b', 'c'][id] ?? null
    return preferredReadReplica(replica.partition, offset, rack, {
      selector: rackAwareSelector,
      rackOf,
    })
  }

  test('if it is in the ISR; before KAFKA-14372 any that follows', () => {
    expect([advised('b', 1), advised('c', 1), advised('c', 1, false)]).toEqual([2, -1, 3])
  })

  test('if it holds the offset: neither deleted nor not yet fetched', () => {
    expect([0, 1, 2, 3].map((offset) => advised('b', offset))).toEqual([-1, 2, 2, -1])
  })
})

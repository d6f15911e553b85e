// Source of the expected answers: ReplicaManager.readFromLog, KafkaApis.handleFetchRequest.

import { describe, expect, test } from 'vitest'
import type { FetchPartition, FetchRequest } from '../../../src/kafka/messages.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { produced } from '../log/batches.ts'
import { type BenchOptions, BrokerBench, consumerFetch, produceOf } from './broker-bench.ts'

/** One broker with two partitions that hold so many batches of 100 bytes. */
function holding(batches: readonly [number, number], options: BenchOptions = {}) {
  const bench = new BrokerBench([1], { partitions: 2, ...options })
  for (const [partition, count] of batches.entries()) {
    bench.create(partition, { replicas: [1, 2] })
    for (let i = 0; i < count; i++) bench.ask(1, produceOf(produced(), 1, partition))
  }
  bench.run(SECOND)
  return bench
}

/** Batches of each partition in the answer to a fetch of both. */
function batchesIn(bench: BrokerBench, request: Partial<FetchRequest>): number[] {
  const { partitions, ...fetch } = consumerFetch({})
  const entries = [0, 1].flatMap((partition): FetchPartition[] =>
    partitions.map((entry) => ({ ...entry, partition })),
  )
  const answers = bench.ask(1, { ...fetch, partitions: entries, ...request })
  const [answer] = answers
  if (answer === null || answer === 'done' || answer?.api !== 'Fetch') throw new Error('no answer')
  return [0, 1].map((partition) => {
    return answer.partitions.find((one) => one.partition === partition)?.batches.length ?? 0
  })
}

describe('the bytes of an answer', () => {
  test.each([
    ['are all that there is', {}, {}, [1, 5]],
    ['are at most what is asked for, over all partitions', { maxBytes: 250 }, {}, [1, 1]],
    ['are at most fetch.max.bytes of the broker', {}, { fetchMaxBytes: 350 }, [1, 2]],
    ['are the smaller of both', { maxBytes: 250 }, { fetchMaxBytes: 350 }, [1, 1]],
    ['are one batch at least', { maxBytes: 10 }, {}, [1, 0]],
    ['are no more for a follower', { replicaId: 2 }, { fetchMaxBytes: 350 }, [1, 2]],
  ] as const)('%s', (_claim, request, broker, batches) => {
    expect(batchesIn(holding([1, 5], { broker }), request)).toEqual(batches)
  })
})

test('nobody waits for more bytes than an answer may hold', () => {
  const wants = { ...consumerFetch({}), minBytes: 1_000, maxWaitMs: 60_000 }
  const broker = { fetchMaxBytes: 200 }
  expect(holding([2, 0], { broker }).ask(1, wants)).toHaveLength(1)
  const bench = holding([1, 0], { broker })
  const answers = bench.ask(1, wants)
  expect(answers).toHaveLength(0)
  bench.ask(1, produceOf(produced(), 1, 0))
  bench.run(SECOND)
  expect(answers).toHaveLength(1)
})

test('who does not want to wait is answered with nothing at once', () => {
  const bench = holding([0, 0])
  expect(bench.ask(1, { ...consumerFetch({}), maxWaitMs: 0 })).toHaveLength(1)
  expect(bench.ask(1, { ...consumerFetch({}), maxWaitMs: 1 })).toHaveLength(0)
})

describe('a follower in a session that has everything', () => {
  /** Its fetches of partition 0, on which it has the one batch that there is. */
  function following() {
    const bench = holding([1, 0])
    const partition = bench.partitionOf(1)
    const fetch = (sessionId: number, sessionEpoch: number, brokerEpoch: number) => {
      const { partitions, ...rest } = consumerFetch({ fetchOffset: 1 })
      const entries = partitions.map((entry) => ({ ...entry, currentLeaderEpoch: 0 }))
      const session = { sessionId, sessionEpoch, brokerEpoch, replicaId: 2, maxWaitMs: 0 }
      bench.run(SECOND)
      const [answer] = bench.ask(1, { ...rest, ...session, partitions: entries })
      if (answer === null || answer === 'done' || answer?.api !== 'Fetch') throw new Error('none')
      return answer
    }
    const { sessionId } = fetch(0, 0, -1)
    return { bench, partition, fetch: fetch.bind(null, sessionId) }
  }

  test('is told nothing, and counts as having fetched', () => {
    const { bench, partition, fetch } = following()
    expect(fetch(1, -1).partitions).toEqual([])
    expect(partition?.follower(2)?.lastFetchTime).toBe(bench.world.now)
    expect(partition?.follower(2)?.lastCaughtUpTime).toBe(bench.world.now)
  })

  test('does not count once its process has been replaced (KIP-903)', () => {
    const { bench, partition, fetch } = following()
    const before = partition?.follower(2)?.lastFetchTime
    bench.commit({
      type: 'RegisterBroker',
      ...{ brokerId: 2, brokerEpoch: 50, incarnation: 2, rack: null },
      ...{ fenced: false, inControlledShutdown: false },
    })
    expect(fetch(1, 7).partitions[0]?.error).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(partition?.follower(2)?.lastFetchTime).toBe(before)
  })
})

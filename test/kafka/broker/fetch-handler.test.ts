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

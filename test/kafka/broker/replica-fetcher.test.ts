import { describe, expect, test } from 'vitest'
import { INITIAL_SESSION_EPOCH } from '../../../src/kafka/ids.ts'
import type { FetchRequest } from '../../../src/kafka/messages.ts'
import { millis, SECOND } from '../../../src/sim/time.ts'
import { epochsOf, produced } from '../log/batches.ts'
import { type BenchOptions, BrokerBench, produceOf } from './broker-bench.ts'

function started(partitions: number, options: BenchOptions = {}): BrokerBench {
  const bench = new BrokerBench([1, 2], { ...options, partitions })
  for (let partition = 0; partition < partitions; partition++) bench.create(partition)
  bench.run(SECOND)
  return bench
}

function fetches(bench: BrokerBench): { at: number; request: FetchRequest }[] {
  return bench.requests.flatMap(({ at, request }) =>
    request.api === 'Fetch' ? [{ at, request }] : [],
  )
}

describe('one fetcher thread', () => {
  test('has one request in flight for all its partitions together', () => {
    const bench = started(5, { delay: millis(100) })
    bench.requests.length = 0
    bench.run(10 * SECOND)
    const times = fetches(bench).map(({ at }) => at)
    expect(fetches(bench).every(({ request }) => request.partitions.length === 5)).toBe(true)
    for (let i = 1; i < times.length; i++) {
      expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(millis(700))
    }
  })

  test('asks for partitions that were served after the others', () => {
    const bench = started(3)
    bench.ask(1, produceOf(produced(), 1, 0))
    bench.run(millis(100))
    const last = fetches(bench)
      .at(-1)
      ?.request.partitions.map((entry) => entry.partition)
    expect(last).toEqual([1, 2, 0])
  })

  test('lists the same as before while nothing happens, and where a log begins anew', () => {
    const bench = started(3)
    bench.ask(1, produceOf(produced(), 1, 0))
    bench.run(5 * SECOND)
    const [before, last] = fetches(bench).slice(-2)
    expect(before?.request.partitions).toHaveLength(3)
    expect(last?.request.partitions).toBe(before?.request.partitions)
    const fetcher = bench.broker(2).fetchers.fetcherOf(0)
    expect(bench.log(2).maybeIncrementLogStartOffset(1)).toBe(true)
    fetcher?.onDeletedSegments()
    const listed = fetcher?.buildFetch()?.partitions ?? []
    expect(listed.map((entry) => entry.logStartOffset)).toEqual([0, 0, 1])
  })

  test('leaves who waits already, and who was told to cut its log, where it stands', () => {
    const bench = started(3)
    const fetcher = bench.broker(2).fetchers.fetcherOf(0)
    const order = () => [...(fetcher?.states ?? [])].map(({ partition }) => partition.index)
    for (const index of [0, 1, 0]) fetcher?.delay(index)
    expect(order()).toEqual([2, 0, 1])
    const entry = fetcher?.buildFetch()?.partitions[0]
    if (entry === undefined) throw new Error('partition 2 is fetched')
    const [epoch, highWatermark] = [0, 0]
    const told = { partition: 2, error: 'NONE', highWatermark, lastStableOffset: 0 } as const
    const diverging = { epoch, endOffset: 0 }
    const answer = { ...told, logStartOffset: 0, diverging, currentLeader: null }
    const outcome = fetcher?.handle(entry, { ...answer, preferredReadReplica: -1, batches: [] })
    expect(outcome).toBe('TRUNCATED_NOTHING')
    expect(order()).toEqual([2, 0, 1])
  })

  test('takes at most replica.fetch.max.bytes of a partition, but one batch at least', () => {
    const bench = started(1, { broker: { replicaFetchMaxBytes: 250 } })
    bench.cut(2, true)
    bench.run(31 * SECOND)
    for (let i = 0; i < 5; i++) bench.ask(1, produceOf(produced(), 1))
    bench.ask(1, produceOf(produced({ bytes: 900 }), 1))
    bench.cut(2, false)
    bench.requests.length = 0
    bench.run(40 * SECOND)
    const offsets = fetches(bench).map(({ request }) => request.partitions[0]?.fetchOffset)
    expect([...new Set(offsets)]).toEqual([0, 2, 4, 5, 6])
  })

  test('flushes after flush.messages records, as its leader does', () => {
    const bench = started(1)
    bench.commit({
      type: 'Config',
      resource: { type: 'topic', name: 't' },
      name: 'flush.messages',
      value: '2',
    })
    bench.ask(1, produceOf(produced(), 1))
    bench.run(millis(100))
    expect([1, 2].map((id) => bench.log(id).recoveryPoint)).toEqual([0, 0])
    bench.ask(1, produceOf(produced(), 1))
    bench.run(millis(100))
    expect([1, 2].map((id) => bench.log(id).recoveryPoint)).toEqual([2, 2])
  })

  test('waits for its disk when there is something to write, and for each flush', () => {
    const slow = (flushMessages: string) => {
      const bench = started(1)
      bench.commit({
        type: 'Config',
        resource: { type: 'topic', name: 't' },
        name: 'flush.messages',
        value: flushMessages,
      })
      bench.brokers.get(2)?.process.host.disk.slow({ latency: millis(200) })
      bench.requests.length = 0
      return bench
    }
    const afterRecord = (flushMessages: string) => {
      const bench = slow(flushMessages)
      const from = bench.world.now
      bench.ask(1, produceOf(produced(), 1))
      bench.run(SECOND)
      return Math.round(((fetches(bench)[0]?.at ?? 0) - from) / millis(100))
    }
    expect([afterRecord('9'), afterRecord('1')]).toEqual([2, 4])
    const idle = slow('1')
    idle.run(3 * SECOND)
    const [first = 0, second = 0] = fetches(idle).map(({ at }) => at)
    expect(Math.round((second - first) / millis(100))).toBe(5)
  })

  test('a change of the ISR alone leaves its partition where it stands', () => {
    const bench = started(1)
    const state = () => bench.broker(2).fetchers.fetcherOf(0)?.states.get(0)
    const before = state()
    bench.commit({ type: 'PartitionChange', partition: 0, isr: [1] })
    expect(state()).toBe(before)
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 1 })
    expect(state()).not.toBe(before)
  })

  test('without an answer all its partitions wait a second', () => {
    const bench = started(2)
    bench.cut(1, true)
    const lost = fetches(bench).at(-1)
    bench.run(40 * SECOND)
    const next = fetches(bench).at(-1)
    expect(next?.at).toBe((lost?.at ?? 0) + 31 * SECOND)
    expect(next?.request.sessionEpoch).toBe(INITIAL_SESSION_EPOCH)
    expect(next?.request.partitions).toHaveLength(2)
  })

  test('a partition that another leader gets leaves at once although the thread hangs', () => {
    const bench = new BrokerBench([1, 2, 3])
    bench.create(0)
    bench.run(SECOND)
    bench.cut(1, true)
    bench.run(SECOND)
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2, 3] }, [2, 3])
    bench.ask(2, produceOf(produced(), 1))
    bench.run(millis(50))
    expect(bench.log(3).logEndOffset).toBe(1)
    expect([...bench.broker(3).fetchers.fetchers.keys()]).toEqual(['2-0'])
  })

  test('an answer to a fetch of an older leader epoch is not looked at', () => {
    const bench = started(1, { delay: millis(50) })
    const fetcher = bench.broker(2).fetchers.fetcherOf(0)
    const request = fetcher?.buildFetch()
    const entry = request?.partitions[0]
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 1 })
    const answer = {
      partition: 0,
      error: 'NONE',
      highWatermark: 0,
      lastStableOffset: 0,
      logStartOffset: 0,
      diverging: null,
      currentLeader: null,
      preferredReadReplica: -1,
      batches: [{ ...produced(), baseOffset: 0, leaderEpoch: 0 }],
    } as const
    if (entry === undefined) throw new Error('a fetch has a partition')
    const now = bench.broker(2).fetchers.fetcherOf(0)
    expect(now?.handle(entry, answer)).toBe('IGNORED')
    expect(now?.handle({ ...entry, currentLeaderEpoch: 1 }, answer)).toBe('APPENDED')
  })

  test('fenced in its own epoch, a partition waits for metadata and not for time', () => {
    const bench = started(1)
    const leader = bench.broker(1).replicas.partitions.get(0)
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 1 }, [1])
    bench.ask(1, produceOf(produced(), 1))
    bench.run(10 * SECOND)
    expect(leader?.leaderEpoch).toBe(1)
    expect(bench.log(2).logEndOffset).toBe(0)
    bench.catchUp(2)
    bench.run(millis(50))
    expect(bench.log(2).logEndOffset).toBe(1)
  })

  test.each([
    ['sets nobody back', true, 1],
    ['sets its sender back before KIP-227', false, 0],
  ])('what a connection that was given up still delivers %s', (_, fetchSessions, expected) => {
    const bench = started(1, { guards: { fetchSessions } })
    const late = fetches(bench).at(-1)?.request
    bench.cut(2, true)
    bench.run(40 * SECOND)
    bench.cut(2, false)
    bench.ask(1, produceOf(produced(), 1))
    bench.run(40 * SECOND)
    const follower = bench.broker(1).replicas.partitions.get(0)?.follower(2)
    expect(follower?.logEndOffset).toBe(1)
    if (late === undefined) throw new Error('a follower fetches')
    const answers = bench.ask(1, late)
    const refusal = { error: 'FETCH_SESSION_ID_NOT_FOUND', partitions: [] }
    if (fetchSessions) expect(answers).toMatchObject([refusal])
    expect(follower?.logEndOffset).toBe(expected)
  })

  test('several fetchers share the partitions by Kafka’s hash of topic and number', () => {
    const bench = started(4, { broker: { numReplicaFetchers: 2 } })
    const fetchers = [...bench.broker(2).fetchers.fetchers.values()]
    expect(
      fetchers.map(({ states }) => [...states].map(({ partition }) => partition.index)),
    ).toEqual([
      [0, 2],
      [1, 3],
    ])
  })
})

describe('truncation rules of old releases', () => {
  /** Broker 1 leads in epoch 9; each log has one record an epoch listed. */
  function logs(
    leader: readonly number[],
    follower: readonly number[],
    options: BenchOptions,
    followerWatermark = 0,
  ): BrokerBench {
    const bench = new BrokerBench([1, 2], options)
    const config = bench.broker(1).replicas.config.topicDefaults
    for (const [id, epochs] of [
      [1, leader],
      [2, follower],
    ] as const) {
      const log = bench.brokers.get(id)?.store.getOrCreate(0, config)
      for (const epoch of epochs) log?.appendAsLeader(produced(), epoch)
      if (id === 2) log?.updateHighWatermark(followerWatermark)
    }
    bench.create(0, { isr: [1], leaderEpoch: 9 })
    bench.run(5 * SECOND)
    return bench
  }

  test('to the high watermark: a committed record is cut that epochs would have kept (R01)', () => {
    const cutTo = (epochBasedTruncation: boolean): number => {
      const bench = started(1, { guards: { epochBasedTruncation } })
      bench.ask(1, produceOf(produced(), -1))
      bench.run(millis(20))
      expect(bench.log(1).highWatermark).toBe(1)
      bench.cut(1, true)
      bench.restart(2)
      return bench.log(2).logEndOffset
    }
    expect(cutTo(true)).toBe(1)
    expect(cutTo(false)).toBe(0)
  })

  test('to the high watermark: what diverges below it stays for good (R02)', () => {
    const options = { guards: { epochBasedTruncation: false } }
    const bench = logs([0, 1], [0, 0], options, 2)
    expect(epochsOf(bench.log(2))).toEqual([0, 0])
    expect(epochsOf(logs([0, 1], [0, 0], {}, 2).log(2))).toEqual([0, 1])
  })

  test('by epoch in one round: an unclean ping-pong leaves offsets 1 and 2 divergent (R04)', () => {
    const options = { guards: { truncationIteratesEpochs: false } }
    const leader = [0, 2, 2, 2, 4, 4]
    const oneRound = logs(leader, [0, 1, 3], options)
    expect(epochsOf(oneRound.log(2))).toEqual([0, 1, 3, 2, 4, 4])
    expect(oneRound.requests.map(({ request }) => request.api)).toContain('OffsetsForLeaderEpoch')
    expect(epochsOf(logs(leader, [0, 1, 3], {}).log(2))).toEqual(leader)
  })
})

test('a starting broker deletes logs of partitions that went elsewhere', () => {
  const bench = started(1)
  bench.brokers.get(2)?.process.crash()
  bench.commit({ type: 'PartitionChange', partition: 0, replicas: [1], isr: [1] }, [1])
  bench.restart(2)
  expect(bench.brokers.get(2)?.store.logs.size).toBe(0)
})

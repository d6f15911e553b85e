import { describe, expect, test } from 'vitest'
import { BROKER_CONFIG_DEFAULTS } from '../../../src/kafka/broker/broker-config.ts'
import type { FetchResponse } from '../../../src/kafka/messages.ts'
import { millis, SECOND } from '../../../src/sim/time.ts'
import { produced } from '../log/batches.ts'
import { BrokerBench, consumerFetch, errorOf, produceOf, started } from './broker-bench.ts'

const ACKED = [{ api: 'Produce', partitions: [expect.objectContaining({ error: 'NONE' })] }]

describe('replication', () => {
  test('acks=all: the parked fetch’s answer and the next fetch make one round trip', () => {
    const bench = started([1, 2, 3], { delay: millis(10) })
    const answers = bench.ask(1, produceOf(produced(), -1))
    bench.run(millis(20))
    expect(answers).toEqual([])
    bench.run(millis(5))
    expect(answers).toEqual(ACKED)
    expect(bench.log(2).logEndOffset).toBe(1)
  })

  test('an acks=1 write is answered at once', () => {
    const bench = started([1, 2, 3])
    expect(bench.ask(1, produceOf(produced(), 1))).toEqual(ACKED)
  })

  test('a follower learns the high watermark with the end of its next long poll (2.6)', () => {
    const bench = started([1, 2, 3], { delay: millis(10) })
    bench.ask(1, produceOf(produced(), 1))
    bench.run(millis(100))
    expect(bench.log(1).highWatermark).toBe(1)
    expect(bench.log(2).highWatermark).toBe(0)
    bench.run(millis(450))
    expect(bench.log(2).highWatermark).toBe(1)
  })

  test('a topic is not hosted beside another of its name, which has another id', () => {
    const bench = started([1, 2])
    bench.topics.onCommitted(0)
    const [index = -1] = bench.topics.numbered('t', 1)
    bench.commit({ type: 'Topic', name: 't', configs: {} })
    bench.create(index, { number: 0, first: index })
    const { partitions, image } = bench.brokers.get(1)?.running.replicas ?? expect.unreachable()
    expect([partitions.has(0), partitions.has(index)]).toEqual([true, false])
    expect(image?.topics.get('t')?.partitions).toEqual([index])
  })

  test('in 2.4 it was told at once (KIP-392)', () => {
    const bench = started([1, 2, 3], { delay: millis(10), version: '2.4' })
    bench.ask(1, produceOf(produced(), 1))
    bench.run(millis(100))
    expect(bench.log(2).highWatermark).toBe(1)
  })

  test('an idle partition costs two events a long poll and nothing in between', () => {
    const bench = started([1, 2])
    const before = bench.world.scheduler.fired
    bench.requests.length = 0
    bench.run(10 * SECOND)
    expect(bench.requests.length).toBeLessThan(21)
    expect(bench.world.scheduler.fired - before).toBeLessThan(bench.requests.length * 5 + 10)
  })
})

describe('acks=all outcomes', () => {
  test('without its follower a write times out and stays in the log', () => {
    const bench = started([1, 2], { configs: { 'min.insync.replicas': '2' } })
    bench.cut(2, true)
    const answers = bench.ask(1, produceOf(produced(), -1))
    bench.run(31 * SECOND)
    expect(errorOf(answers)).toBe('REQUEST_TIMED_OUT')
    expect(bench.log(1).logEndOffset).toBe(1)
  })

  test('below min.insync.replicas it is refused, acks=0 closes nothing', () => {
    const bench = started([1, 2], { configs: { 'min.insync.replicas': '2' } })
    bench.commit({ type: 'PartitionChange', partition: 0, isr: [1] })
    expect(errorOf(bench.ask(1, produceOf(produced(), -1)))).toBe('NOT_ENOUGH_REPLICAS')
    expect(bench.ask(1, produceOf(produced(), 0))).toEqual(['done'])
  })

  test('a write that waits when the leadership moves learns it, with the new leader’s name', () => {
    const bench = started([1, 2])
    bench.cut(2, true)
    const answers = bench.ask(1, produceOf(produced(), -1))
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2] })
    expect(answers).toMatchObject([
      {
        api: 'Produce',
        partitions: [
          {
            partition: 0,
            error: 'NOT_LEADER_OR_FOLLOWER',
            baseOffset: -1,
            currentLeader: { leader: 2, leaderEpoch: 1, hasEndpoint: true },
          },
        ],
      },
    ])
  })

  test('acks=0 at the wrong broker closes the connection', () => {
    const bench = started([1, 2])
    expect(bench.ask(2, produceOf(produced(), 0))).toEqual([null])
  })

  test('before 3.7 nobody hears who leads instead (KIP-951)', () => {
    for (const [version, currentLeader] of [
      ['4.1', { leader: 1, leaderEpoch: 0 }],
      ['3.6', null],
    ] as const) {
      const bench = started([1, 2], { version })
      const told = { error: 'NOT_LEADER_OR_FOLLOWER', currentLeader }
      expect(bench.ask(2, produceOf(produced(), 1))).toMatchObject([{ partitions: [told] }])
    }
  })

  test('a partition that nobody heard of is unknown', () => {
    const bench = started([1, 2])
    expect(errorOf(bench.ask(1, produceOf(produced(), 1, 9)))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

describe('the ISR', () => {
  test('a silent follower is dropped between 30 and 45 s after it was last caught up', () => {
    const bench = started([1, 2])
    bench.cut(2, true)
    bench.ask(1, produceOf(produced(), 1))
    bench.run(29 * SECOND)
    expect(bench.toController).toHaveLength(0)
    bench.run(16 * SECOND)
    expect(bench.toController).toHaveLength(1)
    expect(bench.log(1).highWatermark).toBe(0)
    bench.acceptIsr()
    expect(bench.log(1).highWatermark).toBe(1)
  })

  test('cut off for longer than its fetch lives, it is back a second after the time-out', () => {
    const bench = started([1, 2])
    bench.cut(2, true)
    bench.ask(1, produceOf(produced(), 1))
    bench.run(10 * SECOND)
    bench.cut(2, false)
    bench.run(19 * SECOND)
    expect(bench.log(2).logEndOffset).toBe(0)
    bench.run(3 * SECOND)
    expect(bench.log(2).logEndOffset).toBe(1)
  })

  test('changes of several partitions travel together, one request at a time', () => {
    const bench = new BrokerBench([1, 2], { partitions: 3 })
    for (const partition of [0, 1, 2]) bench.create(partition, { isr: [1] })
    bench.run(SECOND)
    const sizes = () =>
      bench.toController.map(({ request }) =>
        request.api === 'AlterPartition' ? request.partitions.length : 0,
      )
    expect(sizes()).toEqual([1])
    bench.acceptIsr()
    expect(sizes()).toEqual([2])
    bench.acceptIsr()
    expect(bench.broker(1).replicas.partitions.get(2)?.isrState.isr).toEqual([1, 2])
  })

  test('a refused request is repeated after 50 ms', () => {
    const bench = new BrokerBench([1, 2])
    bench.create(0, { isr: [1] })
    bench.run(SECOND)
    const call = bench.toController.shift()
    const error = 'STALE_BROKER_EPOCH' as const
    if (call === undefined) throw new Error('nothing was sent')
    call.caller.onReply(call.request, { api: 'AlterPartition', error, partitions: [] }, null, 100)
    bench.run(millis(49))
    expect(bench.toController).toHaveLength(0)
    bench.run(millis(1))
    expect(bench.toController).toHaveLength(1)
  })
})

describe('a change of leader', () => {
  test('the old leader cuts what it alone had and follows', () => {
    const bench = started([1, 2, 3])
    bench.ask(1, produceOf(produced(), -1))
    bench.run(SECOND)
    bench.cut(1, true)
    for (let i = 0; i < 7; i++) bench.ask(1, produceOf(produced(), 1))
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2, 3] }, [2, 3])
    bench.ask(2, produceOf(produced({ count: 3 }), 1))
    bench.run(SECOND)
    expect(bench.log(1).logEndOffset).toBe(8)
    expect(bench.log(3).logEndOffset).toBe(4)
    bench.cut(1, false)
    bench.catchUp(1)
    bench.run(SECOND)
    expect(bench.log(1).logEndOffset).toBe(4)
    expect(bench.log(1).batches()).toEqual(bench.log(2).batches())
    expect(bench.log(2).highWatermark).toBe(4)
  })

  test('a follower that hears of it before the new leader stalls for a second (rule 4)', () => {
    const bench = started([1, 2, 3])
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2, 3] }, [3])
    bench.run(millis(20))
    bench.catchUp(2)
    bench.ask(2, produceOf(produced(), 1))
    bench.run(millis(900))
    expect(bench.log(3).logEndOffset).toBe(0)
    bench.run(millis(150))
    expect(bench.log(3).logEndOffset).toBe(1)
  })

  test('kill -9 and back: no record is gone, the high watermark is its checkpoint’s', () => {
    const bench = started([1, 2])
    bench.ask(1, produceOf(produced({ count: 5 }), -1))
    bench.run(6 * SECOND)
    bench.ask(1, produceOf(produced({ count: 5 }), -1))
    bench.run(SECOND)
    const made = bench.brokers.get(2)
    if (made === undefined) throw new Error('broker 2')
    made.process.crash()
    made.store.open()
    expect(made.store.logs.get(0)?.logEndOffset).toBe(10)
    expect(made.store.logs.get(0)?.highWatermark).toBe(5)
  })
})

describe('out of range', () => {
  test('a follower past the leader’s retention starts over at the leader’s log start', () => {
    const bench = started([1, 2])
    bench.cut(2, true)
    bench.commit({ type: 'PartitionChange', partition: 0, isr: [1] }, [1])
    bench.run(31 * SECOND)
    for (let i = 0; i < 5; i++) bench.ask(1, produceOf(produced(), 1))
    bench.log(1).maybeIncrementLogStartOffset(3)
    bench.cut(2, false)
    bench.run(32 * SECOND)
    expect(bench.log(2).logStartOffset).toBe(3)
    expect(bench.log(2).logEndOffset).toBe(5)
  })

  test('a follower with an epoch that the leader never had is cut to the leader’s end', () => {
    const bench = new BrokerBench([1, 2])
    const [leader, follower] = [bench.brokers.get(1), bench.brokers.get(2)]
    const config = bench.broker(1).replicas.config.topicDefaults
    for (let i = 0; i < 2; i++) leader?.store.getOrCreate(0, config).appendAsLeader(produced(), 3)
    for (let i = 0; i < 6; i++) follower?.store.getOrCreate(0, config).appendAsLeader(produced(), 7)
    bench.create(0, { isr: [1], leaderEpoch: 5 })
    bench.run(3 * SECOND)
    expect(bench.log(2).logEndOffset).toBe(2)
  })
})

describe('consumers', () => {
  test('a parked fetch is answered when the high watermark moves, not when the log grows', () => {
    const bench = started([1, 2], { delay: millis(10) })
    const answers = bench.ask(1, consumerFetch({}))
    bench.ask(1, produceOf(produced(), 1))
    bench.run(millis(15))
    expect(answers).toEqual([])
    bench.run(millis(30))
    expect(answers).toMatchObject([{ partitions: [{ batches: [{ baseOffset: 0 }] }] }])
  })

  test('with nothing to tell it is answered empty after its wait', () => {
    const bench = started([1, 2])
    const answers = bench.ask(1, consumerFetch({}))
    bench.run(millis(499))
    expect(answers).toEqual([])
    bench.run(millis(1))
    expect(answers).toMatchObject([{ api: 'Fetch', error: 'NONE', partitions: [] }])
  })

  test('above the log end it is out of range, above the high watermark empty at once', () => {
    const bench = started([1, 2])
    bench.cut(2, true)
    bench.ask(1, produceOf(produced({ count: 4 }), 1))
    expect(errorOf(bench.ask(1, consumerFetch({ fetchOffset: 5 })))).toBe('OFFSET_OUT_OF_RANGE')
    const above = bench.ask(1, consumerFetch({ fetchOffset: 3 }))
    expect(above).toMatchObject([{ partitions: [{ error: 'NONE', batches: [] }] }])
    expect(bench.ask(1, consumerFetch({ fetchOffset: 0 }))).toEqual([])
  })

  test('a rack-aware leader sends a consumer to the replica in its rack, without records', () => {
    const bench = started([1, 2], { broker: { isReplicaSelectorRackAware: true } })
    bench.ask(1, produceOf(produced(), -1))
    bench.run(SECOND)
    const answers = bench.ask(1, consumerFetch({}, 'rack2'))
    expect(answers).toMatchObject([{ partitions: [{ preferredReadReplica: 2, batches: [] }] }])
    const there = bench.ask(2, consumerFetch({}, 'rack2'))
    expect(there).toMatchObject([{ partitions: [{ preferredReadReplica: -1 }] }])
    expect(there).toMatchObject([{ partitions: [{ batches: [{ baseOffset: 0 }] }] }])
  })

  test('a consumer below the leader’s log start is sent on to who has the offset', () => {
    const bench = started([1, 2], { broker: { isReplicaSelectorRackAware: true } })
    for (let i = 0; i < 3; i++) bench.ask(1, produceOf(produced(), -1))
    bench.run(SECOND)
    bench.log(1).maybeIncrementLogStartOffset(2)
    const answers = bench.ask(1, consumerFetch({ fetchOffset: 1 }, 'rack2'))
    expect(answers).toMatchObject([{ partitions: [{ error: 'NONE', preferredReadReplica: 2 }] }])
    const leader = bench.ask(1, consumerFetch({ fetchOffset: 1 }))
    expect(leader).toMatchObject([{ partitions: [{ error: 'OFFSET_OUT_OF_RANGE' }] }])
  })

  test('nobody is sent to a broker that is fenced, be it an observer with all there is', () => {
    const bench = new BrokerBench([1, 2], { broker: { isReplicaSelectorRackAware: true } })
    bench.create(0, { isr: [1], observers: [2] })
    bench.ask(1, produceOf(produced(), -1))
    bench.run(SECOND)
    const advised = () => bench.ask(1, consumerFetch({}, 'rack2'))
    expect(advised()).toMatchObject([{ partitions: [{ preferredReadReplica: 2 }] }])
    const of2 = { brokerId: 2, brokerEpoch: bench.brokers.get(2)?.epoch ?? -1 }
    bench.commit({ type: 'BrokerRegistrationChange', ...of2, fenced: true })
    expect(advised()).toMatchObject([{ partitions: [{ preferredReadReplica: -1 }] }])
  })

  test('a fetch that waits at a follower goes on waiting when that becomes the leader', () => {
    const bench = started([1, 2])
    const answers = bench.ask(2, { ...consumerFetch({ currentLeaderEpoch: 0 }), maxWaitMs: 500 })
    bench.cut(1, true)
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 2 })
    expect(answers).toEqual([])
    bench.run(SECOND)
    expect(errorOf(answers)).toBe('FENCED_LEADER_EPOCH')
  })

  test('outside the ISR it recommends an observer, and before 3.4 anybody (KAFKA-14372)', () => {
    const outside = (version: string, observers: number[]) => {
      const rackAware = { version, broker: { isReplicaSelectorRackAware: true } }
      const bench = new BrokerBench([1, 2], rackAware)
      bench.create(0, { isr: [1], observers })
      bench.run(SECOND)
      bench.ask(1, produceOf(produced(), -1))
      bench.run(SECOND)
      const [answer] = bench.ask(1, consumerFetch({}, 'rack2')) as FetchResponse[]
      return answer?.partitions[0]?.preferredReadReplica
    }
    expect(outside('4.1', [])).toBe(-1)
    expect(outside('4.1', [2])).toBe(2)
    expect(outside('3.3', [])).toBe(2)
  })

  test('minBytes above one waits for that much in all partitions together', () => {
    const bench = started([1])
    const answers = bench.ask(1, { ...consumerFetch({}), minBytes: 250 })
    bench.ask(1, produceOf(produced(), 1))
    bench.ask(1, produceOf(produced(), 1))
    expect(answers).toEqual([])
    bench.ask(1, produceOf(produced(), 1))
    expect(answers).toHaveLength(1)
  })

  test('a silent producer is forgotten at the next look, of which retention is none', () => {
    const topicDefaults = { ...BROKER_CONFIG_DEFAULTS.topicDefaults, producerIdExpirationMs: 1_000 }
    const bench = started([1], { broker: { topicDefaults } })
    bench.ask(1, produceOf(produced({ producerId: 7, producerEpoch: 0, baseSequence: 0 }), 1))
    const size = () => bench.broker(1).replicas.ledLog(0)?.producers.size
    bench.run(500 * SECOND)
    expect(size()).toBe(1)
    bench.run(100 * SECOND)
    expect(size()).toBe(0)
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import { Fetcher } from '../../../src/kafka/clients/fetcher.ts'
import { ClientMetadata } from '../../../src/kafka/clients/metadata.ts'
import { Subscription } from '../../../src/kafka/clients/subscription.ts'
import type { KafkaError } from '../../../src/kafka/errors.ts'
import { NO_FETCH_SESSION } from '../../../src/kafka/ids.ts'
import type { FetchPartitionResponse, FetchResponse } from '../../../src/kafka/messages.ts'
import { metadataOf } from '../network/metadata-answer.ts'
import { FakeClient } from './fake-client.ts'
import { batch } from './scripted-log.ts'

const PARTITIONS = [5, 6, 7]
const MIDDLE = { int: (lo: number, hi: number) => (lo + hi) / 2 }

let client: FakeClient
let subscription: Subscription
let fetcher: Fetcher
let delivered: [partition: number, from: number, to: number][]

/** Partitions 5 and 6 led by node 1, partition 7 by node 2, all read from offset 80 on. */
beforeEach(() => {
  client = new FakeClient()
  delivered = []
  const config = CONSUMER_DEFAULTS
  const metadata = new ClientMetadata({ ...config, bootstrapNodes: [1], topics: ['t'] }, MIDDLE)
  const leaders = PARTITIONS.map((partition) => {
    return { partition, leader: partition === 7 ? 2 : 1, leaderEpoch: 3 }
  })
  metadata.update(metadataOf([1, 2], leaders), 0)
  const observer = {
    onDelivered: (partition: number, _batches: unknown, from: number, to: number) =>
      void delivered.push([partition, from, to]),
  }
  subscription = new Subscription(config, metadata, observer, client)
  subscription.assign(PARTITIONS.map((partition) => ({ partition, start: 80 })))
  fetcher = new Fetcher(config, client, metadata, subscription, observer, () => {})
  fetcher.sendFetches(0)
})

function answer(partition: number, from: number, error: KafkaError = 'NONE'): FetchResponse {
  const entry: FetchPartitionResponse = {
    partition,
    error,
    highWatermark: 100,
    lastStableOffset: 100,
    logStartOffset: 0,
    diverging: null,
    currentLeader: null,
    preferredReadReplica: -1,
    batches: error === 'NONE' ? [batch(from, 10, 3)] : [],
  }
  return { api: 'Fetch', error: 'NONE', sessionId: NO_FETCH_SESSION, partitions: [entry] }
}

function reply(to: number, response: FetchResponse): void {
  const sent = client.sent[to]
  if (sent === undefined) throw new Error('nothing was sent')
  sent.caller.onReply(sent.request, response, null, sent.node)
}

describe('fetcher', () => {
  it('asks each leader once for all that it leads, with the epoch that it knows', () => {
    const asked = client.sent.map(({ node, request }) => [
      node,
      request.api === 'Fetch'
        ? request.partitions.map((p) => [p.partition, p.fetchOffset, p.currentLeaderEpoch])
        : null,
    ])
    expect(asked).toEqual([
      [
        1,
        [
          [5, 80, 3],
          [6, 80, 3],
        ],
      ],
      [2, [[7, 80, 3]]],
    ])
    fetcher.sendFetches(0)
    expect(client.sent).toHaveLength(2)
  })

  it('asks a node again as soon as it answered, from where it came to', () => {
    reply(1, answer(7, 80))
    fetcher.sendFetches(0)
    const again = client.sent[2]
    expect(again?.node).toBe(2)
    expect(again?.request).toMatchObject({ partitions: [{ partition: 7, fetchOffset: 90 }] })
    expect(delivered).toEqual([[7, 80, 90]])
  })

  it('drops the answer to a fetch from before its position moved', () => {
    subscription.of(7)?.truncatedTo(40, 2)
    reply(1, answer(7, 80))
    expect(delivered).toEqual([])
    expect(subscription.of(7)?.offset).toBe(40)
  })

  it('drops records of a partition whose position waits for validation', () => {
    subscription.of(7)?.leaderIs(1, 4, true)
    const assigned = subscription.of(7)
    assigned?.advance(80, 3)
    assigned?.leaderIs(2, 5, true)
    expect(assigned?.state).toBe('validate')
    reply(1, answer(7, 80))
    expect(delivered).toEqual([])
  })

  it('delivers from the position on when a batch begins before it', () => {
    reply(1, answer(7, 75))
    expect(delivered).toEqual([[7, 80, 85]])
  })

  it('resets at an out-of-range answer of the leader', () => {
    reply(1, answer(7, 80, 'OFFSET_OUT_OF_RANGE'))
    expect(subscription.of(7)?.state).toBe('reset')
  })

  it('only gives up the lease at an out-of-range answer of a preferred replica', () => {
    subscription.of(7)?.preferReplica(1, 1_000)
    reply(1, answer(7, 80, 'OFFSET_OUT_OF_RANGE'))
    expect(subscription.of(7)?.state).toBe('fetch')
    expect(subscription.of(7)?.preferredAt(0)).toBe(-1)
  })
})

describe('a consumer whose application works on what it got', () => {
  function busy(sparesBufferedNodes: boolean): FakeClient {
    const config = { ...CONSUMER_DEFAULTS, maxPollRecords: 5, sparesBufferedNodes }
    const metadata = new ClientMetadata({ ...config, bootstrapNodes: [1], topics: ['t'] }, MIDDLE)
    const leaders = [5, 6].map((partition) => ({ partition, leader: 1, leaderEpoch: 3 }))
    metadata.update(metadataOf([1, 2], leaders), 0)
    const here = new FakeClient()
    const observer = { onDelivered: () => {} }
    const assigned = new Subscription(config, metadata, observer, here)
    assigned.assign([5, 6].map((partition) => ({ partition, start: 80 })))
    const time = { perPoll: 1_000, perRecord: 0 }
    const one = new Fetcher(config, here, metadata, assigned, observer, () => {}, time)
    one.sendFetches(0)
    const sent = here.sent[0]
    sent?.caller.onReply(sent.request, answer(5, 80), null, 1)
    one.poll(0)
    one.sendFetches(0)
    return here
  }

  it('fetches nothing from a node of which records wait, other partitions neither', () => {
    expect(busy(true).sent).toHaveLength(1)
  })

  it('before 4.1 fetches its other partitions meanwhile', () => {
    const again = busy(false).sent[1]
    expect(again?.request).toMatchObject({ partitions: [{ partition: 6, fetchOffset: 80 }] })
  })
})

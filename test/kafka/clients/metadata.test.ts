import { describe, expect, it } from 'vitest'
import {
  bootstrapId,
  ClientMetadata,
  resolveBootstrap,
} from '../../../src/kafka/clients/metadata.ts'
import type { MetadataResponse } from '../../../src/kafka/messages.ts'
import { metadataOf } from '../network/metadata-answer.ts'

const MIDDLE = { int: (lo: number, hi: number) => (lo + hi) / 2 }
const MS = 1_000

function metadata(): ClientMetadata {
  return new ClientMetadata(
    {
      metadataMaxAgeMs: 300_000,
      retryBackoffMs: 100,
      retryBackoffMaxMs: 1_000,
      bootstrapNodes: [4, 5],
      topics: ['t'],
    },
    MIDDLE,
  )
}

function answer(leader: number, leaderEpoch: number, brokers = [1, 2]): MetadataResponse {
  const replicas = [1, 2]
  return metadataOf(brokers, [{ partition: 9, leader, leaderEpoch, replicas, isr: replicas }])
}

describe('client metadata', () => {
  it('starts from bootstrap addresses, which are connections of their own', () => {
    expect(metadata().nodes).toEqual([bootstrapId(0), bootstrapId(1)])
    expect(resolveBootstrap(bootstrapId(1), [4, 5])).toBe(5)
    expect(resolveBootstrap(4, [4, 5])).toBe(4)
  })

  it('is renewed at once at first, then after metadata.max.age.ms', () => {
    const cache = metadata()
    expect(cache.nextUpdateAt()).toBeLessThanOrEqual(0)
    cache.update(answer(1, 3), 5 * MS)
    expect(cache.nextUpdateAt()).toBe(300_005 * MS)
  })

  it('waits longer and longer for answers without news, up to retry.backoff.max.ms', () => {
    const cache = metadata()
    let now = 0
    cache.update(answer(1, 3), now)
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      cache.requestUpdate()
      waits.push((cache.nextUpdateAt() - now) / MS)
      now = cache.nextUpdateAt()
      cache.update(answer(1, 3), now)
    }
    expect(waits).toEqual([100, 100, 200, 400, 800, 1_000])
    cache.update(answer(2, 4), now)
    cache.requestUpdate()
    expect(cache.nextUpdateAt() - now).toBe(100 * MS)
  })

  it('begins its waits anew after a failure, and after a renewal because of its age', () => {
    const cache = metadata()
    let now = 0
    const again = (): number => {
      cache.requestUpdate()
      return (cache.nextUpdateAt() - now) / MS
    }
    for (let i = 0; i < 6; i++) {
      cache.update(answer(1, 3), now)
      again()
      now = cache.nextUpdateAt()
    }
    cache.failedUpdate(now)
    expect(again()).toBe(100)
    for (let i = 0; i < 6; i++) {
      now += 300_000 * MS
      cache.update(answer(1, 3), now)
    }
    expect(again()).toBe(100)
  })

  it('ignores an older leader epoch than it has seen', () => {
    const cache = metadata()
    cache.update(answer(1, 3), 0)
    cache.update(answer(2, 2), 0)
    expect([cache.leaderOf(9), cache.epochOf(9)]).toEqual([1, 3])
  })

  it('has no leader where the leader is not among the live brokers', () => {
    const cache = metadata()
    cache.update(answer(1, 3, [2]), 0)
    expect(cache.leaderOf(9)).toBe(-1)
  })

  it('has no leader after it heard of a newer epoch than that of the leader it knows', () => {
    const cache = metadata()
    cache.update(answer(1, 3), 0)
    expect(cache.sawEpoch(9, 4)).toBe(true)
    expect(cache.leaderOf(9)).toBe(-1)
    expect(cache.isUpdateRequested).toBe(true)
  })

  it('takes a hint of a newer leader only, and of a broker whose address it has', () => {
    const cache = metadata()
    cache.update(answer(1, 3), 0)
    const hint = (leader: number, leaderEpoch: number, hasEndpoint: boolean) =>
      cache.updateLeader(9, { leader, leaderEpoch, hasEndpoint })
    expect(hint(2, 3, true)).toBe(false)
    expect(hint(7, 4, false)).toBe(false)
    expect(hint(2, 4, false)).toBe(true)
    expect(cache.leaderOf(9)).toBe(2)
    // It was fenced when the client asked for metadata; the refusal brings its address.
    expect(hint(7, 5, true)).toBe(true)
    expect([cache.leaderOf(9), cache.nodes]).toEqual([7, [1, 2, 7]])
  })

  it('keeps asking while a partition has no leader', () => {
    const cache = metadata()
    cache.update(answer(-1, 3), 0)
    expect(cache.isUpdateRequested).toBe(true)
  })
})

describe('a topic that the client may not describe', () => {
  const refused = (): MetadataResponse => {
    const topics = [{ name: 't', error: 'TOPIC_AUTHORIZATION_FAILED' as const, partitions: [] }]
    return { ...answer(1, 3), topics }
  }

  it('is forgotten, and not asked about again by itself', () => {
    const cache = metadata()
    cache.update(answer(1, 3), 0)
    expect(cache.leaderOf(9)).toBe(1)
    cache.update(refused(), MS)
    expect(cache.partitionsOf('t')).toEqual([])
    expect(cache.leaderOf(9)).toBe(-1)
    expect(cache.isUpdateRequested).toBe(false)
  })

  it('ends one call, of whoever needs it', () => {
    const cache = metadata()
    cache.update(refused(), 0)
    expect(cache.takeUnauthorized('t')).toBe(true)
    expect(cache.takeUnauthorized('t')).toBe(false)
    cache.update(refused(), MS)
    expect(cache.takeUnauthorized('other')).toBe(false)
    // An exception of another topic is gone with it, as in Kafka.
    expect(cache.takeUnauthorized()).toBe(false)
  })
})

it('a topic that an answer about all topics lacks is known no more', () => {
  const config = { metadataMaxAgeMs: 300_000, retryBackoffMs: 100, retryBackoffMaxMs: 1_000 }
  const byName = { ...config, bootstrapNodes: [4], topics: ['t'] }
  const pattern = { accepts: () => true }
  for (const [cache, known] of [
    [new ClientMetadata({ ...byName, topics: [], pattern }, MIDDLE), []],
    [new ClientMetadata(byName, MIDDLE), [9]],
  ] as const) {
    cache.update(answer(1, 3), 0)
    expect(cache.partitionsOf('t')).toEqual([9])
    cache.update({ ...answer(1, 3), topics: [] }, 1)
    expect(cache.partitionsOf('t')).toEqual(known)
  }
})

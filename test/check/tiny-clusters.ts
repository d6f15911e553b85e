// Two clusters A and B of a handful of facts, said in milliseconds, with a link from A to B. Each
// has partitions of topics of its own; producer p writes to the first of A, then q to B's.

import type { LogRangeRow, TopicPartition } from '../../src/history/facts.ts'
import { type History, logRanges } from '../../src/history.ts'
import { id, TinyHistory } from './tiny-history.ts'

/** Partitions by name; brokers 1 to 3 are A's, 4 to 6 B's. */
export const A_ORDERS = 0
export const B_ORDERS = 1
/** MirrorMaker's copy of A_ORDERS under its default naming. */
export const B_COPY = 2
/** The same the other way. */
export const A_COPY = 3

const PARTITIONS = [
  { cluster: 'A', topic: 'orders', replicas: [1, 2, 3] },
  { cluster: 'B', topic: 'orders', replicas: [4, 5, 6] },
  { cluster: 'B', topic: 'A.orders', replicas: [4, 5, 6] },
  { cluster: 'A', topic: 'B.orders', replicas: [1, 2, 3] },
]

type Ranges = readonly (readonly [first: number, count: number, stream?: number])[]

/**
 * Streams: 0 is p's to A:orders-0, 1 is p's to B:orders-0, 2 is q's to B:orders-0. Consumers: 0
 * reads A, 1 reads B, both in group billing.
 */
export class TinyClusters extends TinyHistory {
  constructor(system = 'cluster-link') {
    super({ partitions: 0 })
    const { history } = this
    history.clusters.splice(0, 1, 'A', 'B')
    // MirrorMaker's default policy: what came from the target does not go back to it.
    const carries = (topic: string) => !topic.startsWith('B.') && !topic.startsWith('A.')
    history.links.push({ name: 'A->B', system, from: 'A', to: 'B', carries })
    history.links.push({ name: 'B->A', system, from: 'B', to: 'A', carries })
    for (const [index, { cluster, topic, replicas }] of PARTITIONS.entries()) {
      const place = { index, cluster, topic, number: 0, replicas }
      history.partitions.push({ ...place, observers: [], minIsr: 2 } satisfies TopicPartition)
    }
    history.streams.push({ id: 0, producer: 'p', region: 'us', partition: A_ORDERS })
    history.streams.push({ id: 1, producer: 'p', region: 'us', partition: B_ORDERS })
    history.streams.push({ id: 2, producer: 'q', region: 'eu', partition: B_ORDERS })
    history.consumers.splice(0, 1)
    for (const [at, cluster] of ['A', 'B'].entries()) {
      const name = `c-${cluster}`
      history.consumers.push({ id: at, name, cluster, group: 'billing', region: 'us' })
    }
  }

  /** A leader's append of `count` records of a stream from its number `first` on. */
  copied(
    partition: number,
    range: { first: number; count: number; offset: number; stream?: number; epoch?: number },
    atMs: number,
  ): this {
    const { first, count, offset, stream = 0, epoch = 0 } = range
    this.history.appends.push({
      ...{ partition, broker: partition === A_ORDERS || partition === A_COPY ? 1 : 4 },
      ...{ leaderEpoch: epoch, baseOffset: offset, count, firstRecordId: id(first, stream) },
      ...{ bytes: count * 100, at: atMs * 1_000 },
    })
    return this
  }

  /** What a partition's log holds in the end, from offset 0 on. */
  ends(partition: number, ranges: Ranges, options: { survivor?: boolean } = {}): this {
    const batches: LogRangeRow[] = []
    let offset = 0
    for (const [first, count, stream = 0] of ranges) {
      const firstRecordId = id(first, stream)
      batches.push({ baseOffset: offset, count, firstRecordId, leaderEpoch: 0 })
      offset += count
    }
    this.history.finalLogs.push({
      ...{ partition, broker: PARTITIONS[partition]?.replicas[0] ?? 1, logStart: 0 },
      ...{ isSurvivor: options.survivor ?? true, highWatermark: offset, logEnd: offset },
      ranges: logRanges(batches),
    })
    return this
  }

  office(partition: number, broker: number, leaderEpoch: number, atMs: number): this {
    const row = { partition, broker, leaderEpoch, at: atMs * 1_000, logEnd: 0 }
    this.history.leaderships.push(row)
    return this
  }

  /** The link's target takes over some partitions. */
  promoted(link: string, partitions: readonly number[], atMs: number, cause = -1): number {
    const at = atMs * 1_000
    const text = `${link}: promoted`
    const event = this.history.event({ at, actor: `link ${link}`, kind: 'promoted', text, cause })
    this.history.promotions.push({ link, at, event, partitions })
    return event
  }

  read(
    consumer: number,
    partition: number,
    range: { first: number; count: number; offset: number; stream?: number },
    atMs: number,
  ): this {
    const { first, count, offset, stream = 0 } = range
    const created = (atMs - 20) * 1_000
    this.history.delivered.push({
      ...{ consumer, partition, firstRecordId: id(first, stream), count, baseOffset: offset },
      ...{ at: atMs * 1_000, createdFirst: created, createdLast: created },
    })
    return this
  }

  over(endMs: number): History {
    return this.end(endMs)
  }
}

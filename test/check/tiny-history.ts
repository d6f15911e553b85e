// A history of a handful of facts, said in milliseconds: one topic 'orders', producers that are
// streams of their own, one group.

import type { LogRangeRow } from '../../src/history/facts.ts'
import type { Outcome } from '../../src/history.ts'
import { FAIL, History, logRanges, OK, PENDING, UNKNOWN } from '../../src/history.ts'

const OUTCOMES = { ok: OK, fail: FAIL, unknown: UNKNOWN, pending: PENDING } as const

export interface Batch {
  /** First record number within the stream, and how many. */
  readonly first: number
  readonly count?: number
  readonly stream?: number
  readonly sentMs?: number
  readonly lastSentMs?: number
  readonly doneMs: number
  readonly outcome?: keyof typeof OUTCOMES
  readonly bytes?: number
}

/** Record id of number n of a stream. */
export function id(n: number, stream = 0): number {
  return stream * 2_147_483_648 + n
}

const CLUSTER = 'kafka'

export class TinyHistory {
  readonly history = new History()

  constructor(
    options: { partitions?: number; replicas?: readonly number[]; minIsr?: number } = {},
  ) {
    const { partitions = 1, replicas = [1, 2, 3], minIsr = 2 } = options
    this.history.clusters.push(CLUSTER)
    for (let index = 0; index < partitions; index++) {
      this.history.partitions.push({
        ...{
          index,
          cluster: CLUSTER,
          topic: 'orders',
          number: index,
          replicas,
          observers: [],
          minIsr,
        },
      })
      this.history.streams.push({ id: index, producer: 'p', region: 'eu', partition: index })
    }
    this.history.consumers.push({
      id: 0,
      name: 'c-0',
      cluster: CLUSTER,
      group: 'billing',
      region: 'eu',
    })
  }

  produced(batch: Batch): this {
    const { first, count = 1, stream = 0, doneMs, outcome = 'ok', bytes = count * 100 } = batch
    const sentMs = batch.sentMs ?? doneMs - 10
    const value: Outcome = OUTCOMES[outcome]
    this.history.produced.push({
      stream,
      partition: this.history.streams[stream]?.partition ?? 0,
      firstRecordId: id(first, stream),
      count,
      bytes,
      createdFirst: sentMs * 1_000,
      createdLast: (batch.lastSentMs ?? sentMs) * 1_000,
      doneAt: doneMs * 1_000,
      outcome: value,
      error: value === OK ? -1 : this.history.names.id('REQUEST_TIMED_OUT'),
      baseOffset: -1,
      attempts: 1,
    })
    return this
  }

  /** Acknowledgements of one record each, every `stepMs` from `fromMs` up to `untilMs`. */
  steady(fromMs: number, untilMs: number, stepMs: number, first: number, stream = 0): this {
    for (let n = 0, at = fromMs; at <= untilMs; at += stepMs, n++) {
      this.produced({ first: first + n, stream, doneMs: at })
    }
    return this
  }

  appended(first: number, count: number, offset: number, atMs: number, stream = 0): this {
    const partition = this.history.streams[stream]?.partition ?? 0
    this.history.appends.push({
      ...{ partition, broker: 1, leaderEpoch: 0, baseOffset: offset, count },
      ...{ firstRecordId: id(first, stream), bytes: count * 100, at: atMs * 1_000 },
    })
    return this
  }

  delivered(first: number, count: number, offset: number, atMs: number, sentMs = atMs - 20): this {
    this.history.delivered.push({
      ...{ consumer: 0, partition: 0, firstRecordId: id(first), count, baseOffset: offset },
      ...{ at: atMs * 1_000, createdFirst: sentMs * 1_000, createdLast: sentMs * 1_000 },
    })
    return this
  }

  /** A replica's final log of [first record, count, epoch] ranges, offsets from 0. */
  log(
    ranges: readonly (readonly [first: number, count: number, epoch?: number])[],
    options: {
      broker?: number
      survivor?: boolean
      highWatermark?: number
      partition?: number
      stream?: number
    } = {},
  ): this {
    const { broker = 1, survivor = true, partition = 0, stream = partition } = options
    const batches: LogRangeRow[] = []
    let offset = 0
    for (const [first, count, leaderEpoch = 0] of ranges) {
      const firstRecordId = first < 0 ? first : id(first, stream)
      batches.push({ baseOffset: offset, count, firstRecordId, leaderEpoch })
      offset += count
    }
    this.history.finalLogs.push({
      ...{ partition, broker, isSurvivor: survivor, logStart: 0, logEnd: offset },
      ...{ highWatermark: options.highWatermark ?? offset, ranges: logRanges(batches) },
    })
    return this
  }

  fault(atMs: number, untilMs: number | null = null): number {
    const fault = this.history.struck(atMs * 1_000, 'crash', 'broker-1', 'broker 1 crashes')
    if (untilMs !== null) this.history.healed(fault, untilMs * 1_000, 'broker 1 is back')
    return fault
  }

  fenced(broker: number, atMs: number, cause = -1): number {
    const text = `broker ${broker} fenced`
    const at = atMs * 1_000
    const event = this.history.event({ at, actor: 'controller 9', kind: 'fenced', text, cause })
    this.history.brokerChanges.push({ broker, change: 'fenced', at, event })
    return event
  }

  leader(leader: number, leaderEpoch: number, isr: readonly number[], atMs: number, cause = -1) {
    const at = atMs * 1_000
    const text = `orders-0: leader ${leader}, epoch ${leaderEpoch}`
    const event = this.history.event({ at, actor: 'controller 9', kind: 'leader', text, cause })
    const partitionEpoch = this.history.partitionChanges.length
    this.history.partitionChanges.push({
      ...{ partition: 0, leader, leaderEpoch, partitionEpoch, replicas: isr, isr, elr: [] },
      ...{ at, event },
    })
    return event
  }

  controller(controller: number, epoch: number, atMs: number): this {
    this.history.controllerChanges.push({
      ...{ cluster: CLUSTER, controller, epoch, at: atMs * 1_000, event: -1 },
    })
    return this
  }

  /** The load ends, and the run with it unless said otherwise. */
  end(loadEndMs: number, endMs = loadEndMs): History {
    this.history.loadEndAt = loadEndMs * 1_000
    this.history.close(endMs * 1_000)
    return this.history
  }
}

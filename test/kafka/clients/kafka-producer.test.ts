import { describe, expect, it } from 'vitest'
import type { HandedRecords } from '../../../src/kafka/clients/handed-batch.ts'
import { KafkaProducer } from '../../../src/kafka/clients/kafka-producer.ts'
import {
  CONNECT_PRODUCER_DEFAULTS,
  type ProducerConfig,
} from '../../../src/kafka/clients/producer-config.ts'
import type { SettledRecords } from '../../../src/kafka/clients/send-queue.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

interface Told {
  readonly atMs: number
  readonly tag: string
  readonly firstRecordId: number
  readonly count: number
  readonly partition: number
  readonly baseOffset: number
  readonly outcome: string
  readonly error: string
}

interface Handing {
  readonly producer: KafkaProducer
  readonly told: Told[]
  /** Times at which send() returned after it had blocked. */
  readonly unblockedMs: number[]
  /** Called in the producer's callback. */
  onTold: (tag: string) => void
}

function start(
  cluster: ScriptedCluster,
  config: Partial<ProducerConfig> = {},
  topics: readonly string[] = ['t'],
): Handing {
  const told: Told[] = []
  const unblockedMs: number[] = []
  const made: KafkaProducer[] = []
  let handing: Handing | null = null
  const onSettled = (records: SettledRecords) => {
    const { tag, ids, partition, baseOffset, outcome, error } = records
    const count = ids.reduce((sum, range) => sum + range.count, 0)
    const firstRecordId = ids[0]?.firstRecordId ?? -1
    const place = { firstRecordId, count, partition, baseOffset }
    told.push({ atMs: cluster.rig.nowMs, tag: nameOf(tag), ...place, outcome, error })
    handing?.onTold(nameOf(tag))
  }
  cluster.rig.boot(() => {
    made.push(
      new KafkaProducer(cluster.rig.client, cluster.rig.world.network, cluster.rig, {
        config: { ...CONNECT_PRODUCER_DEFAULTS, lingerMs: 0, ...config },
        topics,
        bootstrapNodes: cluster.brokers,
        owner: { onSettled, onUnblocked: () => unblockedMs.push(cluster.rig.nowMs) },
        observer: { onBatchDone: () => undefined },
        channel: { receiveServiceMicros: 0 },
      }),
    )
  })
  const [producer] = made
  if (producer === undefined) throw new Error('not booted')
  handing = { producer, told, unblockedMs, onTold: () => undefined }
  return handing
}

/** Sends a record of no interest, so that there is a connection to the leader, and forgets it. */
function warm({ producer, told }: Handing, cluster: ScriptedCluster): void {
  producer.send(FIRST, records('warm', 900, 1))
  cluster.rig.runMs(2_000)
  told.length = 0
}

function nameOf(tag: object): string {
  return 'name' in tag ? String(tag.name) : ''
}

/** `count` records from an id on, created one a millisecond. */
function records(name: string, firstRecordId: number, count: number, bytes = 91): HandedRecords {
  const createdLast = 1_000 * (count - 1)
  const ids = [{ firstRecordId, count, createdFirst: 0, createdLast }]
  return { payloadBytes: bytes, compressionRatio: 1, ids, tag: { name } }
}

const FIRST = { topic: 't', partition: 0 }

describe('a producer that is handed records', () => {
  it('merges hand-overs of different sizes into one batch, and tells each its offsets', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer, told } = start(cluster, { lingerMs: 5 })
    cluster.rig.runMs(1_000)
    producer.send(FIRST, records('a', 100, 3, 91))
    producer.send(FIRST, records('b', 500, 2, 191))
    cluster.rig.runMs(1_000)
    const [batch] = cluster.partitions[0]?.log ?? []
    expect(batch).toMatchObject({ count: 5, bytes: 61 + 300 + 400, firstRecordId: 100 })
    expect(batch?.ids).toEqual([
      { firstRecordId: 100, count: 3, createdFirst: 0, createdLast: 2_000 },
      { firstRecordId: 500, count: 2, createdFirst: 0, createdLast: 1_000 },
    ])
    expect(batch?.createdLast).toBe(2_000)
    expect(told).toMatchObject([
      { tag: 'a', firstRecordId: 100, count: 3, baseOffset: 0, outcome: 'ok', partition: 0 },
      { tag: 'b', firstRecordId: 500, count: 2, baseOffset: 3, outcome: 'ok', partition: 0 },
    ])
  })

  it('has no ranges where a batch is one, and keeps what records say', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer } = start(cluster)
    cluster.rig.runMs(1_000)
    const values = [{ sync: 1 }, { sync: 2 }, { sync: 3 }]
    producer.send(FIRST, { ...records('a', 7, 3), values })
    cluster.rig.runMs(1_000)
    const [batch] = cluster.partitions[0]?.log ?? []
    expect(batch).toMatchObject({ firstRecordId: 7, count: 3, values })
    expect(batch?.ids).toBeUndefined()
  })

  it('cuts a hand-over where batch.size ends, and has one batch under way a partition', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer, told } = start(cluster, { batchSizeBytes: 1_061 })
    cluster.rig.runMs(1_000)
    producer.send(FIRST, records('a', 0, 25))
    cluster.rig.runMs(1_000)
    expect(cluster.partitions[0]?.log.map((batch) => batch.count)).toEqual([10, 10, 5])
    expect(told.map((each) => [each.firstRecordId, each.count, each.baseOffset])).toEqual([
      [0, 10, 0],
      [10, 10, 10],
      [20, 5, 20],
    ])
    const [first, second, third] = told.map((each) => each.atMs)
    expect((second ?? 0) - (first ?? 0)).toBeCloseTo(20, 0)
    expect((third ?? 0) - (second ?? 0)).toBeCloseTo(20, 0)
  })

  it('stands in send() while its memory is full, and goes on with the next answer', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const config = { batchSizeBytes: 1_061, bufferMemoryBytes: 2 * 1_061 }
    const { producer, told, unblockedMs } = start(cluster, config)
    cluster.rig.runMs(1_000)
    producer.send(FIRST, records('a', 0, 20))
    expect(producer.isBlocked).toBe(false)
    producer.send(FIRST, records('b', 20, 5))
    expect(producer.isBlocked).toBe(true)
    cluster.rig.runMs(1_000)
    expect(producer.isBlocked).toBe(false)
    expect(unblockedMs).toEqual([told[0]?.atMs])
    expect(told.map((each) => each.outcome)).toEqual(['ok', 'ok', 'ok'])
    expect(told[2]).toMatchObject({ tag: 'b', baseOffset: 20, count: 5 })
  })

  it('waits for ever where max.block.ms says so, and gives up record by record where not', () => {
    const patient = new ScriptedCluster([1], 1, 20)
    patient.hidden = true
    const first = start(patient)
    first.producer.send(FIRST, records('a', 0, 2))
    patient.rig.runMs(3_600_000)
    expect(first.producer.isBlocked).toBe(true)
    expect(first.told).toEqual([])

    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.hidden = true
    const { producer, told, unblockedMs } = start(cluster, { maxBlockMs: 10_000 })
    producer.send(FIRST, records('a', 0, 2))
    cluster.rig.runMs(30_000)
    expect(told.map((each) => [each.firstRecordId, each.outcome, each.error])).toEqual([
      [0, 'fail', 'METADATA_TIMEOUT'],
      [1, 'fail', 'METADATA_TIMEOUT'],
    ])
    expect((told[1]?.atMs ?? 0) - (told[0]?.atMs ?? 0)).toBeCloseTo(10_000, 0)
    expect(unblockedMs).toEqual([told[1]?.atMs])
  })

  it('asks at once about a topic that it did not know', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer, told } = start(cluster, {}, [])
    cluster.rig.runMs(1_000)
    const asked = cluster.countOf('Metadata')
    const sentMs = cluster.rig.nowMs
    producer.send(FIRST, records('a', 0, 1))
    expect(producer.isBlocked).toBe(true)
    cluster.rig.runMs(1_000)
    expect(cluster.countOf('Metadata')).toBe(asked + 1)
    // One round trip for metadata, three for the first record to a leader.
    expect((told[0]?.atMs ?? 0) - sentMs).toBeCloseTo(80, 0)
  })

  it('lets a key choose when it knows how many partitions there are', () => {
    const cluster = new ScriptedCluster([1], 3, 20)
    const { producer, told } = start(cluster)
    const partition = (partitions: number) => 5 % partitions
    producer.send({ topic: 't', partition }, records('a', 0, 1))
    cluster.rig.runMs(1_000)
    expect(told).toMatchObject([{ partition: 2, outcome: 'ok' }])
  })

  it('scatters records without keys, a batch or two to each partition at a time', () => {
    const cluster = new ScriptedCluster([1], 3, 20)
    const { producer, told } = start(cluster, { batchSizeBytes: 1_061 })
    cluster.rig.runMs(1_000)
    producer.send({ topic: 't', partition: null }, records('a', 0, 400))
    cluster.rig.runMs(2_000)
    const counts = cluster.partitions.map((each) => each.log.reduce((n, b) => n + b.count, 0))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(400)
    expect(Math.min(...counts)).toBeGreaterThan(50)
    const ids = told.flatMap((each) =>
      Array.from({ length: each.count }, (_, i) => i + each.firstRecordId),
    )
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, i) => i))
  })

  it('flushes without linger, and says so when all that was sent before is acknowledged', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const handing = start(cluster, { lingerMs: 900 })
    const { producer, told } = handing
    warm(handing, cluster)
    const flushedMs: number[] = []
    producer.flush(() => flushedMs.push(cluster.rig.nowMs))
    cluster.rig.runMs(10)
    expect(flushedMs).toEqual([2_000])
    producer.send(FIRST, records('a', 0, 1))
    producer.flush(() => flushedMs.push(cluster.rig.nowMs))
    cluster.rig.runMs(1_000)
    expect(flushedMs[1]).toBe(told[0]?.atMs)
    expect(flushedMs[1]).toBeCloseTo(2_030, 0)
    producer.send(FIRST, records('b', 1, 1))
    cluster.rig.runMs(899)
    expect(told).toHaveLength(1)
    cluster.rig.runMs(100)
    expect(told).toHaveLength(2)
  })

  it('closed with patience sends what it has, closed with none drops it', () => {
    const patient = new ScriptedCluster([1], 1, 20)
    const first = start(patient, { lingerMs: 10_000 })
    patient.rig.runMs(1_000)
    first.producer.send(FIRST, records('a', 0, 1))
    const closedMs: number[] = []
    first.producer.close(5_000, () => closedMs.push(patient.rig.nowMs))
    patient.rig.runMs(1_000)
    expect(first.told).toMatchObject([{ outcome: 'ok' }])
    expect(closedMs).toEqual([first.told[0]?.atMs])

    const cluster = new ScriptedCluster([1], 1, 20)
    const handing = start(cluster, { batchSizeBytes: 1_061 })
    const { producer, told } = handing
    warm(handing, cluster)
    producer.send(FIRST, records('a', 0, 20))
    cluster.rig.runMs(5)
    producer.close(0)
    // The first batch is under way and may arrive, the second never left.
    expect(told.map((each) => [each.count, each.outcome, each.error])).toEqual([
      [10, 'unknown', 'PRODUCER_CLOSED'],
      [10, 'fail', 'PRODUCER_CLOSED'],
    ])
    cluster.rig.runMs(1_000)
    expect(told).toHaveLength(2)
    expect(() => producer.send(FIRST, records('b', 20, 1))).toThrow(/closed/)
  })

  it('drops what it cannot send when the patience of close ends', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer, told } = start(cluster)
    cluster.rig.runMs(1_000)
    cluster.onProduce = () => 'NOT_ENOUGH_REPLICAS'
    producer.send(FIRST, records('a', 0, 1))
    cluster.rig.runMs(1_000)
    producer.close(5_000)
    cluster.rig.runMs(10_000)
    expect(told).toMatchObject([{ outcome: 'fail', error: 'PRODUCER_CLOSED' }])
    expect(told[0]?.atMs).toBeCloseTo(7_000, 0)
  })

  it('keeps the order of a partition through retries, also of what a callback sends', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    let refusals = 3
    cluster.onProduce = () => (refusals-- > 0 ? 'NOT_ENOUGH_REPLICAS' : null)
    const handing = start(cluster, { batchSizeBytes: 1_061 })
    const { producer, told } = handing
    cluster.rig.runMs(1_000)
    for (let i = 0; i < 4; i++) producer.send(FIRST, records(`${i}`, 10 * i, 10))
    handing.onTold = (tag) => {
      if (tag === '0') producer.send(FIRST, records('4', 40, 10))
    }
    cluster.rig.runMs(10_000)
    expect(told.map((each) => each.baseOffset)).toEqual([0, 10, 20, 30, 40])
    expect(told.map((each) => each.tag)).toEqual(['0', '1', '2', '3', '4'])
  })

  it('refuses a record above max.request.size at once', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer, told } = start(cluster)
    producer.send(FIRST, records('a', 0, 1, 2_000_000))
    expect(told).toMatchObject([{ outcome: 'fail', error: 'RECORD_TOO_LARGE' }])
    expect(producer.isBlocked).toBe(false)
  })
})

describe('a producer that is not whole says so', () => {
  it.each([
    ['who stands in send() knows what for', { blocked: { since: 0, reason: 'memory' } }],
    ['who waits in send() has records left', { blocked: {}, waiting: [{ taken: 1, count: 1 }] }],
    ['nothing lingers while somebody flushes', { flushes: [{ left: new Set() }] }],
  ])('%s', (sentence, wrong) => {
    const cluster = new ScriptedCluster([1], 1, 20)
    const { producer } = start(cluster)
    producer.assertWhole()
    Object.assign(Reflect.get(producer, 'queue'), wrong)
    expect(() => producer.assertWhole()).toThrow(sentence)
  })
})

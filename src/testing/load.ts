// Who writes and reads: open and closed loops, with the settings that decide what survives.

import fc from 'fast-check'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { type Geography, regionNames } from './geography.ts'
import { choice, chosen, filledRecord, seldom, simplestOf, sometimes, time } from './plain.ts'
import { TOPICS } from './topics.ts'

type ProducerInput = NonNullable<ScenarioInput['producers']>[number]
type ConsumerInput = NonNullable<ScenarioInput['consumers']>[number]

const closedLoop = fc.record({
  inFlight: fc.integer({ min: 1, max: 5 }),
  thinkMs: fc.integer({ min: 10, max: 200 }),
})

export const producer = fc.record({
  region: choice,
  topic: choice,
  partition: seldom(choice),
  perSecond: fc.integer({ min: 1, max: 120 }),
  /** From this share of the load's time on, another rate. */
  ramp: seldom(fc.record({ percent: fc.integer({ min: 5, max: 90 }), perSecond: fc.nat(200) })),
  closedLoop: seldom(closedLoop),
  recordBytes: fc.constantFrom(100, 1_000, 5_000),
  keys: seldom(fc.integer({ min: 1, max: 20 })),
  count: seldom(fc.constant(2)),
  acks: simplestOf(3, fc.constant('all' as const), fc.constantFrom('1' as const, '0' as const)),
  idempotence: seldom(fc.constant(false)),
  inFlight: seldom(fc.integer({ min: 1, max: 5 })),
  lingerMs: sometimes(fc.constantFrom(0, 20, 100)),
  batchSize: seldom(fc.constantFrom(1, 6_000, 100_000)),
  retries: seldom(fc.constantFrom(0, 1, 3)),
  requestTimeoutMs: sometimes(fc.constantFrom(10_000, 5_000, 2_000)),
  deliveryTimeoutMs: sometimes(fc.constantFrom(60_000, 30_000, 15_000)),
  metadataAgeMs: seldom(fc.constantFrom(10_000, 2_000)),
  bufferMemory: seldom(fc.constantFrom(200_000)),
  maxBlockMs: seldom(fc.constantFrom(10_000, 1_000)),
})
export type ProducerChoices = typeof producer extends fc.Arbitrary<infer T> ? T : never

export const consumer = fc.record({
  region: choice,
  topic: choice,
  partition: seldom(choice),
  hasRack: fc.boolean(),
  reset: sometimes(fc.constantFrom('earliest', 'none')),
  fetchMaxWaitMs: seldom(fc.constantFrom(100, 2_000)),
  fetchMinBytes: seldom(fc.constantFrom(10_000)),
  requestTimeoutMs: seldom(fc.constantFrom(10_000, 5_000)),
  processMs: seldom(fc.integer({ min: 1, max: 50 })),
  isCommitted: seldom(fc.constant('read_committed')),
})
export type ConsumerChoices = typeof consumer extends fc.Arbitrary<infer T> ? T : never

/** What clients are placed in. */
export interface Places {
  readonly geography: Geography
  /** Partitions of each topic. */
  readonly partitions: readonly number[]
  readonly loadMs: number
}

/** The producer's entry in a scenario; `index` counts from 0, names from p1. */
export function producerOf(of: ProducerChoices, index: number, at: Places): ProducerInput {
  const { topic, partition } = topicOf(of, at)
  return {
    name: `p${index + 1}`,
    region: chosen(regionNames(at.geography), of.region),
    topic,
    ...(partition === undefined ? {} : { partitions: [partition] }),
    ...loadOf(of, at),
    recordBytes: of.recordBytes,
    ...(of.keys === undefined ? {} : { keys: of.keys }),
    ...(of.count === undefined ? {} : { count: of.count }),
    config: producerConfigOf(of),
  }
}

function loadOf(of: ProducerChoices, { loadMs }: Places) {
  if (of.closedLoop !== undefined) {
    const { inFlight, thinkMs } = of.closedLoop
    return { closedLoop: { inFlight, thinkTime: time(thinkMs) } }
  }
  const rate = `${of.perSecond}/s`
  if (of.ramp === undefined) return { rate }
  const at = time(Math.floor((loadMs * of.ramp.percent) / 100))
  return { rate, ramp: [{ at, rate: `${of.ramp.perSecond}/s` }] }
}

/** Kafka refuses what contradicts itself, and so these choices give way to one another. */
function producerConfigOf(of: ProducerChoices): NonNullable<ProducerInput['config']> {
  const linger = of.lingerMs ?? 5
  const request = of.requestTimeoutMs ?? 30_000
  const delivery = of.deliveryTimeoutMs
  return {
    acks: of.acks,
    ...filledRecord<string | number | boolean>({
      'enable.idempotence': of.idempotence,
      'max.in.flight.requests.per.connection': of.inFlight,
      'linger.ms': of.lingerMs,
      'batch.size': of.batchSize,
      retries: of.retries,
      'request.timeout.ms': of.requestTimeoutMs,
      'delivery.timeout.ms':
        delivery === undefined ? undefined : Math.max(delivery, linger + request),
      'metadata.max.age.ms': of.metadataAgeMs,
      'buffer.memory': of.bufferMemory,
      'max.block.ms': of.maxBlockMs,
    }),
  }
}

/** The consumer's entry in a scenario, without a group; `index` counts from 0, names from c1. */
export function consumerOf(of: ConsumerChoices, index: number, at: Places): ConsumerInput {
  const { topic, partition } = topicOf(of, at)
  const region = chosen(regionNames(at.geography), of.region)
  const config = filledRecord({
    'client.rack': of.hasRack ? region : undefined,
    'auto.offset.reset': of.reset,
    'fetch.max.wait.ms': of.fetchMaxWaitMs,
    'fetch.min.bytes': of.fetchMinBytes,
    'request.timeout.ms': of.requestTimeoutMs,
    'isolation.level': of.isCommitted,
  })
  return {
    name: `c${index + 1}`,
    region,
    topic,
    ...(partition === undefined ? {} : { partitions: [partition] }),
    ...(of.processMs === undefined ? {} : { processTime: time(of.processMs) }),
    ...(config === undefined ? {} : { config }),
  }
}

function topicOf(of: { topic: number; partition: number | undefined }, at: Places) {
  const index = of.topic % at.partitions.length
  const partition =
    of.partition === undefined ? undefined : of.partition % (at.partitions[index] ?? 1)
  return { topic: TOPICS[index] ?? TOPICS[0], partition }
}

// One thing wrong with a client of a living cluster.

import type { PartitionQueue } from '../../../src/kafka/clients/partition-queue.ts'
import type { ProducerBatch } from '../../../src/kafka/clients/producer-batch.ts'
import { AssignedPartition } from '../../../src/kafka/clients/subscription-state.ts'
import { CallOf } from '../../../src/kafka/network/call-queue.ts'
import type { ClientConnection } from '../../../src/kafka/network/client-connection.ts'
import { type Break, set } from './break.ts'
import { first, found, type Living } from './living.ts'

function queueOf(it: Living): PartitionQueue {
  return first(it.producer.accumulator.queues)
}

/** A batch that waits, with its memory, as send() opens it. */
function batchOf(it: Living): ProducerBatch {
  const batch = found(it.producer.accumulator.newBatch(queueOf(it), 0, 100, it.now), 'batch')
  batch.append({ payloadBytes: 100, compressionRatio: 1, createdAt: () => it.now }, 1)
  return batch
}

/** One that is on its way. */
function sentOf(it: Living): ProducerBatch {
  const batch = batchOf(it)
  batch.closed = true
  it.producer.sender.idempotence?.assign(batch)
  it.producer.accumulator.sent(queueOf(it), batch)
  return batch
}

function putNumberedLast(it: Living): void {
  batchOf(it)
  it.producer.sender.idempotence?.assign(batchOf(it))
}

/** A batch in a queue that nobody looks at. */
function hide(it: Living): void {
  const queue = queueOf(it)
  batchOf(it)
  queue.isActive = false
  set(it.producer.accumulator, 'active', [])
}

function loseNewest(it: Living): void {
  batchOf(it)
  queueOf(it).newest = null
}

function expireLate(it: Living): void {
  batchOf(it)
  it.producer.accumulator.createdEarliest = 1e12
}

interface Sequences {
  readonly inFlight: ProducerBatch[]
  nextSequence: number
  lastAcked: number
  unresolved: number | null
}

function sequencesOf(it: Living): Sequences {
  const idempotence = found(it.producer.sender.idempotence, 'idempotence')
  const states: (Sequences | undefined)[] = Reflect.get(idempotence, 'partitions')
  return found(
    states.find((state) => state !== undefined),
    'sequences',
  )
}

/** Two batches that change places among those with numbers. */
function reverseSent(it: Living): void {
  for (const batch of [sentOf(it), sentOf(it)]) batch.closed = true
  const states: Sequences[] = Reflect.get(
    found(it.producer.sender.idempotence, 'idempotence'),
    'partitions',
  )
  for (const state of states) state?.inFlight.reverse()
}

function numberAhead(it: Living): void {
  const batch = sentOf(it)
  batch.baseSequence = 1e9
}

function connectionOf(it: Living): ClientConnection {
  const all = [...it.producer.channel.connections()]
  return found(
    all.find(({ isReady }) => isReady),
    'connection',
  )
}

/** Requests that nobody has sent or asked for. */
function flood(it: Living, where: 'inFlight' | 'waiting', count: number): void {
  const calls = Reflect.get(connectionOf(it), where)
  for (let i = 0; i < count; i++) calls.push(new CallOf({ api: 'ApiVersions' }, null, 1, 1e12))
}

function breakOff(it: Living): void {
  const connection = connectionOf(it)
  flood(it, 'inFlight', 1)
  connection.state.phase = 'disconnected'
}

/** Nothing will ever look at a request. */
function forget(it: Living): void {
  const connection = connectionOf(it)
  flood(it, 'inFlight', 1)
  Reflect.get(connection, 'timer').cancel()
}

function positionOf(it: Living): AssignedPartition {
  return first(it.reader.subscription.partitions)
}

function assignAnother(it: Living): void {
  const { subscription } = it.reader
  const [replaced, ...others] = subscription.partitions
  const { partition = 0 } = replaced ?? {}
  subscription.partitions = [new AssignedPartition(partition, 0), ...others]
}

export const CLIENT_BREAKS: readonly Break[] = [
  ['a batch is of its queue’s partition', 'shop', (it) => (batchOf(it).partition = 99)],
  ['a batch has records', 'shop', (it) => (batchOf(it).builder.count = 0)],
  ['what has met its fate is in no queue', 'shop', (it) => (batchOf(it).done = true)],
  ['what is on its way takes no more records', 'shop', (it) => (sentOf(it).closed = false)],
  ['what has a number goes before what has none', 'shop', (it) => putNumberedLast(it)],
  ['who is listed knows it', 'shop', (it) => (queueOf(it).isActive = !queueOf(it).isActive)],
  ['who has batches is listed', 'shop', (it) => hide(it)],
  ['a request is put together at once', 'shop', (it) => (queueOf(it).isServed = true)],
  ['no batch expires unnoticed', 'shop', (it) => expireLate(it)],
  [
    'a buffer’s memory is free or held by a batch',
    'shop',
    (it) => set(it.producer.accumulator, 'memoryFree', 1),
  ],
  ['batches keep the order of their sequences', 'shop', (it) => reverseSent(it)],
  ['the next number is behind all', 'shop', (it) => numberAhead(it)],
  ['only what has a number is acknowledged', 'shop', (it) => (sequencesOf(it).lastAcked = 1e9)],
  ['an unknown fate is not forgotten', 'shop', (it) => (sequencesOf(it).unresolved = 5)],
  ['what is set up has a socket', 'shop', (it) => set(connectionOf(it), 'socket', null)],
  ['what is in flight is on a connection', 'shop', (it) => breakOff(it)],
  ['so many requests are in flight as may be', 'shop', (it) => flood(it, 'inFlight', 9)],
  ['what can be sent is sent', 'shop', (it) => flood(it, 'waiting', 1)],
  ['a request times out at some time', 'shop', (it) => forget(it)],
  ['who is ready knows it', 'shop', (it) => (connectionOf(it).isReady = false)],
  ['the first and the last that wait are known', 'shop', (it) => loseNewest(it)],
  ['a partition is assigned once', 'classic', (it) => (it.reader.subscription.partitions = [])],
  ['who is assigned is found', 'classic', (it) => assignAnother(it)],
  ['a position is an offset', 'classic', (it) => (positionOf(it).offset = -1)],
  [
    'what is validated has an epoch',
    'classic',
    (it) => Object.assign(positionOf(it), { state: 'validate', offsetEpoch: -1 }),
  ],
]

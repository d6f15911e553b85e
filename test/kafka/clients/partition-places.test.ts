import { describe, expect, it } from 'vitest'
import { Accumulator } from '../../../src/kafka/clients/accumulator.ts'
import { Idempotence } from '../../../src/kafka/clients/idempotence.ts'
import { PartitionPlaces } from '../../../src/kafka/clients/partition-places.ts'
import { AssignedPartition } from '../../../src/kafka/clients/subscription-state.ts'
import { runAt } from './small-batches.ts'

describe('partitions of a client that comes to another cluster', () => {
  it('are those of the same topic and number there, and back again', () => {
    const places = new PartitionPlaces()
    expect([...places.take('t', [4, 5])]).toEqual([])
    expect([...places.take('t', [8, 9])]).toEqual([
      [4, 8],
      [5, 9],
    ])
    expect([4, 5, 8].map((index) => places.currentOf(index))).toEqual([8, 9, 8])
    places.take('t', [4, 5])
    expect([4, 8, 9].map((index) => places.currentOf(index))).toEqual([4, 4, 5])
  })

  it('stay what they are while one cluster answers, and when it gets more of them', () => {
    const places = new PartitionPlaces()
    places.take('t', [4, 5])
    expect([...places.take('t', [4, 5, 6])]).toEqual([])
    expect([...places.take('u', [7])]).toEqual([])
    expect(places.currentOf(6)).toBe(6)
    expect(places.currentOf(99)).toBe(99)
  })

  it('keep the batches of a producer in their order, and new records out of old batches', () => {
    const accumulator = new Accumulator(
      {
        batchSizeBytes: 16_384,
        bufferMemoryBytes: 1_000_000,
        compressionType: 'none',
        partitionerAvailabilityTimeoutMs: 0,
      },
      (partition) => partition,
    )
    const old = accumulator.queueOf(4)
    const batches = [1, 2, 3].map((at) => {
      const batch = accumulator.newBatch(old, 0, 100, at)
      batch?.append(runAt(at), 1)
      old.takeIds(1)
      return batch
    })
    const [sent] = batches
    if (sent) accumulator.sent(old, sent)
    accumulator.move(4, 8)
    const queue = accumulator.queueOf(8)
    expect(queue.inFlight).toEqual([sent])
    expect(queue.batches).toEqual(batches.slice(1))
    expect(batches.map((batch) => [batch?.partition, batch?.closed])).toEqual([
      [8, true],
      [8, true],
      [8, true],
    ])
    expect(accumulator.nonEmpty()).toEqual([queue])
    expect(accumulator.isEmpty).toBe(false)
  })

  it('keep the sequence numbers of an idempotent producer', () => {
    const idempotence = new Idempotence()
    idempotence.initialised(7, 0)
    const accumulator = new Accumulator(
      {
        batchSizeBytes: 16_384,
        bufferMemoryBytes: 1_000_000,
        compressionType: 'none',
        partitionerAvailabilityTimeoutMs: 0,
      },
      (partition) => partition,
    )
    const assigned = [4, 8].map((partition) => {
      if (partition === 8) idempotence.move(4, 8)
      const batch = accumulator.newBatch(accumulator.queueOf(partition), 0, 100, 1)
      batch?.append(runAt(1), 3)
      if (batch) idempotence.assign(batch)
      return batch?.baseSequence
    })
    expect(assigned).toEqual([0, 3])
  })

  it('keep the position of a consumer, to be looked at anew by whoever leads there', () => {
    const assigned = new AssignedPartition(4, 120)
    assigned.leaderIs(1, 3, true)
    assigned.advance(125, 3)
    assigned.isPaused = true
    assigned.resetAt = 'latest'
    const moved = assigned.movedTo(8)
    expect(moved).toMatchObject({ isPaused: true, resetAt: 'latest' })
    expect(moved).toMatchObject({ partition: 8, offset: 125, offsetEpoch: 3, state: 'fetch' })
    moved.leaderIs(11, 0, true)
    expect(moved.state).toBe('validate')
  })
})

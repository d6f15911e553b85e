import { describe, expect, it } from 'vitest'
import { Accumulator } from '../../../src/kafka/clients/accumulator.ts'
import { ClientMetadata } from '../../../src/kafka/clients/metadata.ts'
import { StickyPartitioner } from '../../../src/kafka/clients/partitioner.ts'
import { PRODUCER_DEFAULTS } from '../../../src/kafka/clients/producer-config.ts'
import { StickyChoice } from '../../../src/kafka/clients/sticky-choice.ts'
import { RandomSource } from '../../../src/sim/random.ts'
import { metadataOf } from '../network/metadata-answer.ts'

function random() {
  return new RandomSource('partitioner').fork('test')
}

/** One partition alone is to be had. */
function only(partition: number) {
  return () => ({ partitions: [partition], queued: null })
}

function loads(...queued: number[]) {
  return () => ({ partitions: queued.map((_, partition) => partition), queued })
}

/** Chooses `times` times and counts. */
function spread(partitioner: StickyPartitioner, choices: number, queued: number[]): number[] {
  const counts = queued.map(() => 0)
  for (let i = 0; i < choices; i++) {
    const partition = partitioner.current(loads(...queued))
    counts[partition] = (counts[partition] ?? 0) + 1
    partitioner.produced(100, true, loads(...queued))
  }
  return counts
}

describe('sticky partitioner', () => {
  it('stays until batch.size bytes went to a partition and its batch is full', () => {
    const partitioner = new StickyPartitioner('t', 1_000, random())
    partitioner.current(loads(0, 9))
    const next = loads(9, 0)
    partitioner.produced(999, true, next)
    partitioner.produced(500, false, next)
    expect(partitioner.peek()).toBe(0)
    partitioner.produced(0, true, next)
    expect(partitioner.peek()).toBe(1)
  })

  it('leaves at twice batch.size even from a half full batch', () => {
    const partitioner = new StickyPartitioner('t', 1_000, random())
    partitioner.current(only(0))
    partitioner.produced(2_000, false, only(1))
    expect(partitioner.peek()).toBe(1)
  })

  it('draws the next partition as it leaves, by what is so then', () => {
    const partitioner = new StickyPartitioner('t', 100, random())
    partitioner.current(only(0))
    partitioner.produced(100, true, only(1))
    expect(partitioner.current(only(2))).toBe(1)
  })

  it('favours short queues: 0, 3 and 1 waiting batches weigh 4, 1 and 3', () => {
    const counts = spread(new StickyPartitioner('t', 100, random()), 8_000, [0, 3, 1])
    expect(counts.map((count) => Math.round(count / 1_000))).toEqual([4, 1, 3])
  })
})

describe('the choice for a topic', () => {
  /** Three partitions, led by nodes 1 to 3, of which these have had batches. */
  function choiceOf(options: { adaptive: boolean; timeoutMs: number; used: readonly number[] }) {
    const config = { ...PRODUCER_DEFAULTS, partitionerAvailabilityTimeoutMs: options.timeoutMs }
    const accumulator = new Accumulator({ ...config, batchSizeBytes: 100 }, () => 0)
    const client = { ...config, topics: ['t'], bootstrapNodes: [1], mayCreateTopics: false }
    const metadata = new ClientMetadata(client, random())
    const led = [0, 1, 2].map((partition) => ({ partition, leader: partition + 1, leaderEpoch: 0 }))
    metadata.update(metadataOf([1, 2, 3], led), 0)
    for (const partition of options.used) accumulator.queueOf(partition)
    const partitioner = new StickyPartitioner('t', 100, random())
    const choice = new StickyChoice(partitioner, accumulator, metadata, options.adaptive)
    return { accumulator, choice }
  }

  /** Thousands of draws of 9,000, while partition 1 has two batches and the others none. */
  function draws(options: { adaptive: boolean; timeoutMs: number; used: readonly number[] }) {
    const { accumulator, choice } = choiceOf(options)
    for (let i = 0; i < 2; i++) accumulator.newBatch(accumulator.queueOf(1), 0, 10, 0)
    accumulator.latencies.update(2, 0, true)
    accumulator.latencies.update(2, 501_000, false)
    const counts = [0, 0, 0]
    choice.next()
    for (let i = 0; i < 9_000; i++) {
      choice.produced(100, true)
      const partition = choice.peek() ?? -1
      counts[partition] = (counts[partition] ?? 0) + 1
    }
    return counts.map((count) => Math.round(count / 1_000))
  }

  const all = { adaptive: true, timeoutMs: 0, used: [0, 2] }

  it.each([
    ['by queues once each partition had a batch', all, [4, 1, 4]],
    ['evenly before', { ...all, used: [] }, [3, 3, 3]],
    ['evenly where it is not adaptive', { ...all, adaptive: false }, [3, 3, 3]],
    ['not for a node that batches wait for too long', { ...all, timeoutMs: 500 }, [5, 0, 5]],
    ['for a node that may still be waited for', { ...all, timeoutMs: 501 }, [4, 1, 4]],
  ])('is made %s', (_how, options, expected) => {
    const [first = 0, second, third = 0] = draws(options)
    expect(second).toBe(expected[1])
    expect(Math.abs(first - third)).toBeLessThanOrEqual(1)
  })
})

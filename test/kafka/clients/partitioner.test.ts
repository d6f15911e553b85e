import { describe, expect, it } from 'vitest'
import { StickyPartitioner } from '../../../src/kafka/clients/partitioner.ts'
import { RandomSource } from '../../../src/sim/random.ts'

function random() {
  return new RandomSource('partitioner').fork('test')
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
    partitioner.produced(100, true)
  }
  return counts
}

describe('sticky partitioner', () => {
  it('stays until batch.size bytes went to a partition and its batch is full', () => {
    const partitioner = new StickyPartitioner('t', 1_000, true, random())
    const first = partitioner.current(loads(0, 0, 0))
    partitioner.produced(999, true)
    expect(partitioner.peek()).toBe(first)
    partitioner.produced(500, false)
    expect(partitioner.peek()).toBe(first)
    partitioner.produced(0, true)
    expect(partitioner.peek()).toBe(null)
  })

  it('leaves at twice batch.size even from a half full batch', () => {
    const partitioner = new StickyPartitioner('t', 1_000, true, random())
    partitioner.current(loads(0, 0))
    partitioner.produced(2_000, false)
    expect(partitioner.peek()).toBe(null)
  })

  it('favours short queues: 0, 3 and 1 waiting batches weigh 4, 1 and 3', () => {
    const counts = spread(new StickyPartitioner('t', 100, true, random()), 8_000, [0, 3, 1])
    expect(counts.map((count) => Math.round(count / 1_000))).toEqual([4, 1, 3])
  })

  it('ignores queues where it is not adaptive', () => {
    const counts = spread(new StickyPartitioner('t', 100, false, random()), 9_000, [0, 3, 1])
    expect(counts.map((count) => Math.round(count / 1_000))).toEqual([3, 3, 3])
  })
})

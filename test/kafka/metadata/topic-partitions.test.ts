import { expect, it } from 'vitest'
import { PartitionNumbers, TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'

it('numbers partitions across the cluster and names them as Kafka does', () => {
  const partitions = new TopicPartitions()
  expect(partitions.add('orders', 3)).toBe(0)
  expect(partitions.add('__consumer_offsets', 2)).toBe(3)
  expect(partitions.size).toBe(5)
  expect(partitions.topics).toEqual(['orders', '__consumer_offsets'])
  expect(partitions.indexOf('__consumer_offsets', 1)).toBe(4)
  expect(partitions.nameOf(4)).toBe('__consumer_offsets-1')
  expect(partitions.partitionsOf('orders')).toEqual([0, 1, 2])
})

it('knows no partition beyond a topic, of another topic, or below zero', () => {
  const partitions = new TopicPartitions()
  partitions.add('a', 1)
  partitions.add('b', 1)
  expect(partitions.indexOf('a', 1)).toBeNull()
  expect(partitions.indexOf('a', -1)).toBeNull()
  expect(partitions.indexOf('c', 0)).toBeNull()
  expect(partitions.partitionsOf('c')).toEqual([])
  expect(() => partitions.add('a', 2)).toThrow(/numbered once/)
})

it('shares its numbers with another cluster, whose topics may bear the same names', () => {
  const numbering = new PartitionNumbers()
  const [a, b] = [new TopicPartitions(numbering), new TopicPartitions(numbering)]
  expect([a.add('orders', 2), b.add('orders', 1), a.add('paid', 1)]).toEqual([0, 2, 3])
  expect(a.all).toEqual([0, 1, 3])
  expect(b.partitionsOf('orders')).toEqual([2])
  expect([a.size, b.size]).toEqual([3, 1])
})

it('lets a topic grow when other topics have come after it', () => {
  const partitions = new TopicPartitions()
  partitions.add('a', 1)
  partitions.add('b', 1)
  expect(partitions.grow('a', 2)).toBe(2)
  expect(partitions.partitionsOf('a')).toEqual([0, 2, 3])
  expect(partitions.nameOf(3)).toBe('a-2')
  expect(partitions.all).toEqual([0, 2, 3, 1])
  expect(() => partitions.grow('c', 1)).toThrow(/only a topic that exists/)
})

it('gives an attempt’s indices to the next one, and those of a topic that was to nobody', () => {
  const partitions = new TopicPartitions()
  expect(partitions.numbered('a', 2)).toEqual([0, 1])
  expect(partitions.numbered('a', 3)).toEqual([0, 1, 2])
  for (const index of [0, 1, 2]) partitions.onCommitted(index)
  // It grows, first without coming through.
  expect(partitions.numbered('a', 4, [0, 1, 2])).toEqual([0, 1, 2, 3])
  expect(partitions.numbered('a', 4, [0, 1, 2])).toEqual([0, 1, 2, 3])
  // A topic of that name that is new to whoever creates it.
  expect(partitions.numbered('a', 1)).toEqual([4])
  expect([partitions.partitionsOf('a'), partitions.size]).toEqual([[4], 1])
})

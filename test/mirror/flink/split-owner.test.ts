import { expect, it } from 'vitest'
import { splitOwner } from '../../../src/mirror/flink/split-owner.ts'

it('partitions of a topic go round, from a subtask that the name chooses', () => {
  const owners = (topic: string) => [0, 1, 2, 3, 4].map((number) => splitOwner(topic, number, 3))
  // "orders".hashCode() is -1008770331; times 31, without its sign, 940374459, which 3 divides.
  expect(owners('orders')).toEqual([0, 1, 2, 0, 1])
  // "b".hashCode() is 98; times 31, 3038.
  expect(owners('b')).toEqual([2, 0, 1, 2, 0])
})

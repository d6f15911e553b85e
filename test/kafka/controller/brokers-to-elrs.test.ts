import { expect, test } from 'vitest'
import { BrokersToElrs } from '../../../src/kafka/controller/brokers-to-elrs.ts'

test('a partition is found by the brokers in its ELR, until it leaves it or its topic goes', () => {
  const index = new BrokersToElrs()
  index.update(10, 11, [], [1, 2])
  index.update(20, 20, [], [1])
  index.update(10, 11, [1, 2], [2])
  expect(index.partitionsWithBrokerInElr(1)).toEqual([20])
  expect(index.partitionsWithBrokerInElr(2)).toEqual([11])
  const copy = index.copy()
  index.removeTopic(10)
  expect(index.partitionsWithBrokerInElr(2)).toEqual([])
  expect(copy.partitionsWithBrokerInElr(2)).toEqual([11])
})

test('where a forgotten partition leaves an ELR, the first of its topic takes its place', () => {
  const index = new BrokersToElrs()
  index.update(10, 11, [], [1])
  index.update(10, 11, [], [1])
  expect(index.partitionsWithBrokerInElr(1)).toEqual([11, 11])
  index.update(10, 11, [1], [])
  expect(index.partitionsWithBrokerInElr(1)).toEqual([10])
})

test('a partition that leaves an ELR was in it', () => {
  expect(() => new BrokersToElrs().update(10, 11, [1], [])).toThrow(/was in its index/)
})

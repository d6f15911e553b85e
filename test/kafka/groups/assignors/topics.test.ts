import { expect, it } from 'vitest'
import { SubscribedTopics } from '../../../../src/kafka/groups/assignors/topics.ts'
import { membersOf, topicsOf } from './groups.ts'

it('a slot stands for a partition of this assignment, and for nothing else', () => {
  const topics = new SubscribedTopics(membersOf({ a: { topics: ['t'] } }), topicsOf({ t: 2 }))
  expect(topics.size).toBe(2)
  expect(() => topics.partition(2)).toThrow('a slot stands for a partition')
})

import { expect, test } from 'vitest'
import { range } from '../../../../src/kafka/groups/assignors/range.ts'
import { inWords, membersOf, topicsOf } from './groups.ts'

test('topics in one bucket of a hash table are dealt in the order of subscription', () => {
  const topics = topicsOf({ e: 1, u: 1 })
  const dealt = (...subscribed: string[]) =>
    inWords(range.assign(membersOf({ a: { topics: subscribed } }), topics), topics)
  expect(dealt('u', 'e')).toEqual({ a: ['u-0', 'e-0'] })
  expect(dealt('e', 'u')).toEqual({ a: ['e-0', 'u-0'] })
})

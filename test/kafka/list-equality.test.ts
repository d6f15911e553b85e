import { expect, it } from 'vitest'
import { sameList, sameSet } from '../../src/kafka/list-equality.ts'

it('tells lists apart by their order, and sets by their members only', () => {
  expect([sameList([1, 2], [1, 2]), sameSet([1, 2], [1, 2])]).toEqual([true, true])
  expect([sameList([1, 2], [2, 1]), sameSet([1, 2], [2, 1])]).toEqual([false, true])
  expect([sameList([1, 2], [1, 3]), sameSet([1, 2], [1, 3])]).toEqual([false, false])
})

it('takes a part of a list for another one', () => {
  expect([sameList([1], [1, 2]), sameSet([1], [1, 2])]).toEqual([false, false])
  expect([sameList([1, 2], [1]), sameSet([1, 2], [1])]).toEqual([false, false])
})

import { expect, test } from 'vitest'
import { BatchList, bytesOf } from '../../../src/kafka/log/batch-list.ts'
import { batchOf } from './batches.ts'

/** Batches of ten records from `start` on, 100 bytes each. */
function listOf(count: number, start = 0): BatchList {
  const list = new BatchList()
  for (let i = 0; i < count; i++) list.push(batchOf(start + 10 * i, 0, 10))
  return list
}

test('an offset is found in the batch that holds it, or in the first behind it', () => {
  const list = listOf(4, 5)
  expect([0, 5, 14, 15, 34, 44, 45].map((offset) => list.indexOf(offset))).toEqual([
    0, 0, 0, 1, 2, 3, 4,
  ])
  expect(new BatchList().indexOf(0)).toBe(0)
})

test('what was dropped at the head, few or many, moves no answer and counts no more', () => {
  for (const dropped of [1, 64, 150]) {
    const list = listOf(200)
    list.dropHead(dropped)
    expect(list.length).toBe(200 - dropped)
    expect(list.bytes).toBe(100 * list.length)
    expect(list.indexOf(10 * dropped + 10)).toBe(1)
    expect(list.at(0)?.baseOffset).toBe(10 * dropped)
    expect(list.read(10 * dropped, 2000, 150, true)).toEqual([list.at(0)])
    list.cutAt(1)
    expect(list.toArray()).toEqual([list.at(0)])
    expect(list.bytes).toBe(100)
  }
})

test('the sizes of batches add up', () => {
  expect([bytesOf([]), bytesOf(listOf(3).toArray())]).toEqual([0, 300])
})

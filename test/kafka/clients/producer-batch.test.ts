import { expect, it } from 'vitest'
import { MemoryRecordsBuilder } from '../../../src/kafka/clients/memory-records-builder.ts'
import { ProducerBatch } from '../../../src/kafka/clients/producer-batch.ts'
import { openBatch, runAt } from './small-batches.ts'

it.each([
  ['as many records as fit', 61 + 350, 3],
  ['one record, however large it is', 100, 1],
])('a batch takes %s', (_what, writeLimit, count) => {
  const builder = new MemoryRecordsBuilder(writeLimit, false, 1)
  const batch = new ProducerBatch(0, 0, builder, 0, 0)
  expect(batch.append(runAt(0), 10)).toBe(count)
  expect([batch.count, batch.closed]).toEqual([count, true])
  expect(batch.append(runAt(0), 1)).toBe(0)
})

it('a batch is open until a record is tried for which it has no room', () => {
  const batch = openBatch()
  expect(batch.append(runAt(5), 148)).toBe(148)
  expect([batch.closed, batch.isFull, batch.createdLast]).toEqual([false, false, 5_000])
  expect(batch.append(runAt(6), 1)).toBe(0)
  expect([batch.closed, batch.isFull, batch.createdLast]).toEqual([true, true, 5_000])
})

it('a closed batch takes nothing more', () => {
  const batch = openBatch()
  batch.closed = true
  expect(batch.append(runAt(0), 1)).toBe(0)
})

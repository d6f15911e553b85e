import { expect, it } from 'vitest'
import { ProducerBatch } from '../../../src/kafka/clients/producer-batch.ts'
import { BATCH_HEADER_BYTES } from '../../../src/kafka/network/sizes.ts'

it.each([
  ['as many records as fit', 100, BATCH_HEADER_BYTES + 350, 3],
  ['one record, however large it is', 1_000, 500, 1],
])('a batch takes %s', (_what, recordBytes, batchSize, count) => {
  const batch = new ProducerBatch(0, 0, recordBytes, 0, 0)
  expect(batch.room(batchSize)).toBe(count)
  batch.append(count, 0)
  expect(batch.room(batchSize)).toBe(0)
})

it('a closed batch takes nothing more', () => {
  const batch = new ProducerBatch(0, 0, 100, 0, 0)
  batch.closed = true
  expect(batch.room(10_000)).toBe(0)
})

import { expect, it } from 'vitest'
import { duplicatedRecords } from '../../src/check/duplicates.ts'
import { TinyHistory } from './tiny-history.ts'

it('five records appended again by a retry are five duplicates', () => {
  const history = new TinyHistory()
    .log([
      [0, 5],
      [0, 5],
      [5, 5],
    ])
    .end(1_000)
  expect(duplicatedRecords(history)).toEqual({
    records: 5,
    copies: 5,
    byPartition: [{ partition: 'orders-0', copies: 5 }],
  })
})

it('two retries of one batch are as many records and twice as many copies', () => {
  const history = new TinyHistory()
    .log([
      [0, 5],
      [0, 5],
      [0, 5],
    ])
    .end(1_000)
  expect(duplicatedRecords(history)).toMatchObject({ records: 5, copies: 10 })
})

it('copies on a log that did not survive do not count', () => {
  const history = new TinyHistory()
    .log([[0, 5]])
    .log(
      [
        [0, 5],
        [0, 5],
      ],
      { broker: 2, survivor: false },
    )
    .end(1_000)
  expect(duplicatedRecords(history).records).toBe(0)
})

it('a second copy in another partition of its topic counts, in another topic it does not', () => {
  const scattered = (topic: string) => {
    const tiny = new TinyHistory({ partitions: 2 })
    tiny.history.partitions[1] = { ...partitionOf(tiny, 1), topic }
    tiny.log([[0, 5]]).log([[0, 2]], { partition: 1, stream: 0 })
    return duplicatedRecords(tiny.end(1_000))
  }
  expect(scattered('orders')).toEqual({ records: 2, copies: 2, byPartition: [] })
  expect(scattered('us.orders')).toMatchObject({ records: 0, copies: 0 })
})

function partitionOf({ history }: TinyHistory, index: number) {
  const [first] = history.partitions
  if (first === undefined) throw new Error('a history without partitions')
  return history.partitions[index] ?? first
}

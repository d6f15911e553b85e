import { describe, expect, it } from 'vitest'
import { lifeOf, recordIdOf } from '../../src/check/record-life.ts'
import { A_ORDERS, B_COPY, TinyClusters } from './tiny-clusters.ts'
import { id, TinyHistory } from './tiny-history.ts'

it('the life of a lost record goes from its send to the truncation that took it', () => {
  const tiny = new TinyHistory()
  tiny.produced({ first: 0, count: 11, sentMs: 100, lastSentMs: 200, doneMs: 210 })
  tiny.appended(0, 11, 40, 205).delivered(0, 11, 40, 220)
  const fault = tiny.fault(300)
  const at = 900_000
  const cut = { at, actor: 'broker 1', kind: 'truncation', text: 'truncated to 43' }
  const event = tiny.history.event({ ...cut, cause: fault })
  const row = { partition: 0, broker: 1, fromOffset: 43, toOffset: 51, at, event }
  const truncation = tiny.history.truncations.push(row)
  const range = { truncation, baseOffset: 43, count: 8, firstRecordId: 3 }
  tiny.history.truncatedRanges.push(range)
  const history = tiny.log([[0, 3]]).end(1_000)
  expect(lifeOf(history, 5)).toEqual({
    moments: [
      { atMs: 150, text: 'sent by p to orders-0' },
      { atMs: 205, text: 'appended by leader 1 in epoch 0 at offset 45' },
      { atMs: 210, text: 'acknowledged (first attempt)' },
      { atMs: 220, text: 'delivered to c-0 at offset 45' },
    ],
    cause: event,
    place: 'in no surviving log',
  })
  expect(lifeOf(history, 2).place).toBe("at offset 2 of broker 1's log")
})

it('a record that stands twice is told of at both offsets', () => {
  const tiny = new TinyHistory().produced({ first: 0, count: 3, doneMs: 210 })
  const ranges: [number, number][] = [
    [0, 3],
    [1, 2],
  ]
  const life = lifeOf(tiny.log(ranges).end(1_000), id(2))
  expect(life.place).toBe("at offset 2 and again at 4 of broker 1's log")
})

it('a record is known by producer, partition and number', () => {
  const { history } = new TinyHistory({ partitions: 2 }).produced({
    first: 0,
    doneMs: 5,
    stream: 1,
  })
  expect(recordIdOf(history, 'p', 'orders-1', 0)).toBe(id(0, 1))
  expect(recordIdOf(history, 'p', 'orders-1', 1)).toBeNull()
  expect(recordIdOf(history, 'q', 'orders-1', 0)).toBeNull()
})

describe('the life of a record that is copied to another cluster', () => {
  it('tells of both logs', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 3, sentMs: 90, doneMs: 100 })
    tiny.copied(A_ORDERS, { first: 0, count: 3, offset: 0 }, 95)
    tiny.copied(B_COPY, { first: 0, count: 3, offset: 7 }, 140)
    expect(lifeOf(tiny.over(1_000), id(1)).moments.map(({ text }) => text)).toEqual([
      'sent by p to A:orders-0',
      'appended by leader 1 in epoch 0 at offset 1',
      'acknowledged (first attempt)',
      'copied to B:A.orders-0 by leader 4 in epoch 0 at offset 8',
    ])
  })
})

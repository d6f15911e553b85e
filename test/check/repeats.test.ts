import { describe, expect, it } from 'vitest'
import { repeatedRanges } from '../../src/check/repeats.ts'
import type { History } from '../../src/history.ts'
import { id, TinyHistory } from './tiny-history.ts'

/** Records 3 to 5 of eight are appended at 100 ms, and once more at 300 ms. */
function repeated(): TinyHistory {
  const tiny = new TinyHistory().produced({ first: 0, count: 8, doneMs: 400 })
  tiny.appended(0, 8, 0, 100).appended(3, 3, 8, 300)
  return tiny.log([
    [0, 8],
    [3, 3],
  ])
}

function told(history: History, producer: string, text: string, atMs: number): number {
  const line = { actor: `producer ${producer}`, kind: 'client-error', text, partition: 0 }
  const event = history.event({ ...line, at: atMs * 1_000 })
  const [client, error] = [producer, text].map((name) => history.names.id(name))
  history.clientErrors.push({ client, error, partition: 0, at: atMs * 1_000, event })
  return event
}

describe('records that stand twice', () => {
  it('are a range, with the last error of their producer before they came again', () => {
    const tiny = repeated()
    told(tiny.history, 'p', 'NOT_LEADER_OR_FOLLOWER', 150)
    const cause = told(tiny.history, 'p', 'REQUEST_TIMED_OUT', 250)
    told(tiny.history, 'another', 'NETWORK_EXCEPTION', 260)
    told(tiny.history, 'p', 'NETWORK_EXCEPTION', 350)
    expect(repeatedRanges(tiny.end(1_000), 100)).toEqual([
      {
        ...{ partition: 'orders-0', producer: 'p' },
        ...{ firstRecordId: id(3), firstNumber: 3, count: 3, cause },
      },
    ])
  })

  it('have no cause where their producer was told of no error', () => {
    expect(repeatedRanges(repeated().end(1_000), 100)).toMatchObject([{ count: 3, cause: null }])
  })

  it('are told of up to a number', () => {
    expect(repeatedRanges(repeated().end(1_000), 0)).toEqual([])
  })

  it('are those of the partition itself: what a replicator brings is another matter', () => {
    const tiny = new TinyHistory({ partitions: 2 }).produced({ first: 0, count: 2, doneMs: 5 })
    const twice: [number, number][] = [
      [0, 2],
      [0, 2],
    ]
    tiny.log([[0, 2]]).log(twice, { partition: 1, stream: 0 })
    expect(repeatedRanges(tiny.end(1_000), 100)).toEqual([])
  })
})

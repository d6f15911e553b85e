import { describe, expect, it } from 'vitest'
import { consumerViewOf, readerViews } from '../../src/check/consumer-view.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import type { History } from '../../src/history.ts'
import { TinyHistory } from './tiny-history.ts'

const view = (history: History) => consumerViewOf(buildLedger(history), readerViews(history))

describe('what a group sees', () => {
  it('is nothing but zeros where everything came once and in order', () => {
    const tiny = new TinyHistory().delivered(0, 5, 0, 100).delivered(5, 5, 5, 200)
    expect(view(tiny.log([[0, 10]]).end(1_000))).toEqual({
      ...{ delivered: 10, redelivered: 0, skipped: 0, rewinds: 0, rewoundOffsets: 0 },
      ...{ suppressed: 0, phantom: 0, abortedReads: 0 },
    })
  })

  it('counts records that it got again, and how far it went back', () => {
    const tiny = new TinyHistory().delivered(0, 10, 0, 100).delivered(6, 8, 6, 200)
    expect(view(tiny.log([[0, 20]]).end(1_000))).toMatchObject({
      ...{ delivered: 18, redelivered: 4, rewinds: 1, rewoundOffsets: 4, skipped: 0 },
    })
  })

  it('counts a copy in the log as delivered again', () => {
    const tiny = new TinyHistory().delivered(0, 5, 0, 100).delivered(0, 5, 5, 200)
    expect(
      view(
        tiny
          .log([
            [0, 5],
            [0, 5],
          ])
          .end(1_000),
      ),
    ).toMatchObject({
      ...{ redelivered: 5, rewinds: 0 },
    })
  })

  it('counts what it passed over, not what came before it or is still to come', () => {
    const tiny = new TinyHistory().delivered(10, 5, 10, 100).delivered(20, 5, 20, 200)
    expect(view(tiny.log([[0, 40]]).end(1_000)).skipped).toBe(5)
  })

  it('counts what it read and what is gone: 40 records of a truncated log', () => {
    const tiny = new TinyHistory().delivered(0, 80, 0, 100).delivered(100, 40, 40, 200)
    const found = view(
      tiny
        .log([
          [0, 40],
          [100, 60],
        ])
        .end(1_000),
    )
    expect(found).toMatchObject({ phantom: 40, skipped: 0, rewinds: 1, rewoundOffsets: 40 })
  })

  it('counts records as aborted reads whose producer was told that they failed for sure', () => {
    const tiny = new TinyHistory()
    tiny.produced({ first: 0, count: 3, outcome: 'fail', doneMs: 90 })
    tiny.produced({ first: 3, count: 3, outcome: 'unknown', doneMs: 90 })
    tiny.delivered(0, 6, 0, 100)
    expect(view(tiny.log([[0, 6]]).end(1_000)).abortedReads).toBe(3)
  })
})

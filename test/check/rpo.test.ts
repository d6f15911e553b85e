import { describe, expect, it } from 'vitest'
import { buildLedger } from '../../src/check/ledger.ts'
import { rpoOf } from '../../src/check/rpo.ts'
import type { History } from '../../src/history.ts'
import { id, TinyHistory } from './tiny-history.ts'

const rpo = (history: History) => rpoOf(history, buildLedger(history))

describe('recovery point', () => {
  it('is zero where every acknowledged record survived', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.fault(200)
    expect(rpo(tiny.log([[0, 10]]).end(1_000))).toMatchObject({
      ...{ records: 0, bytes: 0, windowMs: 0, ageMs: 0, splitBrainMs: 0, acked: 10 },
      ...{ byPartition: [], undecided: [], lostRanges: [] },
    })
  })

  it('counts records, their share of bytes, window and age', () => {
    const tiny = new TinyHistory()
    tiny.produced({ first: 0, count: 10, doneMs: 1_000 })
    tiny.produced({ first: 10, count: 10, bytes: 1_000, doneMs: 1_400 })
    tiny.produced({ first: 20, count: 10, bytes: 1_000, doneMs: 1_700 })
    tiny.fault(2_000)
    const found = rpo(tiny.log([[0, 16]]).end(9_000))
    expect(found).toMatchObject({ records: 14, bytes: 1_400, windowMs: 600, ageMs: 700 })
    expect(found.byPartition).toMatchObject([{ partition: 'orders-0', records: 14 }])
  })

  it('reports what was lost after the fault as split brain, not as window', () => {
    const tiny = new TinyHistory().produced({ first: 0, doneMs: 1_900 })
    tiny.fault(2_000)
    tiny.produced({ first: 1, doneMs: 2_500 }).produced({ first: 2, doneMs: 4_000 })
    const found = rpo(tiny.log([[0, 1]]).end(9_000))
    expect(found).toMatchObject({ records: 2, windowMs: 0, splitBrainMs: 2_000, ageMs: 2_100 })
  })

  it('does not age by what the new leader acknowledged', () => {
    const tiny = new TinyHistory().produced({ first: 0, doneMs: 1_900 })
    tiny.produced({ first: 1, doneMs: 1_950 })
    tiny.fault(2_000)
    tiny.produced({ first: 2, doneMs: 8_000 })
    expect(
      rpo(
        tiny
          .log([
            [0, 1],
            [2, 1],
          ])
          .end(9_000),
      ),
    ).toMatchObject({ records: 1, ageMs: 50 })
  })

  it('counts from the fault that led to the new leader, not from an earlier harmless one', () => {
    const tiny = new TinyHistory()
    tiny.leader(1, 0, [1, 2], 0)
    tiny.fault(1_000, 1_500)
    tiny.produced({ first: 0, doneMs: 4_000 }).produced({ first: 1, doneMs: 4_700 })
    tiny.leader(2, 1, [2], 9_000, tiny.fenced(1, 8_900, tiny.fault(5_000)))
    expect(rpo(tiny.log([[0, 1]]).end(20_000))).toMatchObject({
      ...{ records: 1, windowMs: 300, ageMs: 700, splitBrainMs: 0 },
    })
  })

  it('counts neither failed nor unknown nor pending records', () => {
    const tiny = new TinyHistory()
    tiny.produced({ first: 0, outcome: 'fail', doneMs: 100 })
    tiny.produced({ first: 1, outcome: 'unknown', doneMs: 100 })
    tiny.produced({ first: 2, outcome: 'pending', doneMs: 900 })
    expect(rpo(tiny.log([]).end(900))).toMatchObject({ records: 0, acked: 0 })
  })

  it('names partitions without a leader as undecided', () => {
    const tiny = new TinyHistory()
    tiny.leader(1, 0, [1], 0)
    tiny.leader(-1, 1, [1], 500)
    const held = tiny.log([[0, 4]], { survivor: false })
    expect(rpo(held.end(900)).undecided).toEqual(['orders-0'])
  })

  it('knows all to be lost where every disk of a partition is gone', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.leader(1, 0, [1], 0)
    tiny.leader(-1, 1, [1], 500)
    expect(rpo(tiny.end(900))).toMatchObject({ records: 10, undecided: [] })
    const emptied = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    emptied.log([], { survivor: false })
    expect(rpo(emptied.end(900))).toMatchObject({ records: 10, undecided: [] })
  })

  it('without a log that counts, takes for lost only what no replica holds', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.log([[0, 4]], { broker: 1, survivor: false }).log([[0, 7]], { broker: 2, survivor: false })
    expect(rpo(tiny.end(900))).toMatchObject({ records: 3, undecided: ['orders-0'] })
  })

  /** A broker cuts records of the first stream from its log. */
  function truncated(tiny: TinyHistory, first: number, count: number, atMs: number): number {
    const at = atMs * 1_000
    const cut = { at, actor: 'broker 1', kind: 'truncation', text: `truncated to ${first}` }
    const event = tiny.history.event({ ...cut, cause: -1 })
    const { truncations, truncatedRanges } = tiny.history
    const row = { partition: 0, broker: 1, fromOffset: first, toOffset: first + count, at, event }
    const truncation = truncations.push(row)
    truncatedRanges.push({ truncation, baseOffset: first, count, firstRecordId: id(first) })
    return event
  }

  it('names the last truncation that took a record, not one beside it', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.fault(200)
    truncated(tiny, 6, 4, 300)
    const event = truncated(tiny, 6, 2, 400)
    truncated(tiny, 8, 2, 500)
    truncated(tiny, 2, 4, 600)
    const { lostRanges } = rpo(tiny.log([[0, 6]]).end(900))
    expect(lostRanges).toMatchObject([{ firstNumber: 6, cause: event }])
  })

  it('names the answer that took a batch for somebody else’s, where it was never written', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    const fault = tiny.fault(200)
    const repeat = { partition: 0, broker: 1, at: 300_000, count: 3 }
    tiny.history.mistakenRepeats.push({ ...repeat, firstRecordId: id(3), event: fault - 1 })
    tiny.history.mistakenRepeats.push({ ...repeat, firstRecordId: id(6), event: fault })
    const { lostRanges } = rpo(
      tiny
        .log([
          [0, 6],
          [9, 1],
        ])
        .end(900),
    )
    expect(lostRanges).toMatchObject([{ firstNumber: 6, count: 3, cause: fault }])
  })

  it('names the truncation that took the records', () => {
    const tiny = new TinyHistory().produced({ first: 0, count: 10, doneMs: 100 })
    const event = truncated(tiny, 6, 4, 300)
    expect(rpo(tiny.log([[0, 6]]).end(900)).lostRanges).toEqual([
      {
        ...{ partition: 'orders-0', producer: 'p', firstRecordId: 6, firstNumber: 6 },
        ...{ count: 4, cause: event },
      },
    ])
  })
})

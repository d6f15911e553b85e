import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fatesOf } from '../../src/check/fates.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import { TinyHistory } from './tiny-history.ts'

const outcomes = fc.constantFrom('ok', 'fail', 'unknown', 'pending')

describe('fates', () => {
  it('of an empty run are all zero', () => {
    const history = new TinyHistory().log([]).end(1_000)
    const fates = fatesOf(history, buildLedger(history))
    expect(new Set(Object.values(fates))).toEqual(new Set([0]))
  })

  it('part the acknowledged records into safe, delayed and lost, whatever the batches', () => {
    const batch = fc.tuple(fc.integer({ min: 1, max: 5 }), outcomes)
    const kept = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 10 }), kept, (batches, ranges) => {
        const tiny = new TinyHistory()
        let first = 0
        for (const [count, outcome] of batches) {
          tiny.produced({ first, count, outcome, doneMs: 100 + first })
          first += count
        }
        const history = tiny.log(ranges).end(1_000)
        const fates = fatesOf(history, buildLedger(history))
        expect(fates.safe + fates.delayed + fates.lost).toBe(fates.acked)
        expect(fates.acked + fates.failed + fates.unknown + fates.pending).toBe(fates.sent)
        expect(fates.failedButPresent + fates.failedAbsent).toBe(fates.failed)
        expect(fates.unknownButPresent + fates.unknownAbsent).toBe(fates.unknown)
        expect(fates.sent).toBe(first)
      }),
    )
  })

  it('count an acknowledged record that no surviving log holds as lost', () => {
    const history = new TinyHistory()
      .produced({ first: 0, count: 10, doneMs: 100 })
      .log([[0, 6]])
      .log([[0, 10]], { broker: 2, survivor: false })
      .end(1_000)
    const ledger = buildLedger(history)
    expect(fatesOf(history, ledger)).toMatchObject({ acked: 10, safe: 6, lost: 4, delayed: 0 })
    expect(ledger.lost.starts).toEqual([6])
  })

  it('never count a failed or timed-out record as lost, present or not', () => {
    const history = new TinyHistory()
      .produced({ first: 0, count: 4, outcome: 'fail', doneMs: 100 })
      .produced({ first: 4, count: 4, outcome: 'unknown', doneMs: 100 })
      .log([
        [0, 1],
        [4, 3],
      ])
      .end(1_000)
    expect(fatesOf(history, buildLedger(history))).toMatchObject({
      ...{ lost: 0, failedButPresent: 1, failedAbsent: 3 },
      ...{ unknownButPresent: 3, unknownAbsent: 1 },
    })
  })

  it("call a record delayed that was acked first and reached the new leader's log later", () => {
    const tiny = new TinyHistory()
    tiny.leader(1, 0, [1, 2], 0)
    tiny.produced({ first: 0, count: 5, doneMs: 100 })
    tiny.produced({ first: 5, count: 5, doneMs: 110 })
    tiny.appended(0, 5, 0, 90)
    tiny.fault(200)
    tiny.leader(2, 1, [2], 300)
    tiny.appended(5, 5, 5, 900)
    const history = tiny.log([[0, 10]]).end(1_000)
    expect(fatesOf(history, buildLedger(history))).toMatchObject({ safe: 5, delayed: 5, lost: 0 })
  })

  it('call no record delayed that was acked only when its log had it already', () => {
    const tiny = new TinyHistory({ partitions: 2 })
    tiny.leader(1, 0, [1, 2], 0)
    tiny.produced({ first: 0, count: 5, doneMs: 400 }).appended(0, 5, 0, 300)
    tiny.produced({ first: 5, count: 5, doneMs: 950 }).appended(5, 5, 5, 900)
    tiny.produced({ first: 0, count: 5, doneMs: 100, stream: 1 }).appended(0, 5, 0, 900, 1)
    tiny.produced({ first: 10, count: 5, doneMs: 100, outcome: 'unknown' }).appended(10, 5, 10, 900)
    tiny.fault(200)
    tiny.leader(2, 1, [2], 300)
    const history = tiny
      .log([[0, 15]])
      .log([[0, 5]], { partition: 1 })
      .end(1_000)
    expect(fatesOf(history, buildLedger(history))).toMatchObject({ safe: 15, delayed: 0, lost: 0 })
  })

  it('call a record phantom that was delivered and is in no surviving log', () => {
    const history = new TinyHistory()
      .produced({ first: 0, count: 10, doneMs: 100 })
      .delivered(0, 10, 0, 120)
      .log([[0, 7]])
      .end(1_000)
    expect(fatesOf(history, buildLedger(history)).phantom).toBe(3)
  })
})

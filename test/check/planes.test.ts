import { describe, expect, it } from 'vitest'
import { buildLedger } from '../../src/check/ledger.ts'
import { planesOf } from '../../src/check/planes.ts'
import { consumeRto, produceRto } from '../../src/check/rto.ts'
import type { History } from '../../src/history.ts'
import { TinyHistory } from './tiny-history.ts'

const planes = (history: History) => {
  const ledger = buildLedger(history)
  return planesOf(history, produceRto(history, ledger), consumeRto(history, ledger))
}

describe('planes', () => {
  it('are whole in a run without a fault', () => {
    const history = new TinyHistory()
      .controller(9, 1, 0)
      .log([[0, 900]])
      .end(1_000)
    expect(planes(history)).toEqual({ controlMs: 0, dataMs: 0, clientsMs: 0, redundancyMs: 0 })
  })

  it('are told apart: control, data and clients each for its own time', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0).controller(9, 1, 0)
    tiny.leader(1, 0, [1, 2, 3], 0)
    tiny.fault(5_010, 20_000)
    tiny.controller(-1, 1, 5_010).controller(8, 2, 8_610)
    tiny.fenced(1, 17_010)
    tiny.leader(2, 1, [2, 3], 17_110)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 19_010 })
    tiny.leader(2, 1, [2, 3, 1], 25_010)
    expect(planes(tiny.log([[0, 900]]).end(30_000))).toEqual({
      ...{ controlMs: 3_600, dataMs: 12_100, clientsMs: 14_000, redundancyMs: 20_000 },
    })
  })

  it('count control from the fault where only the successor was seen', () => {
    const tiny = new TinyHistory().controller(9, 1, 0)
    tiny.fault(5_000)
    tiny.controller(8, 2, 7_500)
    expect(planes(tiny.log([[0, 900]]).end(30_000)).controlMs).toBe(2_500)
  })

  it('count control from the fault, not from when the cut-off controller resigns', () => {
    const tiny = new TinyHistory().controller(9, 1, 0)
    tiny.fault(5_000, 9_000)
    tiny.controller(-1, 1, 8_000).controller(9, 2, 12_000)
    expect(planes(tiny.log([]).end(30_000)).controlMs).toBe(7_000)
  })

  it('stay out where nothing came back', () => {
    const tiny = new TinyHistory().controller(9, 1, 0)
    tiny.leader(1, 0, [1, 2, 3], 0)
    tiny.fault(5_000)
    tiny.controller(-1, 1, 5_000)
    tiny.leader(2, 1, [2, 3], 6_000)
    expect(planes(tiny.log([[0, 900]]).end(9_000))).toMatchObject({
      controlMs: null,
      redundancyMs: null,
    })
  })
})

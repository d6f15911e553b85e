import { describe, expect, it } from 'vitest'
import { deliveriesOf } from '../../src/check/deliveries.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import { regionLags } from '../../src/check/region-lag.ts'
import { A_ORDERS, B_COPY, B_ORDERS, TinyClusters } from './tiny-clusters.ts'

/** The stream of q, who writes to B in eu; p writes to A in us with stream 0. */
const Q = 2

/** What p sends in us is acknowledged at 100, 200 and 300 ms, ten records each; q's at 250 ms. */
function written(): TinyClusters {
  const tiny = new TinyClusters()
  for (const [i, doneMs] of [100, 200, 300].entries()) {
    tiny.produced({ first: i * 10, count: 10, doneMs })
  }
  tiny.produced({ first: 0, count: 5, stream: Q, doneMs: 250 })
  return tiny.ends(A_ORDERS, [[0, 30]]).ends(B_ORDERS, [[0, 5, Q]])
}

function lagsOf(tiny: TinyClusters, endMs: number) {
  const history = tiny.over(endMs)
  return regionLags(history, buildLedger(history), deliveriesOf(history))
}

describe('lag by region of origin', () => {
  it('counts what was acknowledged in a region and not handed to the group, through a copy', () => {
    const tiny = written()
      .ends(B_COPY, [[0, 20]])
      .read(1, B_COPY, { first: 0, count: 10, offset: 0 }, 150)
      .read(1, B_COPY, { first: 10, count: 10, offset: 10 }, 340)
      .read(1, B_ORDERS, { first: 0, count: 5, offset: 0, stream: Q }, 260)
    expect(lagsOf(tiny, 400)).toEqual([
      { group: 'billing', region: 'eu', records: 0, ageMs: 0, recordsMax: 5, ageMsMax: 10 },
      // Ten wait from 200 to 340 ms, ten from 300 ms to the end.
      { group: 'billing', region: 'us', records: 10, ageMs: 100, recordsMax: 20, ageMsMax: 140 },
    ])
  })

  it('is none where the group reads before the producer hears of its acknowledgement', () => {
    const tiny = written().read(0, A_ORDERS, { first: 0, count: 30, offset: 0 }, 90)
    const none = { records: 0, ageMs: 0, recordsMax: 0, ageMsMax: 0 }
    expect(lagsOf(tiny, 400)).toEqual([{ group: 'billing', region: 'us', ...none }])
  })

  it('begins with the first record of a producer that the group was handed', () => {
    const tiny = written().read(0, A_ORDERS, { first: 15, count: 5, offset: 15 }, 350)
    expect(lagsOf(tiny, 400)).toEqual([
      { group: 'billing', region: 'us', records: 10, ageMs: 100, recordsMax: 15, ageMsMax: 150 },
    ])
  })

  it('counts a producer of whom nothing ever came, where the group reads the same topic', () => {
    const tiny = written()
      .produced({ first: 0, count: 7, stream: 1, doneMs: 300 })
      .read(1, B_ORDERS, { first: 0, count: 5, offset: 0, stream: Q }, 260)
    // p's records to B:orders survive in B's log behind q's.
    tiny.history.finalLogs.pop()
    tiny.ends(B_ORDERS, [
      [0, 5, Q],
      [0, 7, 1],
    ])
    expect(lagsOf(tiny, 400).find(({ region }) => region === 'us')).toEqual({
      ...{ group: 'billing', region: 'us', records: 7, ageMs: 100, recordsMax: 7, ageMsMax: 100 },
    })
  })

  it('leaves out what is lost, and what comes twice counts once', () => {
    const tiny = written()
      .read(0, A_ORDERS, { first: 0, count: 10, offset: 0 }, 150)
      .read(1, B_COPY, { first: 0, count: 10, offset: 0 }, 390)
    tiny.history.finalLogs.shift()
    tiny.ends(A_ORDERS, [[0, 20]])
    expect(lagsOf(tiny, 400)).toEqual([
      { group: 'billing', region: 'us', records: 10, ageMs: 200, recordsMax: 10, ageMsMax: 200 },
    ])
  })
})

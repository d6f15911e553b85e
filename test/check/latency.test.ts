import { describe, expect, it } from 'vitest'
import { endToEndLatency, produceLatency } from '../../src/check/latency.ts'
import { TinyHistory } from './tiny-history.ts'

describe('latency', () => {
  it('has no figures where nothing was acknowledged', () => {
    const history = new TinyHistory().produced({ first: 0, outcome: 'fail', doneMs: 90 }).end(100)
    expect(produceLatency(history).all).toEqual({
      ...{ records: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null },
    })
  })

  it('spreads the records of a batch evenly between the first and the last sent', () => {
    const batch = { first: 0, count: 101, sentMs: 0, lastSentMs: 100, doneMs: 110 }
    const { all } = produceLatency(new TinyHistory().produced(batch).end(1_000))
    expect(all.records).toBe(101)
    expect(all.maxMs).toBe(110)
    expect(all.p50Ms).toBeGreaterThanOrEqual(60)
    expect(all.p50Ms).toBeLessThanOrEqual(62)
  })

  it('goes by the phase in which a record was sent', () => {
    const tiny = new TinyHistory()
    tiny.produced({ first: 0, sentMs: 10, doneMs: 30 })
    tiny.fault(100, 900)
    tiny.produced({ first: 1, sentMs: 100, doneMs: 1_000 })
    tiny.produced({ first: 2, sentMs: 950, doneMs: 955 })
    const { before, during, after } = produceLatency(tiny.end(2_000))
    expect([before.maxMs, during.maxMs, after.maxMs]).toEqual([20, 900, 5])
  })

  it('counts a record that a fault caught under way as one of its time', () => {
    const tiny = new TinyHistory()
    tiny.produced({ first: 0, sentMs: 10, doneMs: 30 })
    tiny.produced({ first: 1, sentMs: 90, doneMs: 800 })
    tiny.fault(100, 900)
    const { before, during } = produceLatency(tiny.end(2_000))
    expect([before.maxMs, during.maxMs]).toEqual([20, 710])
  })

  it('from end to end counts the first delivery only', () => {
    const tiny = new TinyHistory().delivered(0, 5, 0, 100, 60).delivered(0, 5, 0, 900, 60)
    expect(endToEndLatency(tiny.end(1_000)).all).toMatchObject({ records: 5, maxMs: 40 })
  })
})

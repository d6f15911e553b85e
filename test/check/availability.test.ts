import { expect, it } from 'vitest'
import { availabilityOf } from '../../src/check/availability.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import type { History } from '../../src/history.ts'
import { TinyHistory } from './tiny-history.ts'

const available = (history: History) => availabilityOf(history, buildLedger(history))

it('a run without load was available all the time', () => {
  expect(available(new TinyHistory().end(1_000)).produceRatio).toBe(1)
})

it('four seconds out of twenty on one partition of two are a tenth of the time', () => {
  const tiny = new TinyHistory({ partitions: 2 })
  tiny.steady(0, 20_000, 50, 0, 1)
  tiny.steady(0, 5_000, 50, 0)
  tiny.fault(5_010)
  tiny.produced({ first: 101, sentMs: 5_050, doneMs: 9_000 })
  tiny
    .steady(9_050, 20_000, 50, 102)
    .log([[0, 400]])
    .log([[0, 500]], { partition: 1 })
  expect(available(tiny.end(20_000))).toEqual({
    produceRatio: 0.9,
    unavailableMs: 4_000,
    byPartition: [{ partition: 'orders-0', unavailableMs: 4_000 }],
  })
})

it('a pause of the load is no outage', () => {
  const tiny = new TinyHistory().steady(0, 2_000, 50, 0).steady(9_000, 10_000, 50, 41)
  expect(available(tiny.end(20_000)).produceRatio).toBe(1)
})

it('an outage that ends while the cluster settles counts as far as the load lasted', () => {
  const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
  tiny.fault(5_010)
  tiny.produced({ first: 101, sentMs: 5_050, doneMs: 70_000 }).log([[0, 102]])
  expect(available(tiny.end(10_000, 80_000))).toMatchObject({
    produceRatio: 0.5,
    unavailableMs: 5_000,
  })
})

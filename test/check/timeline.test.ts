import { expect, it } from 'vitest'
import { faultBands, timelineOf } from '../../src/check/timeline.ts'
import { judge } from '../../src/check/verdict.ts'
import { TinyHistory } from './tiny-history.ts'

it('the timeline holds what was recorded, and the moment at which writes came back', () => {
  const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
  tiny.leader(1, 0, [1, 2, 3], 0)
  const fault = tiny.fault(5_010)
  const fence = tiny.fenced(1, 14_010, fault)
  const leader = tiny.leader(2, 1, [2, 3], 14_110, fence)
  tiny.produced({ first: 101, sentMs: 5_040, doneMs: 16_010 })
  const history = tiny.log([[0, 102]]).end(20_000)
  const timeline = timelineOf(history, judge(history, []))
  expect(timeline.map((e) => [e.atMs, e.kind, e.cause])).toEqual([
    [0, 'leader', null],
    [5_010, 'fault', null],
    [14_010, 'fenced', fault],
    [14_110, 'leader', fence],
    [16_010, 'first-ack', leader],
  ])
  expect(timeline.at(-1)?.text).toBe('orders-0: first acknowledgement after the fault (11.0 s)')
  expect(new Set(timeline.map((e) => e.id)).size).toBe(timeline.length)
})

it('where nobody decided anything the fault itself is the cause of the recovery', () => {
  const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
  const fault = tiny.fault(5_010, 8_000)
  tiny.produced({ first: 101, sentMs: 5_040, doneMs: 8_400 })
  const history = tiny.log([[0, 102]]).end(9_000)
  const moment = timelineOf(history, judge(history, [])).at(-1)
  expect(moment).toMatchObject({ kind: 'first-ack', cause: fault, partition: 'orders-0' })
})

it('faults are bands with the text of their event', () => {
  const tiny = new TinyHistory()
  tiny.fault(5_000, 8_000)
  expect(faultBands(tiny.end(9_000))).toEqual([
    {
      ...{ id: 0, kind: 'crash', target: 'broker-1', text: 'broker 1 crashes' },
      ...{ fromMs: 5_000, untilMs: 8_000 },
    },
  ])
})

import { describe, expect, it } from 'vitest'
import { causesOf, whyEvent, whyRecord } from '../../src/check/why.ts'
import { id, TinyHistory } from './tiny-history.ts'

describe('why', () => {
  it('walks from an event back to the fault that began it', () => {
    const tiny = new TinyHistory()
    const fault = tiny.fault(5_000)
    const fence = tiny.fenced(1, 14_000, fault)
    const leader = tiny.leader(2, 1, [2, 3], 14_100, fence)
    expect(causesOf(tiny.history, leader).map((e) => e.id)).toEqual([fault, fence, leader])
    expect(whyEvent(tiny.history, leader)).toEqual([
      '    5.000 s  fault: broker 1 crashes',
      '   14.000 s  controller 9: broker 1 fenced',
      '   14.100 s  controller 9: orders-0: leader 2, epoch 1',
    ])
  })

  it('has nothing to say about an event that is not there', () => {
    expect(whyEvent(new TinyHistory().history, 4)).toEqual([])
    expect(whyRecord(new TinyHistory().history, id(0, 7))).toEqual([])
  })

  it('tells the life of a lost record, from its send to the cause of its end', () => {
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
    expect(whyRecord(history, 5)).toEqual([
      '    0.150 s  sent by p to orders-0',
      '    0.205 s  appended by leader 1 in epoch 0 at offset 45',
      '    0.210 s  acknowledged (first attempt)',
      '    0.220 s  delivered to c-0 at offset 45',
      '    0.300 s  fault: broker 1 crashes',
      '    0.900 s  broker 1: truncated to 43',
      'in the end: in no surviving log',
    ])
    expect(whyRecord(history, 2).at(-1)).toBe("in the end: at offset 2 of broker 1's log")
  })
})

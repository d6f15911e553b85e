import { describe, expect, it } from 'vitest'
import { divergenceOf } from '../../src/check/divergence.ts'
import { TinyHistory } from './tiny-history.ts'

describe('divergence', () => {
  it('is none where one log is the beginning of the other', () => {
    const history = new TinyHistory()
      .log([
        [0, 5],
        [5, 5],
      ])
      .log([[0, 7]], { broker: 2, survivor: false })
      .end(1_000)
    expect(divergenceOf(history)).toEqual({ offsets: 0, committedOffsets: 0, evidence: null })
  })

  it('counts offsets with another record, those below both high watermarks apart', () => {
    const history = new TinyHistory()
      .log(
        [
          [0, 4],
          [20, 6],
        ],
        { highWatermark: 6 },
      )
      .log([[0, 8]], { broker: 2, survivor: false, highWatermark: 8 })
      .end(1_000)
    expect(divergenceOf(history)).toEqual({
      offsets: 4,
      committedOffsets: 2,
      evidence: 'orders-0: brokers 1 and 2 differ from offset 4',
    })
  })

  it('counts the same record of another leader epoch', () => {
    const history = new TinyHistory()
      .log([[0, 4, 1]])
      .log([[0, 4, 2]], { broker: 2, survivor: false })
      .end(1_000)
    expect(divergenceOf(history).offsets).toBe(4)
  })

  it('compares only what both logs still hold', () => {
    const tiny = new TinyHistory().log([[0, 8]]).log(
      [
        [20, 4],
        [4, 4],
      ],
      { broker: 2, survivor: false },
    )
    const [, second] = tiny.history.finalLogs
    if (second !== undefined) tiny.history.finalLogs[1] = { ...second, logStart: 4 }
    expect(divergenceOf(tiny.end(1_000)).offsets).toBe(0)
  })

  it('compares replicas of one partition only', () => {
    const history = new TinyHistory({ partitions: 2 })
      .log([[0, 4]])
      .log([[0, 4]], { partition: 1 })
      .end(1_000)
    expect(divergenceOf(history).offsets).toBe(0)
  })
})

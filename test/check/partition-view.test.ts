import { describe, expect, it } from 'vitest'
import { controllerSpans, partitionViews } from '../../src/check/partition-view.ts'
import { TinyHistory } from './tiny-history.ts'

describe('the partition view', () => {
  it('joins stretches that say the same and keeps the order of time', () => {
    const tiny = new TinyHistory()
    tiny.leader(1, 4, [1, 2, 3], 0)
    tiny.leader(1, 4, [1, 2], 500)
    tiny.leader(-1, 5, [2], 900)
    tiny.leader(2, 6, [2], 1_200)
    const [view] = partitionViews(tiny.end(2_000), 1_000_000, 10)
    expect(view?.leaders.map((s) => [s.label, s.fromMs, s.untilMs])).toEqual([
      ['broker 1 · epoch 4', 0, 900],
      ['none', 900, 1_200],
      ['broker 2 · epoch 6', 1_200, 2_000],
    ])
    expect(view?.isr.map((s) => [s.node, s.label])).toEqual([
      [3, '1,2,3'],
      [2, '1,2'],
      [1, '2'],
    ])
  })

  it('lays sampled log ends on the grid, and knows where epochs begin', () => {
    const tiny = new TinyHistory().appended(0, 10, 0, 100).appended(10, 5, 10, 200)
    tiny.history.appends.set(0, 'leaderEpoch', 3)
    tiny.history.replicaSamples.push({
      ...{ partition: 0, broker: 2, logStart: 0, highWatermark: 8, logEnd: 12, at: 1_000_000 },
    })
    const [view] = partitionViews(tiny.end(2_000), 1_000_000, 10)
    expect(view?.epochs).toEqual([
      { epoch: 0, startOffset: 10 },
      { epoch: 3, startOffset: 0 },
    ])
    expect(view?.tracks.map((t) => [t.broker, t.logEnd])).toEqual([
      [1, [null, null, null]],
      [2, [null, 12, null]],
      [3, [null, null, null]],
    ])
  })

  it('knows of the time before zero only how it ended', () => {
    const tiny = new TinyHistory().controller(9, 1, -900).controller(8, 2, -300)
    tiny.leader(-1, 0, [1], -800)
    tiny.leader(1, 1, [1, 2, 3], -400)
    const history = tiny.end(1_000)
    const [view] = partitionViews(history, 1_000_000, 10)
    expect(view?.leaders).toMatchObject([{ fromMs: 0, untilMs: 1_000, node: 1 }])
    expect(controllerSpans(history)).toMatchObject([{ fromMs: 0, untilMs: 1_000, node: 8 }])
  })

  it('names who was the active controller, and when nobody was', () => {
    const tiny = new TinyHistory().controller(9, 1, 0).controller(-1, 1, 400).controller(8, 2, 700)
    expect(controllerSpans(tiny.end(1_000)).map((s) => [s.label, s.fromMs, s.untilMs])).toEqual([
      ['controller 9', 0, 400],
      ['none', 400, 700],
      ['controller 8', 700, 1_000],
    ])
  })
})

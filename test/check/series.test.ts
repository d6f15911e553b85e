import { describe, expect, it } from 'vitest'
import { seriesOf } from '../../src/check/series.ts'
import { TinyHistory } from './tiny-history.ts'

const STEP = 1_000_000

function values(tiny: TinyHistory, endMs: number, id: string): readonly (number | null)[] {
  const grid = seriesOf(tiny.end(endMs), STEP)
  expect(grid).toMatchObject({ startMs: 0, stepMs: 1_000, points: endMs / 1_000 + 1 })
  return grid.series.find((series) => series.id === id)?.values ?? []
}

describe('series', () => {
  it('hold records a second, failed ones apart', () => {
    const tiny = () =>
      new TinyHistory()
        .produced({ first: 0, count: 30, doneMs: 500 })
        .produced({ first: 30, count: 12, doneMs: 1_999 })
        .produced({ first: 42, count: 5, doneMs: 2_000, outcome: 'unknown' })
    expect(values(tiny(), 3_000, 'acked')).toEqual([30, 12, 0, 0])
    expect(values(tiny(), 3_000, 'failed')).toEqual([0, 0, 5, 0])
  })

  it('have no latency where nothing was acknowledged', () => {
    const tiny = new TinyHistory().produced({ first: 0, sentMs: 1_400, doneMs: 1_600 })
    expect(values(tiny, 2_000, 'produce.p99')).toEqual([null, 200, null])
  })

  it('follow the in-sync sets at each instant', () => {
    const tiny = () => {
      const history = new TinyHistory()
      history.leader(1, 0, [1, 2, 3], 0)
      history.leader(1, 0, [1, 2], 900)
      history.leader(-1, 1, [1], 1_500)
      history.leader(1, 2, [1, 2, 3], 2_500)
      return history
    }
    expect(values(tiny(), 3_000, 'isr.smallest')).toEqual([3, 2, 1, 3])
    expect(values(tiny(), 3_000, 'under-replicated')).toEqual([0, 1, 1, 0])
    expect(values(tiny(), 3_000, 'under-min-isr')).toEqual([0, 0, 1, 0])
    expect(values(tiny(), 3_000, 'leaderless')).toEqual([0, 0, 1, 0])
  })

  it('hold an in-sync set against the minimum that the topic had then', () => {
    const tiny = new TinyHistory()
    tiny.leader(1, 0, [1], 500)
    tiny.history.minIsrChanges.push({ partition: 0, minIsr: 1, at: 2_200_000 })
    tiny.history.minIsrChanges.push({ partition: 0, minIsr: 3, at: 4_000_000 })
    expect(values(tiny, 5_000, 'under-min-isr')).toEqual([0, 1, 1, 0, 1, 1])
  })

  it('show how old the oldest undelivered record is', () => {
    const tiny = new TinyHistory()
    tiny.produced({ first: 0, sentMs: 400, doneMs: 420 }).delivered(0, 1, 0, 450, 400)
    tiny.produced({ first: 1, sentMs: 1_500, doneMs: 3_700 }).delivered(1, 1, 1, 3_800, 1_500)
    expect(values(tiny, 5_000, 'end-to-end.lag')).toEqual([0, 0, 500, 1_500, 0, 0])
  })

  it('show what leaders appended and had not committed', () => {
    const tiny = new TinyHistory().appended(0, 10, 0, 500).appended(10, 10, 10, 1_500)
    const mark = { partition: 0, broker: 1, leaderEpoch: 0, offset: 4, at: 700_000 }
    tiny.history.highWatermarks.push(mark)
    expect(values(tiny, 2_000, 'hw.lag')).toEqual([0, 6, 16])
  })
})

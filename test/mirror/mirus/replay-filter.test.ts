import { describe, expect, it } from 'vitest'
import { ReplayFilter } from '../../../src/mirror/mirus/replay-filter.ts'

describe('replay.policy FILTER', () => {
  it('lets through what comes for the first time, each partition on its own', () => {
    const filter = new ReplayFilter(10)
    expect(filter.take(0, { from: 5, to: 105 })).toEqual({ from: 5, to: 105 })
    expect(filter.take(0, { from: 105, to: 106 })).toEqual({ from: 105, to: 106 })
    expect(filter.take(1, { from: 0, to: 3 })).toEqual({ from: 0, to: 3 })
  })

  it('leaves out what was had before, but for a window, and all that follows passes', () => {
    const filter = new ReplayFilter(10)
    filter.take(0, { from: 0, to: 100 })
    expect(filter.take(0, { from: 0, to: 40 })).toBeNull()
    // 99 was the latest: 89 and below are left out.
    expect(filter.take(0, { from: 40, to: 95 })).toEqual({ from: 90, to: 95 })
    expect(filter.take(0, { from: 95, to: 120 })).toEqual({ from: 95, to: 120 })
  })

  it('with a window of 0 leaves out all that was had', () => {
    const filter = new ReplayFilter(0)
    filter.take(0, { from: 0, to: 100 })
    expect(filter.take(0, { from: 50, to: 101 })).toEqual({ from: 100, to: 101 })
  })
})

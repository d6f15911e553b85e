import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/sim/time.ts'
import { DedupWindow } from '../../src/workload/dedup-window.ts'

describe('what an application remembers', () => {
  it('is each id that it has worked on, and no other', () => {
    const memory = new DedupWindow(60 * SECOND)
    expect(memory.known(10, 20, 0)).toEqual([])
    expect(memory.known(40, 50, 1)).toEqual([])
    expect(memory.known(5, 60, 2)).toEqual([
      { start: 10, end: 20 },
      { start: 40, end: 50 },
    ])
    const spans = memory.known(0, 100, 3)
    expect(spans.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(55)
    expect([spans[0]?.start, spans.at(-1)?.end]).toEqual([5, 60])
  })

  it('is forgotten when its window is over, counted from the first time', () => {
    const memory = new DedupWindow(10 * SECOND)
    memory.known(0, 5, 0)
    expect(memory.known(0, 5, 9 * SECOND)).toEqual([{ start: 0, end: 5 }])
    expect(memory.known(0, 5, 10 * SECOND)).toEqual([])
    expect(memory.known(0, 5, 19 * SECOND)).toEqual([{ start: 0, end: 5 }])
  })

  it('joins what comes one after the other, but never over more than a second', () => {
    const memory = new DedupWindow(10 * SECOND)
    for (let n = 0; n < 12; n++) memory.known(n, n + 1, n * SECOND)
    expect(memory.known(0, 12, 12 * SECOND)).toEqual(
      Array.from({ length: 9 }, (_, n) => ({ start: n + 3, end: n + 4 })),
    )
  })
})

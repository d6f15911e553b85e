import { describe, expect, it } from 'vitest'
import { steadyMs } from '../../src/check/steady.ts'
import { TinyHistory } from './tiny-history.ts'

/** Twenty acknowledgements a second with 10 ms each for ten seconds, then a fault. */
function calm(): TinyHistory {
  const tiny = new TinyHistory().steady(0, 10_000, 50, 0)
  tiny.fault(10_400)
  return tiny
}

describe('steady', () => {
  it('is at once in a run without a fault', () => {
    expect(steadyMs(new TinyHistory().steady(0, 10_000, 50, 0).end(10_000))).toBe(0)
  })

  it('is from the first whole second on that is as busy and as quick as before', () => {
    expect(steadyMs(calm().steady(15_300, 30_000, 50, 300).end(30_000))).toBe(16_000 - 10_400)
  })

  it('is not while fewer than 95 of 100 records get through', () => {
    const tiny = calm().steady(11_000, 20_000, 60, 300).steady(21_000, 30_000, 50, 600)
    expect(steadyMs(tiny.end(30_000))).toBe(21_000 - 10_400)
  })

  it('asks for no more than the worst second before the fault had', () => {
    const tiny = new TinyHistory().steady(0, 10_000, 50, 0).steady(9_000, 9_999, 20, 300)
    tiny.fault(10_400)
    expect(steadyMs(tiny.steady(11_000, 30_000, 50, 500).end(30_000))).toBe(11_000 - 10_400)
  })

  it('is not while the slowest take half as long again', () => {
    const tiny = calm().steady(11_000, 30_000, 50, 300)
    tiny.produced({ first: 900, sentMs: 17_980, doneMs: 18_000 })
    expect(steadyMs(tiny.end(30_000))).toBe(19_000 - 10_400)
  })

  it('is not while consumers wait longer than before', () => {
    const tiny = calm().steady(11_000, 30_000, 50, 300)
    for (let n = 0; n < 200; n++) tiny.delivered(n, 1, n, 20 + 50 * n, 50 * n)
    tiny.delivered(300, 1, 300, 20_000, 19_900)
    expect(steadyMs(tiny.end(30_000))).toBe(21_000 - 10_400)
  })

  it('is not while a partition is under its minimum of in-sync replicas', () => {
    const tiny = calm().steady(11_000, 30_000, 50, 300)
    tiny.leader(1, 0, [1, 2, 3], 0)
    tiny.leader(1, 0, [1], 12_000)
    tiny.leader(1, 0, [1, 2], 20_500)
    expect(steadyMs(tiny.end(30_000))).toBe(21_000 - 10_400)
  })

  it('is never where it did not last five seconds', () => {
    expect(steadyMs(calm().steady(26_000, 30_000, 50, 300).end(30_000))).toBeNull()
  })
})

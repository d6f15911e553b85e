import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Holds } from '../../src/faults/holds.ts'

describe('what several faults hold', () => {
  it('is let go when the last of them releases it, in any order', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 })
    fc.assert(
      fc.property(order, (releases) => {
        const holds = new Holds<string>()
        const takes = releases.map(() => holds.take(['a']))
        const free = releases.map((index) => takes[index]?.() ?? [])
        expect(free).toEqual([[], [], [], ['a']])
        expect(holds.isHeld('a')).toBe(false)
      }),
    )
  })

  it('is released once, however often the release is called', () => {
    const holds = new Holds<string>()
    const first = holds.take(['a', 'b'])
    const second = holds.take(['b'])
    expect([first(), first()]).toEqual([['a'], []])
    expect(second()).toEqual(['b'])
  })

  it('is forgotten when it is cleared', () => {
    const holds = new Holds<string>()
    const release = holds.take(['a'])
    holds.clear('a')
    expect([holds.isHeld('a'), release()]).toEqual([false, []])
  })
})

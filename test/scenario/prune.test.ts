import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pruning } from '../../src/scenario/prune.ts'

describe('a pruned copy', () => {
  it('lacks what was cut, and nothing else', () => {
    const pruning = new Pruning()
    pruning.cut(['a', 'b'])
    pruning.cut(['list', 1])
    const value = { a: { b: 1, c: 2 }, list: [{ x: 1 }, { x: 2 }, { x: 3 }] }
    expect(pruning.apply(value)).toEqual({ a: { c: 2 }, list: [{ x: 1 }, { x: 3 }] })
  })

  it('knows where each remaining entry of a list stood', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(19)), (cuts) => {
        const pruning = new Pruning()
        for (const index of cuts) pruning.cut(['list', index])
        const value = { list: Array.from({ length: 20 }, (_, index) => ({ index })) }
        const { list } = pruning.apply(value) as typeof value
        for (const [place, { index }] of list.entries()) {
          expect(pruning.original(['list', place, 'index'])).toEqual(['list', index, 'index'])
        }
      }),
    )
  })
})

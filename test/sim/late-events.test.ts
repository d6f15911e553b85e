import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENT_WIDTH } from '../../src/sim/event-words.ts'
import { LateEvents, NO_TIME } from '../../src/sim/late-events.ts'

const START = 7 * 1_024

describe('what came late into a window', () => {
  it('is taken by time, equals first come first, whatever is added in between', () => {
    const step = fc.record({ due: fc.integer({ min: 0, max: 1_023 }), takes: fc.nat({ max: 2 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const late = new LateEvents()
        let waiting: { due: number; at: number }[] = []
        steps.forEach(({ due, takes }, i) => {
          const at = (i + 1) * EVENT_WIDTH
          late.add(START + due, at)
          // A stable sort: the newest comes after its equals.
          waiting = [...waiting, { due: START + due, at }].sort((a, b) => a.due - b.due)
          for (const { due, at } of waiting.splice(0, takes)) {
            expect([late.due, late.first]).toEqual([due, at])
            late.shift()
          }
          expect(late.due).toBe(waiting[0]?.due ?? NO_TIME)
        })
      }),
      { numRuns: 200, seed: 5 },
    )
  })
})

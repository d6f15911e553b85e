import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventOrder } from '../../src/sim/event-order.ts'
import { DUE, EVENT_WIDTH } from '../../src/sim/event-words.ts'

/** Spots of events due at `times`, in the order in which `EventOrder` puts them. */
function spotsInOrder(order: EventOrder, times: readonly number[], bits: number): number[] {
  const words = new Int32Array((times.length + 1) * EVENT_WIDTH)
  times.forEach((time, i) => {
    words[(i + 1) * EVENT_WIDTH + DUE] = time
  })
  order.begin()
  const middle = EVENT_WIDTH * (1 + (times.length >> 1))
  order.collect(EVENT_WIDTH, middle)
  order.collect(middle, words.length)
  order.sort(words, bits)
  expect(order.spots[times.length]).toBe(0)
  return [...order.spots.subarray(0, times.length)]
}

function expected(times: readonly number[]): number[] {
  const numbered = times.map((time, i) => ({ time, spot: (i + 1) * EVENT_WIDTH }))
  return numbered.sort((a, b) => a.time - b.time).map(({ spot }) => spot)
}

describe('the order of a window', () => {
  it.each([8, 10])('is by time, equals as collected, in a window of 2^%i µs', (bits) => {
    // One for all: what a window leaves behind must not reach the next.
    const order = new EventOrder()
    const start = 5 << bits
    const time = fc.integer({ min: start, max: start + (1 << bits) - 1 })
    const size = fc.constantFrom(0, 1, 8, 9, 48, 49, 127, 128, 511, 512, 3_000)
    fc.assert(
      fc.property(
        size.chain((n) => fc.array(time, { minLength: n, maxLength: n, size: 'max' })),
        (times) => {
          expect(spotsInOrder(order, times, bits)).toEqual(expected(times))
        },
      ),
      { numRuns: 60, seed: 11 },
    )
  })

  it('keeps many of one microsecond as they were collected', () => {
    const times = new Array<number>(2_000).fill(1_023)
    expect(spotsInOrder(new EventOrder(), times, 10)).toEqual(expected(times))
  })
})

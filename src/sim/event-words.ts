/** Offset of an event's first word in the array that holds it; changes when the event moves. */
export type Spot = number & { readonly __unit?: 'spot' }

/**
 * Words of an event, the same in the wheel, in the ring and among what a pause holds. The first
 * and the last are the wheel's own; the others are the scheduler's, who alone knows what they mean.
 * A power of two, so that a word is found by setting bits, and no event lies across a cache line.
 */
export const EVENT_WIDTH = 8

/** The wheel's: low 30 bits of the time. */
export const DUE = 0
/** The wheel's: the next event of the same microsecond, where events are chained. */
export const NEXT = 7

/**
 * Copies all of an event but the wheel's words, which whoever made room has written. Spelled out,
 * as a loop over the words costs twice as much.
 */
export function copyEvent(from: Int32Array, at: Spot, to: Int32Array, spot: Spot): void {
  to[spot + 1] = from[at + 1]
  to[spot + 2] = from[at + 2]
  to[spot + 3] = from[at + 3]
  to[spot + 4] = from[at + 4]
  to[spot + 5] = from[at + 5]
  to[spot + 6] = from[at + 6]
}

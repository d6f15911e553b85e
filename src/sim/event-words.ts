/** Offset of an event's first word in the array that holds it; changes when the event moves. */
export type Spot = number & { readonly __unit?: 'spot' }

/**
 * Words of an event, the same in the wheel, in the ring and among what a pause holds. The first
 * is the wheel's own; the others are the scheduler's, who alone knows what they mean. So few that
 * four events share a cache line: where a million wait, their way through memory is what they
 * cost. A power of two, so that a word is found by setting bits, and no event lies across a line.
 */
export const EVENT_WIDTH = 4

/** The wheel's: low 30 bits of the time. */
export const DUE = 0

/**
 * Copies all of an event but the wheel's word, which whoever made room has written. Spelled out,
 * as a loop over the words costs twice as much.
 */
export function copyEvent(from: Int32Array, at: Spot, to: Int32Array, spot: Spot): void {
  to[spot + 1] = from[at + 1]
  to[spot + 2] = from[at + 2]
  to[spot + 3] = from[at + 3]
}

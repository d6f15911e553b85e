/** Offset of an event's first word in the array that holds it; changes when the event moves. */
export type Spot = number & { readonly __unit?: 'spot' }

/** Words of an event, the same in the wheel, in the ring and among what a pause holds. */
export const EVENT_WIDTH = 7
/** Low 30 bits of the time; once that is near, the wheel's link to the next of the same time. */
export const DUE = 0
export const HANDLER = 1
export const LIFE = 2
export const ARG_A = 3
export const ARG_B = 4
export const TICKET = 5
export const STAMP = 6

/**
 * Copies all of an event but its time, which whoever made room has written. Spelled out, as a loop
 * over the words costs twice as much.
 */
export function copyEvent(from: Int32Array, at: Spot, to: Int32Array, spot: Spot): void {
  to[spot + 1] = from[at + 1]
  to[spot + 2] = from[at + 2]
  to[spot + 3] = from[at + 3]
  to[spot + 4] = from[at + 4]
  to[spot + 5] = from[at + 5]
  to[spot + 6] = from[at + 6]
}

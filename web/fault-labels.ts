// The names of the faults above the timeline, in rows so that no name covers another.

import type { FaultBand } from '../src/contract.ts'
import { svg } from './dom.ts'

/** Height of a row of names, in pixels. */
export const LABEL_ROW = 13
/** Names that find no place in so many rows are left to the band's tooltip. */
const ROWS_MAX = 3
/** Width of a letter of the timeline, roughly, in pixels. */
export const LETTER = 6
/** Space between two names of a row. */
const GAP = 10

/** A fault's name with its place. */
interface Placed {
  readonly text: string
  readonly from: number
  readonly until: number
  /** 0 is the lowest row, next to the bands. */
  readonly row: number
  /** The name ends where its band ends, since it would not fit from the beginning on. */
  readonly end: boolean
}

/** Names of faults in rows above a drawing. */
export interface FaultLabels {
  readonly rows: number
  /** The elements, with the lowest row's base line at `y`. */
  draw(y: number): SVGElement[]
}

/**
 * Places the names of `faults` between `left` and `right` (pixels); `xOf` says where a moment is.
 * The first that begins takes the lowest row; a name that would touch one moves a row up.
 */
export function faultLabels(
  faults: readonly FaultBand[],
  left: number,
  right: number,
  xOf: (ms: number) => number,
): FaultLabels {
  const placed: Placed[] = []
  for (const fault of faults) {
    const label = labelOf(fault, left, right, xOf)
    const row = freeRow(placed, label)
    if (row < ROWS_MAX) placed.push({ ...label, row })
  }
  return {
    rows: placed.reduce((rows, { row }) => Math.max(rows, row + 1), 1),
    draw: (y) => placed.map((label) => drawn(label, y)),
  }
}

function labelOf(
  { text, fromMs, untilMs }: FaultBand,
  left: number,
  right: number,
  xOf: (ms: number) => number,
): Omit<Placed, 'row'> {
  const from = xOf(fromMs) + 3
  const end = from + text.length * LETTER > right
  const anchor = end ? Math.max(from, xOf(untilMs)) : from
  const room = Math.floor((end ? anchor - left : right - anchor) / LETTER)
  const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text
  const width = shown.length * LETTER
  return end
    ? { text: shown, from: anchor - width, until: anchor, end }
    : { text: shown, from: anchor, until: anchor + width, end }
}

function freeRow(placed: readonly Placed[], { from, until }: Omit<Placed, 'row'>): number {
  for (let row = 0; row < ROWS_MAX; row++) {
    const taken = placed.some(
      (other) => other.row === row && from < other.until + GAP && other.from < until + GAP,
    )
    if (!taken) return row
  }
  return ROWS_MAX
}

function drawn({ text, from, until, row, end }: Placed, y: number): SVGElement {
  const place = { x: end ? until : from, y: y - row * LABEL_ROW }
  return svg('text', { ...place, class: end ? 'fault end' : 'fault' }, text)
}

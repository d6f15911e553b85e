// How the designs of a comparison are told apart: by letter, by dash and by colour, each of which
// suffices alone. The colours are dark enough for thin lines and small letters on white.

import { letterOf } from '../../src/report/comparison/words.ts'
import { el } from '../dom.ts'

const DESIGN_COLOURS = ['#0072b2', '#a3317e', '#00734f', '#5a4a00'] as const
export const DESIGN_DASHES = ['none', '7 2.5', '2 2', '9 2 2 2'] as const

/** The colour of a design; there are never more than these. */
export function colourOf(design: number): string {
  return DESIGN_COLOURS[design] ?? '#1a1d21'
}

/** The letter of a design as a badge. */
export function letter(design: number): HTMLElement {
  const style = `background:${colourOf(design)}`
  return el('span', { class: 'letter', style }, letterOf(design))
}

// How an import writes values: JSON, which is YAML and needs no thought about what to quote.

import { exactText } from '../../sim/long-text.ts'
import { MARK } from './draft.ts'

/** A line with the mark of a guess, where it is one. */
export function marked(line: string, isGuess: boolean, why = ''): string {
  return isGuess ? `${line} ${MARK}${why}` : line
}

/** One line, never wrapped; a value that JSON does not have (undefined) must not come here. */
export function quoted(value: unknown): string {
  return typeof value === 'number' ? exactText(value) : JSON.stringify(value)
}

/** An object or a list on one line. */
export function flow(value: unknown): string {
  return JSON.stringify(value).replace(/":/g, '": ').replace(/,"/g, ', "')
}

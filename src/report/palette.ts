import type { Verdict } from '../contract.ts'

/** How a report marks words. The words alone must do where nothing is coloured. */
export interface Palette {
  readonly strong: (text: string) => string
  readonly quiet: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly open: (text: string) => string
}

const same = (text: string): string => text

/** For pipes, files and NO_COLOR. */
export const PLAIN: Palette = { strong: same, quiet: same, good: same, bad: same, open: same }

const inCode =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

/** For terminals. */
export const ANSI: Palette = {
  strong: inCode(1),
  quiet: inCode(2),
  good: inCode(32),
  bad: inCode(31),
  open: inCode(33),
}

/** A text in its verdict's colour. */
export function inVerdict(palette: Palette, verdict: Verdict, text: string): string {
  if (verdict === 'met') return palette.good(text)
  return verdict === 'missed' ? palette.bad(text) : palette.open(text)
}

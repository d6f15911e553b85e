import type { Command } from './transcript.ts'

/** Where a story is played; the first command of the story sets it up. */
export interface Stage {
  /** What came of the command, as lines. Throws where the stage does not know it. */
  play(command: Command): string[]
}

/** Numbers between commas; the whole word must be one. */
export function numbersOf(word: string | undefined, fallback: readonly number[] = []): number[] {
  if (word === undefined) return [...fallback]
  return word === '-' ? [] : word.split(',').map(Number)
}

/** '250ms' or '3s' as micros. */
export function microsOf(word: string | undefined): number {
  const match = /^(\d+)(us|ms|s)$/.exec(word ?? '')
  if (match === null) throw new Error(`"${word}" is no time such as 20ms`)
  return Number(match[1]) * { us: 1, ms: 1_000, s: 1_000_000 }[match[2] as 'us' | 'ms' | 's']
}

export function unknownCommand({ verb, line }: Command): never {
  throw new Error(`line ${line}: no command "${verb}" on this stage`)
}

// What a verb may do to the outside. Tests plug in one that only remembers.

import type { Command } from 'commander'

/** Where a verb's words go, and what they may look like there. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether `out` may carry colours: a terminal, and neither NO_COLOR nor a dumb one. */
  readonly colours: boolean
  /** Whether somebody watches `err`, so that a progress line makes sense. */
  readonly watched: boolean
}

/** What every verb gets: its terminal, and the exit code that it leaves behind. */
export interface Edge {
  readonly terminal: Terminal
  exitCode: number
}

/** One verb of the command line. */
export type Verb = (edge: Edge) => Command

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const plain = Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb'
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colours: process.stdout.isTTY === true && !plain,
    watched: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
  }
}

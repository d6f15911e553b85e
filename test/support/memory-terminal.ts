import type { Terminal } from '../../src/cli/terminal.ts'

/** A terminal that remembers what was written to it. */
export function memoryTerminal(look: Partial<Terminal> = {}) {
  const out: string[] = []
  const err: string[] = []
  return {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    colours: false,
    watched: false,
    ...look,
    outText: () => out.join(''),
    errText: () => err.join(''),
  }
}

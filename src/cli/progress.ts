// A progress line on stderr while runs are under way; silent where nobody watches.

import type { Terminal } from './terminal.ts'

const WIDTH = 24

/** Redraws one line in place. */
export interface Progress {
  /** @param done how much is over: finished runs, or the simulated part of a single one */
  update(done: number): void
  end(): void
}

/** A progress line for `total` runs, or a silent one for a pipe. */
export function progressLine(terminal: Terminal, total: number): Progress {
  if (!terminal.watched) return { update: () => {}, end: () => {} }
  let drawn = ''
  return {
    update: (done) => {
      const filled = Math.round((done / total) * WIDTH)
      const bar = '━'.repeat(filled) + '─'.repeat(WIDTH - filled)
      const what = total > 1 ? `${done} of ${total} runs` : `${Math.floor(done * 100)} % simulated`
      const line = `\r${bar} ${what}`
      if (line !== drawn) terminal.err(line)
      drawn = line
    },
    end: () => terminal.err('\r\u001b[K'),
  }
}

// A progress line on stderr while many runs are under way; silent where nobody watches.

import type { Terminal } from './terminal.ts'

const WIDTH = 24

/** Redraws one line in place; `done` is the number of finished runs. */
export interface Progress {
  update(done: number): void
  end(): void
}

/** A progress line for `total` runs, or a silent one for a pipe or a single run. */
export function progressLine(terminal: Terminal, total: number): Progress {
  if (!terminal.watched || total < 2) return { update: () => {}, end: () => {} }
  return {
    update: (done) => {
      const filled = Math.round((done / total) * WIDTH)
      const bar = '━'.repeat(filled) + '─'.repeat(WIDTH - filled)
      terminal.err(`\r${bar} ${done} of ${total} runs`)
    },
    end: () => terminal.err('\r\u001b[K'),
  }
}

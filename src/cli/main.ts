#!/usr/bin/env node
// The command line's entry: this process's terminal in, its exit code out.

import { EXIT } from './exit-code.ts'
import { runCli } from './program.ts'
import { processTerminal } from './terminal.ts'

// A reader that has seen enough, as `| head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
try {
  process.exitCode = await runCli(process.argv.slice(2), processTerminal())
} catch (error) {
  // A bug is no verdict: it must not leave the code of a missed objective.
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = EXIT.bug
}

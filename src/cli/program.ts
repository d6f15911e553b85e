// The command line as a function of its words: which verb, and what becomes of bad input.

import { Command, CommanderError } from 'commander'
import { UsageError } from '../scenario/usage-error.ts'
import { compareVerb } from './compare.ts'
import { describeVerb } from './describe.ts'
import { EXIT } from './exit-code.ts'
import { importVerb } from './import.ts'
import { listVerb } from './list.ts'
import { newVerb } from './new.ts'
import { replayVerb } from './replay.ts'
import { runVerb } from './run.ts'
import { schemaVerb } from './schema.ts'
import { serveVerb } from './serve.ts'
import type { Edge, Terminal, Verb } from './terminal.ts'
import { validateVerb } from './validate.ts'
import { whyVerb } from './why.ts'

const VERBS: readonly Verb[] = [
  runVerb,
  compareVerb,
  validateVerb,
  newVerb,
  importVerb,
  listVerb,
  describeVerb,
  whyVerb,
  replayVerb,
  schemaVerb,
  serveVerb,
]

const EXAMPLES = `
Examples:
  $ highwater list
  $ highwater run q05-active-controller-region
  $ highwater run my.yaml --seeds 200
  $ highwater help run

Exit codes: 0 every objective met, 1 one missed, 2 bad input, 3 one could not be decided.
`

/** Runs the command line with these words and returns its exit code. A bug is thrown. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  const edge: Edge = { terminal, exitCode: EXIT.met }
  try {
    await program(edge).parseAsync([...words], { from: 'user' })
    return edge.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.met : EXIT.badInput
    if (!(error instanceof UsageError)) throw error
    terminal.err(`${error.message}\n`)
    return EXIT.badInput
  }
}

function program(edge: Edge): Command {
  const { terminal } = edge
  const root = new Command('highwater')
    .description('A deterministic laboratory for multi-datacenter Kafka replication.')
    .addHelpText('after', EXAMPLES)
  for (const verb of VERBS) root.addCommand(verb(edge))
  for (const command of [root, ...root.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('Ask `highwater help` for the verbs and their options.')
      .configureOutput({
        writeOut: (text) => terminal.out(text),
        writeErr: (text) => terminal.err(text),
        getOutHasColors: () => terminal.colours,
      })
  }
  return root
}

// validate: every problem of a scenario at once, without running it.

import { Command } from 'commander'
import { parseScenario } from '../scenario/parse.ts'
import { formatProblem } from '../scenario/problem.ts'
import { EXIT } from './exit-code.ts'
import { findScenario } from './library.ts'
import type { Edge, Verb } from './terminal.ts'

const HELP = `
Examples:
  $ highwater validate my.yaml
  $ highwater validate scenarios/*.yaml

Exit code: 0 when every file can be run, 2 when one cannot.
`

export const validateVerb: Verb = (edge) =>
  new Command('validate')
    .description('name every problem of scenario files')
    .argument('<file...>', 'scenarios, by path or name')
    .addHelpText('after', HELP)
    .action((files: string[]) => {
      const valid = files.map((given) => validate(edge, given))
      if (valid.includes(false)) edge.exitCode = EXIT.badInput
    })

function validate({ terminal }: Edge, given: string): boolean {
  const file = findScenario(given)
  const { scenario, problems, notes } = parseScenario(file.text, file.path)
  for (const problem of problems) terminal.err(`${formatProblem(problem)}\n`)
  for (const note of notes) terminal.out(`${file.path}: note: ${note.path}: ${note.message}\n`)
  if (scenario !== undefined) terminal.out(`${file.path}: valid\n`)
  return scenario !== undefined
}

// list: the scenarios that come with Highwater, and the question each one asks.

import { Command } from 'commander'
import { libraryNames } from './library.ts'
import { librarySummary } from './scenario-summary.ts'
import type { Verb } from './terminal.ts'

export const listVerb: Verb = (edge) =>
  new Command('list')
    .description('the scenarios that come with Highwater')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExample:\n  $ highwater list --json | jq -r .[].name\n')
    .action((options: { json?: boolean }) => {
      const summaries = libraryNames().map(librarySummary)
      if (options.json === true) {
        edge.terminal.out(`${JSON.stringify(summaries, null, 2)}\n`)
        return
      }
      const width = Math.max(...summaries.map(({ name }) => name.length))
      for (const { name, question } of summaries) {
        edge.terminal.out(`${name.padEnd(width)}  ${question ?? ''}\n`)
      }
    })

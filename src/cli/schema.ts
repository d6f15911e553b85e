// schema: the JSON Schema of a scenario, for editors.

import { Command } from 'commander'
import { schemaDocument } from '../scenario/json-schema.ts'
import type { Verb } from './terminal.ts'

const HELP = `
Example, for completion and checks while typing:
  $ highwater schema > scenario.schema.json
  and as the first line of a scenario:
  # yaml-language-server: $schema=./scenario.schema.json
`

export const schemaVerb: Verb = (edge) =>
  new Command('schema')
    .description('print the JSON Schema of a scenario')
    .addHelpText('after', HELP)
    .action(() => edge.terminal.out(`${JSON.stringify(schemaDocument(), null, 2)}\n`))

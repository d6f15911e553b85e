// new: a commented scenario of a topology pattern, as a place to begin.

import { existsSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { TOPOLOGIES } from '../scenario/topologies/catalogue.ts'
import {
  newScenario,
  TOPOLOGY_DEFAULTS,
  type TopologyRequest,
} from '../scenario/topologies/new-scenario.ts'
import { TRIALS } from '../scenario/topologies/trials.ts'
import { usageError } from '../scenario/usage-error.ts'
import type { Edge, Verb } from './terminal.ts'

const LIST = 'list'
const TRIAL_NAMES = TRIALS.map(({ name }) => name).join(', ')

interface Options extends Omit<TopologyRequest, 'pattern'> {
  readonly out?: string
  readonly force?: boolean
}

export const newVerb: Verb = (edge) =>
  new Command('new')
    .description('write a commented scenario of a topology pattern')
    .argument('[pattern]', 'one of those below, or list', LIST)
    .option(
      '--regions <names>',
      'clouds’ regions or your own names (default: the pattern’s example)',
    )
    .option('--rtt <time>', 'round trip of pairs that nobody has measured: 80ms')
    .option('--system <name>', `what carries the links (default: ${TOPOLOGY_DEFAULTS.system})`)
    .option('--brokers <n>', `in each region with data (default: ${TOPOLOGY_DEFAULTS.brokers})`)
    .option('--rate <rate>', `of each producer (default: ${TOPOLOGY_DEFAULTS.rate})`)
    .option('--fault <name>', `in place of the pattern’s own: ${TRIAL_NAMES}`)
    .option('--acks <acks>', 'of each producer: 1 or all (default: all)')
    .option('-o, --out <file>', 'write the scenario there (default: print it)')
    .option('--force', 'write over a file that is there')
    .addHelpText('after', `\nPatterns:\n${patternLines()}${EXAMPLES}`)
    .action((pattern: string, options: Options) => write(edge, pattern, options))

const EXAMPLES = `
Examples:
  $ highwater new active-passive --regions aws:us-east-1,aws:eu-west-1 -o dr.yaml
  $ highwater new stretch --regions berlin,hamburg,munich --rtt 12ms | highwater validate /dev/stdin
  $ highwater new active-passive --system cluster-link --fault one-way-cut --acks 1
  $ highwater new fan-in --rate 500/s -o hub.yaml && highwater run hub.yaml

Exit code: 0 when a scenario came out, 2 when it cannot be laid out so.
`

function write({ terminal }: Edge, pattern: string, { out, force, ...request }: Options): void {
  if (pattern === LIST) {
    terminal.out(patternLines())
    return
  }
  if (out !== undefined && force !== true && existsSync(out)) {
    throw usageError(`${out} is there already`, 'name another file, or add --force', out)
  }
  const text = newScenario({ pattern, ...request })
  if (out === undefined) {
    terminal.out(text)
    return
  }
  writeFileSync(out, text)
  terminal.out(`${out}: ${pattern}, valid; read its comments, then highwater run ${out}\n`)
}

/** Each pattern with its line, and how many regions it needs. */
function patternLines(): string {
  const width = Math.max(...TOPOLOGIES.map(({ name }) => name.length))
  const lines = TOPOLOGIES.map(({ name, line, regions: { min, max } }) => {
    const count = max === min ? `${min}` : `${min}+`
    return `  ${name.padEnd(width)}  ${line} (${count} regions)\n`
  })
  return lines.join('')
}

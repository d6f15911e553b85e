// compare: several designs side by side, each run with the same seeds.

import { Command, Option } from 'commander'
import type { Comparison } from '../contract.ts'
import { type MeasuredRun, measuredRun } from '../lab/compare/measures.ts'
import { comparisonJson } from '../report/comparison/json.ts'
import { comparisonMarkdown } from '../report/comparison/markdown.ts'
import { comparisonText } from '../report/comparison/text.ts'
import { ANSI, type Palette, PLAIN } from '../report/palette.ts'
import { usageError } from '../scenario/usage-error.ts'
import { comparisonOf, type Entry, entriesOf, pairedJobs, wholeSeeds } from './designs.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { findScenario, type ScenarioFile } from './library.ts'
import { readCount, seedOption, seedsFrom } from './options.ts'
import type { Edge, Verb } from './terminal.ts'
import { watchedRuns } from './watched-runs.ts'

const DESIGNS_MAX = 4
const SEEDS = 20
const SEEDS_MAX = 10_000
const FORMATS = ['text', 'md', 'json'] as const
type Format = (typeof FORMATS)[number]

const HELP = `
FILE is a scenario's path, or the name of one that comes with Highwater: two to four of them, all
run with the same seeds (from the first one's seed on, unless --seed says otherwise), so that
their figures come in pairs. What differs is told first. An objective that one design states is
judged on all of them. A measure is called better only where a sign test over the seeds says so,
and with fewer than six seeds it never does.

Examples:
  $ highwater compare q05-another-region q05-active-controller-region
  $ highwater compare two-dc.yaml witness.yaml three-dc.yaml --seeds 100
  $ highwater compare a.yaml b.yaml --format md > decision.md
  $ highwater compare a.yaml b.yaml --json | jq -r .sentence

Exit code: 0 every design meets every objective in every seed (or none is given), 1 one is
missed, 2 bad input, 3 one undecided; the worst of 2, 1, 3, 0.
`

interface CompareOptions {
  readonly seed?: string
  readonly seeds: number
  readonly json?: boolean
  readonly format: Format
}

export const compareVerb: Verb = (edge) =>
  new Command('compare')
    .description('put two to four designs side by side, over the same seeds')
    .argument('<file...>', 'scenarios, by path or name')
    .addOption(seedOption())
    .addOption(
      new Option('--seeds <n>', 'run each design with this many seeds')
        .default(SEEDS)
        .argParser((text) => readCount(text, SEEDS_MAX)),
    )
    .option('--json', 'print one JSON document; the same as --format json')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action(async (given: string[], options: CompareOptions) => {
      const format = options.json === true ? 'json' : options.format
      edge.exitCode = await compareFiles(edge, entriesOf(designFiles(given)), {
        ...options,
        format,
      })
    })

/** The files of the designs, each once. */
function designFiles(given: readonly string[]): ScenarioFile[] {
  if (given.length < 2 || given.length > DESIGNS_MAX) {
    const fix = `give two to ${DESIGNS_MAX} scenarios, as in: highwater compare a.yaml b.yaml`
    throw usageError('a comparison has two designs at least', fix, given.join(' '))
  }
  const files = given.map(findScenario)
  const twice = files.find(({ path }, i) => files.findIndex((other) => other.path === path) < i)
  if (twice === undefined) return files
  throw usageError('the same scenario is given twice', 'give each design once', twice.path)
}

async function compareFiles(
  edge: Edge,
  entries: readonly Entry[],
  { seed, seeds: count, format }: CompareOptions,
): Promise<number> {
  const { terminal } = edge
  const seeds = seedsFrom(seed ?? entries[0]?.scenario.seed ?? '', count)
  const jobs = pairedJobs(entries, seeds)
  const runs = new Map<number, MeasuredRun>()
  const refusals = new Map<number, string>()
  const interrupted = await watchedRuns(edge, jobs, (index, outcome) => {
    if (outcome.kind === 'result') runs.set(index, measuredRun(outcome.result))
    else refusals.set(index, outcome.message)
  })
  for (const message of new Set(refusals.values())) terminal.err(`${message}\n`)
  const whole = wholeSeeds(entries, seeds, runs)
  if (whole.length < count) {
    terminal.err(`compared over ${whole.length} of ${count} seeds: the others are not complete\n`)
  }
  const code = whole.length === 0 ? EXIT.met : print(edge, entries, whole, format)
  if (interrupted) return EXIT.interrupted
  return refusals.size > 0 ? EXIT.badInput : code
}

/** Prints the comparison of these runs, [seed][design], and returns the code of its verdict. */
function print(
  { terminal }: Edge,
  entries: readonly Entry[],
  runs: readonly (readonly MeasuredRun[])[],
  format: Format,
): number {
  const comparison = comparisonOf(entries, runs)
  terminal.out(render(format, comparison, terminal.colours ? ANSI : PLAIN))
  return exitCodeOf(comparison.verdict)
}

function render(format: Format, comparison: Comparison, palette: Palette): string {
  switch (format) {
    case 'json':
      return comparisonJson(comparison)
    case 'md':
      return comparisonMarkdown(comparison)
    case 'text':
      return comparisonText(comparison, palette)
  }
}

// run: simulates scenarios and judges them, one seed or many.

import { Command, Option } from 'commander'
import type { RunResult } from '../contract.ts'
import { ANSI, PLAIN } from '../report/palette.ts'
import { parseScenario } from '../scenario/parse.ts'
import { usageError } from '../scenario/usage-error.ts'
import { EXIT, exitCodeOf, worstExitCode } from './exit-code.ts'
import { FORMATS, type Format, renderRun, renderRuns, TOGETHER } from './formats.ts'
import { execute, type Job, type Outcome } from './job.ts'
import { findScenario } from './library.ts'
import { readCount, readEpoch, readMoment, seedOption, seedsFrom } from './options.ts'
import { outputFolder } from './output-folder.ts'
import { progressLine } from './progress.ts'
import type { Edge, Verb } from './terminal.ts'
import { watchedRuns } from './watched-runs.ts'

const SEEDS_MAX = 100_000

const HELP = `
FILE is a scenario's path, - for one that is piped in, or the name of one that comes with Highwater.

Examples:
  $ highwater run q05-active-controller-region
  $ highwater run my.yaml --seed 7 --until 30s
  $ highwater run my.yaml --seeds 200              seeds S, S+1, ... with p5, p50 and p95
  $ highwater run a.yaml b.yaml --json | jq .summary
  $ highwater run my.yaml --seeds 20 --format junit --out results
  $ highwater run my.yaml --format openmetrics --epoch 2026-01-31T12:00:00Z > run.om
  $ promtool tsdb create-blocks-from openmetrics run.om data

Exit code: 0 every objective met (or none given), 1 one missed, 2 bad input, 3 one undecided;
of several runs the worst of 2, 1, 3, 0.
`

interface RunOptions {
  readonly seed?: string
  readonly seeds: number
  readonly json?: boolean
  readonly format: Format
  readonly out?: string
  readonly until?: number
  readonly epoch?: number
}

export const runVerb: Verb = (edge) =>
  new Command('run')
    .description('simulate scenarios and judge them')
    .argument('<file...>', 'scenarios, by path or name')
    .addOption(seedOption())
    .addOption(
      new Option('--seeds <n>', 'run this many seeds, one after the other')
        .default(1)
        .argParser((text) => readCount(text, SEEDS_MAX)),
    )
    .option('--json', 'print one JSON document; the same as --format json')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .option('--out <dir>', 'also write one file a run into this folder, each as soon as it is done')
    .addOption(
      new Option(
        '--epoch <time>',
        'when the run begins, for openmetrics (default: 1970)',
      ).argParser(readEpoch),
    )
    .addOption(new Option('--until <time>', 'stop the simulation there').argParser(readMoment))
    .addHelpText('after', HELP)
    .action(async (files: string[], options: RunOptions) => {
      const format = options.json === true ? 'json' : options.format
      edge.exitCode = await runFiles(edge, jobsOf(files, options), { ...options, format })
    })

/** Every job of the command, file by file and seed by seed. */
function jobsOf(files: readonly string[], options: RunOptions): Job[] {
  return files.flatMap((given) => {
    const file = findScenario(given)
    const until = options.until ?? null
    if (options.seeds === 1) return [{ file, seed: options.seed ?? null, until }]
    const first = options.seed ?? parseScenario(file.text, file.path).scenario?.seed
    // It is refused once, beside the runs of the other files.
    if (first === undefined) return [{ file, seed: null, until }]
    return seedsFrom(first, options.seeds).map((seed) => ({ file, seed, until }))
  })
}

async function runFiles(edge: Edge, jobs: readonly Job[], options: RunOptions): Promise<number> {
  const { terminal } = edge
  const { format } = options
  const rendering = { palette: terminal.colours ? ANSI : PLAIN, epochSeconds: options.epoch ?? 0 }
  if (options.epoch !== undefined && format !== 'openmetrics') {
    const fix = 'add --format openmetrics, or leave --epoch out'
    throw usageError(`${format} knows no time but the run’s own`, fix, '--epoch')
  }
  if (jobs.length > 1 && options.out === undefined && !TOGETHER.includes(format)) {
    throw usageError(`${format} holds one run a document`, 'add --out DIR: one file a run', format)
  }
  const folder =
    options.out === undefined ? null : outputFolder(options.out, format, rendering.epochSeconds)
  const outcomes = await outcomesOf(edge, jobs, (outcome) => {
    if (outcome.kind === 'result') folder?.write(outcome.result)
  })
  const results: RunResult[] = []
  const codes: number[] = []
  for (const outcome of outcomes.done) {
    if (outcome.kind === 'refused') terminal.err(`${outcome.message}\n`)
    else results.push(outcome.result)
    codes.push(outcome.kind === 'refused' ? EXIT.badInput : exitCodeOf(outcome.result.verdict))
  }
  const [only] = results
  if (jobs.length === 1 && only !== undefined) terminal.out(renderRun(format, only, rendering))
  else if (results.length > 0) {
    folder?.summarize(results)
    if (TOGETHER.includes(format)) terminal.out(renderRuns(format, results, rendering))
  }
  return outcomes.interrupted ? EXIT.interrupted : worstExitCode(codes)
}

interface Outcomes {
  /** In the order of the jobs, whatever order they ended in. */
  readonly done: readonly Outcome[]
  readonly interrupted: boolean
}

/** Runs a single job here, and several on threads: then Ctrl-C keeps what is finished. */
async function outcomesOf(
  edge: Edge,
  jobs: readonly Job[],
  onDone: (outcome: Outcome) => void,
): Promise<Outcomes> {
  const [only] = jobs
  if (jobs.length === 1 && only !== undefined) {
    const progress = progressLine(edge.terminal, 1)
    const outcome = execute(only, progress.update)
    progress.end()
    onDone(outcome)
    return { done: [outcome], interrupted: false }
  }
  const places = new Map<number, Outcome>()
  const interrupted = await watchedRuns(edge, jobs, (index, outcome) => {
    places.set(index, outcome)
    onDone(outcome)
  })
  const done = [...places].sort(([a], [b]) => a - b).map(([, outcome]) => outcome)
  return { done, interrupted }
}

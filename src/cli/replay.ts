// replay: runs a saved result again and tells whether it came out the same.

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import type { RunResult } from '../contract.ts'
import { clock } from '../report/quantity.ts'
import { usageError } from '../scenario/usage-error.ts'
import { EXIT } from './exit-code.ts'
import { resultOf } from './job.ts'
import { findScenario } from './library.ts'
import { MICROS_PER_MS } from './options.ts'
import type { Verb } from './terminal.ts'

const HELP = `
Examples:
  $ highwater run my.yaml --json > result.json
  $ highwater replay result.json
  $ highwater replay result.json --scenario elsewhere/my.yaml

Exit code: 0 when the digest is the same, 1 when it is not.
`

export const replayVerb: Verb = (edge) =>
  new Command('replay')
    .description('run a saved JSON result again and compare')
    .argument('<result>', 'a file that `run --json` wrote')
    .option('--scenario <file>', 'the scenario (default: the file or name that was run)')
    .addHelpText('after', HELP)
    .action((path: string, options: { scenario?: string }) => {
      for (const before of savedResults(path)) {
        const again = resultOf({
          file: findScenario(options.scenario ?? before.file),
          seed: before.seed,
          until: before.untilMs === null ? null : Math.round(before.untilMs * MICROS_PER_MS),
        })
        const same = again.digest === before.digest
        const verdict = same ? `the same digest ${again.digest}` : difference(before, again)
        edge.terminal.out(`${before.scenario} seed ${before.seed}: ${verdict}\n`)
        if (!same) edge.exitCode = EXIT.missed
      }
    })

function isResult(value: unknown): boolean {
  const { digest, file } = Object(value)
  return typeof digest === 'string' && typeof file === 'string'
}

/** The results in a file: one, or several with their summary. */
function savedResults(path: string): readonly RunResult[] {
  try {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const runs = Reflect.get(Object(document), 'runs')
    const results = Array.isArray(runs) ? runs : [document]
    if (results.every(isResult)) return results
  } catch {
    // Told below, like a file that is JSON but no result.
  }
  throw usageError('this is no saved result', 'give a file that `run --json` wrote', path)
}

/** The first event in which two runs differ. */
function difference(before: RunResult, again: RunResult): string {
  const index = again.timeline.findIndex((event, i) => {
    const other = before.timeline[i]
    return event.atMs !== other?.atMs || event.text !== other.text || event.actor !== other.actor
  })
  const event = again.timeline[index]
  const first =
    event === undefined ? '' : `; first at ${clock(event.atMs)} s: ${event.actor} ${event.text}`
  return `digest ${again.digest} in place of ${before.digest}${first}`
}

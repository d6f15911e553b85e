// npm run timing -- [--seeds N] [--json]
//
// Plays each scene with many seeds and holds the times seen against the bounds that Kafka's own
// timers set. Exit code 0: every value lies inside and every range is filled that the rule fills.

import { parseArgs } from 'node:util'
import { passes, type Verdict } from './bound.ts'
import { judgeAll, playOnThreads } from './play.ts'

function usage(message: string): never {
  process.stderr.write(`timing: ${message}\nusage: npm run timing -- [--seeds N] [--json]\n`)
  process.exit(2)
}

function options(): { seeds: number; json: boolean } {
  const { values } = parseArgs({
    options: { seeds: { type: 'string', default: '1000' }, json: { type: 'boolean' } },
  })
  const seeds = Number(values.seeds)
  if (!Number.isInteger(seeds) || seeds < 1) usage(`--seeds ${values.seeds} is no positive number`)
  return { seeds, json: values.json === true }
}

function print(verdict: Verdict): string {
  const { bound, n, min, p5, median, p95, max, isContained, isFilled } = verdict
  const ms = (value: number) => value.toFixed(1)
  const word = passes(verdict) ? 'ok  ' : 'FAIL'
  const why = isFilled ? '' : `   not filled: ${bound.unfilledBecause ?? 'no cause known'}`
  const outside = isContained ? '' : '   values outside the bound'
  return (
    `${word} ${bound.id}: [${ms(bound.from)}, ${ms(bound.to)}] ms, n ${n}, ` +
    `${[min, p5, median, p95, max].map(ms).join(' .. ')}${outside}${why}\n`
  )
}

async function main(): Promise<void> {
  const { seeds, json } = options()
  const verdicts = judgeAll(await playOnThreads(seeds))
  if (json) process.stdout.write(`${JSON.stringify({ seeds, bounds: verdicts }, null, 1)}\n`)
  else {
    process.stdout.write('bound: [from, to], n, min .. p5 .. median .. p95 .. max\n')
    for (const verdict of verdicts) process.stdout.write(print(verdict))
  }
  process.exitCode = verdicts.every(passes) ? 0 : 1
}

await main()

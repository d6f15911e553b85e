// npm run search -- [--linked] [--runs N] [--from I] [--seed S] [--run I] [--out DIR] [--json]
//
// Makes up scenarios, of one cluster or of clusters with links between them, runs each and puts
// every claim to it. Prints what the runs have reached, and writes the smallest scenario of each
// violation to DIR. Exit code 0: nothing contradicts a claim; 1: something does; 2: wrong usage.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Coverage } from '../../src/testing/coverage.ts'
import type { Found } from '../../src/testing/search.ts'
import { coverageText, foundText } from './report.ts'
import { searchOnThreads } from './threads.ts'

const USAGE =
  'usage: npm run search -- [--linked] [--runs N] [--from I] [--seed S] [--run I] ' +
  '[--out DIR] [--json]'
const RUNS = 10_000
const LINKED_RUNS = 1_000
const SEED = 1

interface Options {
  readonly seed: number
  readonly first: number
  readonly runs: number
  readonly isLinked: boolean
  readonly out: string
  readonly json: boolean
}

function options(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      linked: { type: 'boolean', default: false },
      runs: { type: 'string' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string', default: String(SEED) },
      run: { type: 'string' },
      out: { type: 'string', default: 'found' },
      json: { type: 'boolean', default: false },
    },
  })
  const { out, json, linked: isLinked } = values
  const seed = whole('--seed', values.seed)
  if (values.run !== undefined) {
    return { seed, first: whole('--run', values.run), runs: 1, isLinked, out, json }
  }
  const runs = values.runs ?? String(isLinked ? LINKED_RUNS : RUNS)
  return {
    seed,
    first: whole('--from', values.from),
    runs: whole('--runs', runs),
    isLinked,
    out,
    json,
  }
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  throw new Error(`${name} ${text} is no whole number`)
}

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let asked: Options
  try {
    asked = options(args)
  } catch (error) {
    console.error(`search: ${(error as Error).message}\n${USAGE}`)
    return 2
  }
  const { seed, first, runs, isLinked, out, json } = asked
  const { coverage, found } = await searchOnThreads(
    seed,
    { first, runs, isLinked },
    (done, news) => {
      if (done % 500 === 0 || news.length > 0) console.error(`${done} of ${runs} runs`)
      for (const one of news) console.error(`  run ${one.index} contradicts ${one.claim}`)
    },
  )
  const files = found.map((one) => fileOf(out, one))
  if (json)
    console.log(JSON.stringify({ seed, first, runs, coverage: plain(coverage), found }, null, 1))
  else {
    console.log(coverageText(coverage, runs))
    for (const [i, one] of found.entries()) {
      console.log(foundText(one, files[i] ?? '', seed, isLinked))
    }
    const which = first === 0 ? '' : ` from number ${first} on`
    console.log(`${runs} runs with seed ${seed}${which}, ${found.length} contradict a claim`)
  }
  return found.length === 0 ? 0 : 1
}

/** Writes what was found; a search that finds nothing leaves nothing behind. */
function fileOf(folder: string, { index, claim, text, seed }: Found): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `run-${index}.yaml`)
  const again = `# Contradicts: ${claim}\n# highwater run ${file} --seed ${seed}\n`
  writeFileSync(file, again + text)
  return file
}

function plain(coverage: Coverage): Record<string, Record<string, number>> {
  return Object.fromEntries([...coverage].map(([kind, names]) => [kind, Object.fromEntries(names)]))
}

process.exitCode = await main(process.argv.slice(2))

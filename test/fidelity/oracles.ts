// What the oracles cover, read from their own files: nothing here is counted by hand.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GUARD_NAMES } from '../../src/kafka/version.ts'
import { MM2_GUARD_NAMES } from '../../src/mirror/mirror-maker2/guards.ts'
import { CASES } from '../anomalies/cases.ts'
import { replays } from '../oracles/golden/replays.ts'
import { readExperiment } from '../oracles/real-kafka/experiment.ts'
import { HELD, HELD_BUT_RARE } from '../oracles/real-kafka/held.ts'
import { importsOf, ROOT, type SourceFile, sourceFiles } from '../tidy/source-code.ts'
import type { Area } from './areas.ts'

const GOLDEN = 'test/oracles/golden/'
const TRACES = 'test/oracles/traces/'
const EXPERIMENTS = 'test/oracles/real-kafka/experiments/'

export interface GoldenFile {
  readonly name: string
  readonly source: string
  readonly cases: number
  readonly isModelled: boolean
}

export interface TraceFile {
  readonly name: string
  readonly traces: number
  readonly steps: number
}

export interface ExperimentFile {
  readonly name: string
  readonly claim: string
  /** How far the model stands beside it. */
  readonly state: ExperimentState
}

type ExperimentState =
  | 'held by a test'
  | 'held by a test, but for a rare event'
  | 'compared by calibrate'
  | 'not modelled yet'

export const goldenFiles: readonly GoldenFile[] = listed(`${GOLDEN}vectors`, '.json').map(
  (file) => {
    const { source, cases } = JSON.parse(read(`${GOLDEN}vectors/${file}`))
    const isModelled = file in replays
    return { name: file.replace('.json', ''), source, cases: cases.length, isModelled }
  },
)

export const traceFiles: readonly TraceFile[] = listed(`${TRACES}vectors`, '.jsonl').map((file) => {
  const traces = read(`${TRACES}vectors/${file}`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { steps: unknown[] })
  const steps = traces.reduce((sum, trace) => sum + trace.steps.length, 0)
  return { name: file.replace('.jsonl', ''), traces: traces.length, steps }
})

export const experimentFiles: readonly ExperimentFile[] = listed(EXPERIMENTS, '.json').map(
  (file) => {
    const path = `${EXPERIMENTS}${file}`
    const { name, claim } = JSON.parse(read(path)) as { name: string; claim: string }
    const { kind } = readExperiment(join(ROOT, path))
    return { name, claim, state: kind === 'not modelled' ? 'not modelled yet' : stateOf(name) }
  },
)

function stateOf(experiment: string): ExperimentState {
  if (HELD.some(([name]) => name === experiment)) return 'held by a test'
  const isButRare = HELD_BUT_RARE.some(([name]) => name === experiment)
  return isButRare ? 'held by a test, but for a rare event' : 'compared by calibrate'
}

/** Golden files whose replay calls code of the area. */
export function goldenOf(area: Area): readonly GoldenFile[] {
  return goldenFiles.filter(({ name, isModelled }) => {
    return isModelled && reaches(replayOf(name), area)
  })
}

/** The file that replays a vector file, as golden/replays.ts pairs them. */
function replayOf(name: string): string {
  const pairs = read(`${GOLDEN}replays.ts`)
  const replay = new RegExp(`'${name}\\.json': (\\w+)`).exec(pairs)?.[1] ?? ''
  const module = new RegExp(`\\b${replay}\\b.* from '\\./(.+)'`).exec(pairs)?.[1] ?? ''
  return `${GOLDEN}${module}`
}

/** Traces whose replay calls code of the area. */
export function tracesOf(area: Area): readonly TraceFile[] {
  return traceFiles.filter(({ name }) => {
    return reaches(`${TRACES}${name.startsWith('raft') ? 'raft' : 'kip-966'}/replay.ts`, area)
  })
}

/** Cases whose guard is obeyed in the area. */
export function anomaliesOf(area: Area): readonly string[] {
  const guards = guardsIn(area)
  return CASES.filter(({ guard }) => guard !== null && guards.has(guard)).map(({ id }) => id)
}

/** Where the guards themselves are listed: their part is held by all that switch one. */
const GUARD_TABLE = 'src/kafka/version.ts'
const MM2_GUARD_TABLE = 'src/mirror/mirror-maker2/guards.ts'

const model = sourceFiles(['src'])
const tests = new Map(sourceFiles(['test']).map((file) => [file.path, file]))

function guardsIn(area: Area): Set<string> {
  if (isIn(GUARD_TABLE, area)) return new Set(GUARD_NAMES)
  const files = model.filter(({ path }) => isIn(path, area))
  const names = [...GUARD_NAMES, ...(isIn(MM2_GUARD_TABLE, area) ? [] : MM2_GUARD_NAMES)]
  return new Set(names.filter((name) => files.some(({ text }) => text.includes(name))))
}

/**
 * Whether a test file, or one of its helpers, imports code of the model's area to run it. The clock
 * that it holds and the guards that it sets are no code under test.
 */
function reaches(start: string, area: Area): boolean {
  const seen = new Set<string>()
  const open = [start]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = tests.get(path)
    if (seen.has(path) || file === undefined) continue
    seen.add(path)
    for (const imported of valueImports(file)) {
      const isModel = /^src\/(?:kafka|mirror)\//.test(imported) && imported !== GUARD_TABLE
      if (isModel && isIn(imported, area)) return true
      open.push(imported)
    }
  }
  return false
}

function valueImports(file: SourceFile): string[] {
  return importsOf(file)
    .filter(({ line }) => !/^import type\b/.test(statementAt(file, line)))
    .map(({ module }) => join(dirname(file.path), module))
}

/** The statement that ends in this line. */
function statementAt(file: SourceFile, line: number): string {
  let first = line - 1
  while (first > 0 && !/^(?:import|export)\b/.test(file.lines[first] ?? '')) first--
  return file.lines[first] ?? ''
}

function isIn(path: string, { paths }: Area): boolean {
  return paths.some((one) => (one.endsWith('/') ? path.startsWith(one) : path === one))
}

function listed(folder: string, ending: string): string[] {
  const files = readdirSync(join(ROOT, folder)).filter((file) => file.endsWith(ending))
  return files.sort()
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

// The state of the house in figures: what other code worth living in reaches, and what is reached
// here. A row with a limit is held by test/tidy/scorecard.test.ts.

import { dirname, join } from 'node:path'
import { banOffenders, TYPE_BANS } from './bans.ts'
import { importCircles } from './circles.ts'
import { exportedBy } from './docstrings.ts'
import { type FunctionSize, functionSizes } from './sizes.ts'
import { importsOf, type SourceFile, sourceFiles } from './source-code.ts'

/** One measure of the house. */
export interface Measure {
  readonly name: string
  /** What to aim at. */
  readonly aim: string
  readonly here: string
  readonly reached: boolean
}

/** Everything that is measured, read once. */
export interface House {
  readonly sources: readonly SourceFile[]
  readonly model: readonly SourceFile[]
  readonly tests: readonly SourceFile[]
}

export function readHouse(): House {
  const sources = sourceFiles(['src'])
  const model = sources.filter(({ path }) => /^src\/(?:kafka|mirror)\//.test(path))
  return { sources, model, tests: sourceFiles(['test']) }
}

export function scorecard(house: House): Measure[] {
  return [
    ...fileMeasures(house),
    ...functionMeasures(house),
    ...commentMeasures(house),
    ...checkMeasures(house),
    newFaultMeasure(house),
    circleMeasure(house),
  ]
}

function fileMeasures({ sources }: House): Measure[] {
  const lines = sources.map(lineCount)
  const [median, max] = [quantile(lines, 50), Math.max(...lines)]
  const short = lines.filter((n) => n <= 300).length / lines.length
  const wide = sources.flatMap((file) => file.lines.filter((line) => line.length > 100)).length
  return [
    measure('lines of a file, median', 'at most 150', String(median), median <= 150),
    measure('lines of a file, longest', 'at most 400', String(max), max <= 400),
    measure('files of at most 300 lines', 'at least 90 %', percent(short), short >= 0.9),
    measure('lines wider than 100 columns', '0', String(wide), wide === 0),
  ]
}

function functionMeasures({ sources }: House): Measure[] {
  const lines = sources.flatMap(functionSizes).map((size: FunctionSize) => size.lines)
  const [median, p90, max] = [quantile(lines, 50), quantile(lines, 90), Math.max(...lines)]
  return [
    measure('lines of a function, median', 'at most 10', String(median), median <= 10),
    measure('lines of a function, nine in ten', 'at most 35', String(p90), p90 <= 35),
    measure('lines of a function, longest', 'at most 70', String(max), max <= 70),
  ]
}

function commentMeasures({ sources, model, tests }: House): Measure[] {
  const [all, kafka] = [commentRatio(sources), commentRatio(model)]
  const tested = sum(tests.map(lineCount)) / sum(sources.map(lineCount))
  const headed = model.filter((file) => HEADER.test(file.text)).length / model.length
  return [
    between('comment lines to code lines, src', all, 0.15, 0.35),
    between('comment lines to code lines, the model', kafka, 0.25, 0.45),
    between('test lines to source lines', tested, 1, 1.6),
    measure('files of the model with their header', '100 %', percent(headed), headed === 1),
    docstringMeasure(sources),
  ]
}

function docstringMeasure(sources: readonly SourceFile[]): Measure {
  const all = sources.flatMap(exportedBy)
  const bare = all.filter(({ hasDocstring }) => !hasDocstring)
  const share = percent((all.length - bare.length) / all.length)
  return measure(
    'exported functions and classes with a docstring',
    '100 %',
    share,
    bare.length === 0,
  )
}

function checkMeasures({ sources, model }: House): Measure[] {
  const functions = model.flatMap(functionSizes).length
  const asserts = count(model, ASSERTION) / functions
  const silenced = banOffenders(sources, TYPE_BANS).length
  const casts = castsIn(sources)
  const stories = sourceFiles(['test/transcripts/stories'], ['.txt']).length
  return [
    measure('assertions a function of the model', 'at least 1', asserts.toFixed(2), asserts >= 1),
    measure('any, !, enum', '0', String(silenced), silenced === 0),
    measure('casts with `as`', '0', String(casts), casts === 0),
    measure('transcripts of the protocol', 'at least 12', String(stories), stories >= 12),
  ]
}

/** States a fact of arguments or state, and throws where it is none. */
const ASSERTION = /\b(?:invariant|unreachable|fits|ascends|areDistinct)\(/g

/** `as` with a type, wherever it is not the new name of something imported or exported. */
const CAST =
  /(?<!\bimport [^\n]*|\bexport (?:type )?[{*][^\n]*| {2}(?:type )?\w+) as\s+(?!const\b)[\w{([]/g

/** Casts that stand where a brand is made or what was read gets its type, each with its reason. */
const RIGHTFUL: readonly { readonly path: string; readonly code: string }[] = [
  // A handler's id is the brand that keeps the payload's type, which the table forgets.
  { path: 'src/sim/scheduler.ts', code: 'handler as EventHandler<unknown>' },
  // Where a real program would decode bytes: what a socket hands over, as it was sent.
  { path: 'src/kafka/network/client-connection.ts', code: 'message as Response' },
  { path: 'src/kafka/network/request-channel.ts', code: 'message as Request' },
  // The parser of scenarios: what the schema of a kind has read gets that kind's type.
  { path: 'src/scenario/document/timetable.ts', code: 'as z.core.$ZodRawIssue' },
  { path: 'src/scenario/document/timetable.ts', code: 'params: entry[kind] } as FaultSpec' },
  { path: 'src/runbook/catalogue.ts', code: '{ kind, params } as StepSpec' },
]

function castsIn(sources: readonly SourceFile[]): number {
  const rightful = RIGHTFUL.filter(({ path, code }) => {
    return sources.some((file) => file.path === path && file.code.join('\n').includes(code))
  })
  return count(sources, CAST) - rightful.length
}

function circleMeasure({ sources }: House): Measure {
  const circles = importCircles(sources)
  return measure('circles of imports', '0', String(circles.length), circles.length === 0)
}

/** How many files know a fault by its module, beside faults built on it: the list of all. */
function newFaultMeasure({ sources }: House): Measure {
  const kinds = sources.filter(({ path, text }) => {
    return path.startsWith('src/faults/') && /\bfaultKind\(/.test(text)
  })
  const importers = kinds.map(({ path }) => {
    const imports = (file: SourceFile) =>
      importsOf(file).some(({ module }) => join(dirname(file.path), module) === path)
    return sources.filter((file) => !kinds.includes(file) && imports(file)).length
  })
  const most = Math.max(...importers)
  return measure('files that name a fault’s file', 'at most 1', String(most), most <= 1)
}

export const HEADER =
  /^\/\/ Models?: .+\n(?:\/\/ .+\n)*?\/\/ Leaves out: .+\n(?:\/\/ .+\n)*?\/\/ Source: /

/** Lines of a file; a final newline ends the last line and starts none. */
export function lineCount(file: SourceFile): number {
  return file.text.replace(/\n$/, '').split('\n').length
}

function commentRatio(files: readonly SourceFile[]): number {
  let comments = 0
  let code = 0
  for (const { lines, code: blanked } of files) {
    for (const [i, line] of lines.entries()) {
      if ((blanked[i] ?? '').trim() !== '') code++
      else if (line.trim() !== '') comments++
    }
  }
  return comments / code
}

function count(files: readonly SourceFile[], pattern: RegExp): number {
  return sum(files.map(({ code }) => code.join('\n').match(pattern)?.length ?? 0))
}

function quantile(numbers: readonly number[], percentile: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(((sorted.length - 1) * percentile) / 100)] ?? 0
}

function between(name: string, value: number, low: number, high: number): Measure {
  return measure(name, `${low} to ${high}`, value.toFixed(2), value >= low && value <= high)
}

function measure(name: string, aim: string, here: string, reached: boolean): Measure {
  return { name, aim, here, reached }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { banOffenders, ENGINE_BANS, TYPE_BANS } from './tidy/bans.ts'
import { exportedBy } from './tidy/docstrings.ts'
import { layerOffenders } from './tidy/layers.ts'
import { HEADER, lineCount } from './tidy/scorecard.ts'
import { functionSizes } from './tidy/sizes.ts'
import { ROOT, type SourceFile, sourceFiles } from './tidy/source-code.ts'
import { unusedExports } from './tidy/unused-exports.ts'

const FILE_LINES_LONG = 300
const FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 70
const LINE_COLUMNS_MAX = 100
/** What programs import from the package; inside the house everybody names the file. */
const PUBLIC_DOOR = 'src/lab/index.ts'

const sources = sourceFiles(['src'])
const engine = sources.filter((file) => !/^src\/(?:cli|server)\//.test(file.path))
const everything = sourceFiles(['src', 'test', 'web'], ['.ts', '.mjs'])

/** Fails with all offenders in one message, so that one run shows the whole task. */
function expectNone(offenders: readonly string[]): void {
  if (offenders.length > 0) throw new Error(`${offenders.length} in all:\n${offenders.join('\n')}`)
}

describe('the house is tidy', () => {
  it('reads the code it judges', () => {
    expect(sources.length).toBeGreaterThan(5)
  })

  it('no layer imports what stands above it or beside it', () => {
    expectNone(layerOffenders(sources))
  })

  it('no file only passes on what others export', () => {
    const passedOn = /^(?:import|export)\b[^']*?\bfrom ' *'(?: with \{[^}]*\})?/gm
    const isBarrel = (file: SourceFile) => {
      const code = file.code.join('\n')
      return /^export\b[^']*?\bfrom '/m.test(code) && code.replace(passedOn, '').trim() === ''
    }
    const barrels = sources.filter((file) => file.path !== PUBLIC_DOOR && isBarrel(file))
    expectNone(barrels.map((file) => `${file.path}: import from the file itself`))
  })

  it(`no file has over ${FILE_LINES_MAX} lines, nine in ten at most ${FILE_LINES_LONG}`, () => {
    const long = sources.filter((file) => lineCount(file) > FILE_LINES_LONG)
    const describeFile = (file: SourceFile) => `${file.path}: ${lineCount(file)} lines`
    expectNone(everything.filter((file) => lineCount(file) > FILE_LINES_MAX).map(describeFile))
    expect(long.length, long.map(describeFile).join('\n')).toBeLessThanOrEqual(sources.length / 10)
  })

  it(`no function spans more than ${FUNCTION_LINES_MAX} lines`, () => {
    const files = [...sources, ...sourceFiles(['web'])]
    const long = files.flatMap(functionSizes).filter((size) => size.lines > FUNCTION_LINES_MAX)
    expectNone(long.map((size) => `${size.path}:${size.line}: ${size.lines} lines`))
  })

  it(`no line is wider than ${LINE_COLUMNS_MAX} columns`, () => {
    const wide = everything.flatMap((file) =>
      file.lines.flatMap((line, index) =>
        line.length > LINE_COLUMNS_MAX ? [`${file.path}:${index + 1}: ${line.length} columns`] : [],
      ),
    )
    expectNone(wide)
  })

  it('nothing below the edges reads a clock, draws its own chance or waits', () => {
    expectNone(banOffenders(engine, ENGINE_BANS))
  })

  it('nothing silences the compiler', () => {
    expectNone(banOffenders(everything, TYPE_BANS))
  })

  it('every file of the model says what it models, what it leaves out and from where', () => {
    const model = sources.filter((file) => /^src\/(?:kafka|mirror)\//.test(file.path))
    const bad = model.filter((file) => !HEADER.test(file.text))
    expectNone(
      bad.map((file) => `${file.path}: needs "Models:", "Leaves out:" and "Source:" first`),
    )
  })

  it('every function and class that a file exports says what its name and types do not', () => {
    const bare = sources.flatMap(exportedBy).filter(({ hasDocstring }) => !hasDocstring)
    expectNone(bare.map(({ path, line, name }) => `${path}:${line}: ${name} has no docstring`))
  })

  it('exports what another file uses, and nothing else', () => {
    expectNone(unusedExports([...sources, ...sourceFiles(['web'])], everything))
  })

  it('speaks of nothing but the project', () => {
    const word = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)
    const machine = [ROOT.replace(/\/$/, ''), homedir()].filter((path) => path.length > 1)
    const offenders = trackedTexts().flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const found = word.exec(line)?.[0] ?? machine.find((place) => line.includes(place))
        return found === undefined ? [] : [`${path}:${index + 1}: ${found}`]
      }),
    )
    expectNone(offenders)
  })
})

/** All text files that are part of the project, as git lists them. */
function trackedTexts(): { path: string; text: string }[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT })
  return list
    .toString()
    .split('\n')
    .filter((path) => path !== '' && path !== 'package-lock.json' && !path.endsWith('.png'))
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }))
}

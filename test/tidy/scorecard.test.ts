import { expect, it } from 'vitest'
import { importCircles } from './circles.ts'
import { exportedBy } from './docstrings.ts'
import { readHouse, scorecard } from './scorecard.ts'
import { sourceFile } from './source-code.ts'

/** Reached once, held from then on; `npm run tidy` prints the others beside them. */
const HELD = [
  'lines of a file, median',
  'lines of a file, longest',
  'files of at most 300 lines',
  'lines wider than 100 columns',
  'lines of a function, median',
  'lines of a function, nine in ten',
  'lines of a function, longest',
  'comment lines to code lines, src',
  'comment lines to code lines, the model',
  'files of the model with their header',
  'exported functions and classes with a docstring',
  'any, !, enum',
  'casts with `as`',
  'transcripts of the protocol',
  'files that name a fault’s file',
  'circles of imports',
]

const measures = scorecard(readHouse())

it('what the house has reached it keeps', () => {
  const missed = measures.filter(({ name, reached }) => HELD.includes(name) && !reached)
  expect(missed).toEqual([])
})

it('every figure that is held is measured', () => {
  const names = measures.map(({ name }) => name)
  expect(HELD.filter((name) => !names.includes(name))).toEqual([])
})

it('a figure gets worse with the code', () => {
  const wide = sourceFile('src/kafka/x.ts', `const x = '${'x'.repeat(120)}'\n`)
  const bare = scorecard({ sources: [wide], model: [wide], tests: [] })
  const worse = bare.filter(({ reached }) => !reached).map(({ name }) => name)
  expect(worse).toContain('lines wider than 100 columns')
  expect(worse).toContain('files of the model with their header')
})

it('a docstring counts where it stands before what is exported, and nothing else does', () => {
  const bare = (text: string) =>
    exportedBy(sourceFile('src/x.ts', text)).flatMap(({ name, hasDocstring }) =>
      hasDocstring ? [] : [name],
    )
  expect(bare('/** What it is. */\nexport function a(): void {}\n')).toEqual([])
  expect(bare('/**\n * What it is,\n * and why.\n */\nexport class A {}\n')).toEqual([])
  expect(bare('/** Of a. */\n// biome-ignore lint/x: y\nexport function* a() {}\n')).toEqual([])
  expect(bare('export function a(): void {}\nexport abstract class B {}\n')).toEqual(['a', 'B'])
  expect(bare('// No docstring.\nexport class A {}\n')).toEqual(['A'])
  expect(bare('/* None either. */\nexport class A {}\n')).toEqual(['A'])
  expect(bare('/** Of x. */\nconst x = 1\n\nexport class A {}\n')).toEqual(['A'])
  expect(bare('/** Of all. */\nexport function a(): 1\nexport function a(): 2\n')).toEqual([])
  expect(bare('function own() {}\nclass Own {}\n// export class A {}\n')).toEqual([])
})

it('files that import one another are found as one circle', () => {
  const file = (name: string, ...modules: string[]) => {
    const text = modules.map((module) => `import { x } from './${module}.ts'\n`).join('')
    return sourceFile(`src/${name}.ts`, text)
  }
  const files = [file('a', 'b'), file('b', 'c'), file('c', 'a', 'd'), file('d'), file('e', 'a')]
  expect(importCircles(files)).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts']])
})

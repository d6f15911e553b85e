import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findScenario } from '../../src/cli/library.ts'

const folder = mkdtempSync(join(tmpdir(), 'highwater-library-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(bytes: Buffer): string {
  const path = join(folder, 'own.yaml')
  writeFileSync(path, bytes)
  return path
}

describe('a scenario by path or name', () => {
  it('is a file before it is a name, and a beginning that only one name has', () => {
    const path = fileOf(Buffer.from('question: café\n'))
    expect(findScenario(path)).toEqual({ path, text: 'question: café\n' })
    expect(findScenario('q05-active').path).toBe('q05-active-controller-region')
  })

  it.each<[string, () => string, RegExp]>([
    ['a folder', () => folder, /is a folder/],
    ['Latin-1', () => fileOf(Buffer.from('question: caf\xe9\n', 'latin1')), /UTF-8/],
    ['UTF-16', () => fileOf(Buffer.from('\ufeffquestion: é\n', 'utf16le')), /UTF-8/],
    ['no name and no file', () => 'q99', /there is no scenario q99/],
    ['a beginning of several names', () => 'q02', /q02-split/],
  ])('is not %s', (_what, given, words) => {
    expect(() => findScenario(given())).toThrow(words)
  })
})

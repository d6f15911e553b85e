import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { runFile, UnreadableVectors } from './run-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'vectors-'))
const vectors = fileURLToPath(new URL('./vectors', import.meta.url))

afterAll(() => rmSync(dir, { recursive: true }))

function write(file: string, content: string): string {
  writeFileSync(join(dir, file), content)
  return file
}

test('a changed expectation is found and named', () => {
  const text = readFileSync(join(vectors, 'leader-epoch-cache.json'), 'utf8')
  const file = write('leader-epoch-cache.json', text.replace('"gives":[2,30]', '"gives":[2,31]'))
  const result = runFile(dir, file)
  expect(result.passed).toBe(result.total - 1)
  expect(result.first).toMatchObject({ expected: 31, actual: 30 })
})

test('a file that is not JSON is named in the complaint', () => {
  const file = write('placement.json', '{"cases": [')
  expect(() => runFile(dir, file)).toThrow(UnreadableVectors)
  expect(() => runFile(dir, file)).toThrow('placement.json')
})

test('a case with a missing field is named in the complaint, and the others are replayed', () => {
  const [good] = JSON.parse(readFileSync(join(vectors, 'placement.json'), 'utf8')).cases
  const cases = [{ name: 'half', brokers: [] }, good]
  const file = write('placement.json', JSON.stringify({ cases }))
  const { passed, total, unreadable } = runFile(dir, file)
  expect({ passed, total }).toEqual({ passed: 1, total: 1 })
  expect(unreadable).toEqual([expect.stringMatching(/placement.json: case #1 half: field 'partit/)])
})

test('an edge names the subject that it is a case of', () => {
  const cases = [{ subject: 'placement' }, { subject: 'edges' }, {}]
  const { total, unreadable } = runFile(dir, write('edges.json', JSON.stringify({ cases })))
  expect(total).toBe(0)
  expect(unreadable).toEqual([
    expect.stringContaining("field 'brokers'"),
    expect.stringContaining("unknown subject 'edges.json'"),
    expect.stringContaining("field 'subject'"),
  ])
})

test('a subject that is not modelled counts neither as passed nor as failed', () => {
  const result = runFile(dir, write('elsewhere.json', '{"cases": [{}, {}]}'))
  expect(result).toMatchObject({ passed: 0, total: 0, first: null, notModelled: 2 })
})

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { runCommand } from '../../support/run-command.ts'

const vectors = fileURLToPath(new URL('./vectors', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'vectors-'))

afterAll(() => rmSync(dir, { recursive: true }))

const golden = (...args: string[]) => runCommand('test/oracles/golden/main.ts', ...args)

test('exits with 0 where all agree, 1 on a difference, 2 where a file is unreadable', () => {
  const file = join(dir, 'placement.json')
  cpSync(join(vectors, 'placement.json'), file)
  const agreed = golden(dir)
  expect(agreed.code).toBe(0)
  expect(agreed.stdout).toMatch(/^placement\.json: (\d+)\/\1\n$/)

  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('"assignment":[[0,1,2]', '"assignment":[[0,2,1]'))
  const json = golden(dir, '--json')
  expect(json.code).toBe(1)
  const [result] = JSON.parse(json.stdout)
  expect(result).toMatchObject({ file: 'placement.json', passed: result.total - 1 })
  expect(golden(dir).stdout).toContain('first difference: #1')

  writeFileSync(file, '{')
  cpSync(join(vectors, 'edges.json'), join(dir, 'edges.json'))
  const broken = golden(dir)
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('placement.json') })
  expect(broken.stdout).toMatch(/^edges\.json: (\d+)\/\1\n$/)
  expect(golden('--nonsense').code).toBe(2)
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { runCommand } from '../../support/run-command.ts'

const vectors = fileURLToPath(new URL('./vectors', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'traces-'))

afterAll(() => rmSync(dir, { recursive: true }))

const traces = (...args: string[]) => runCommand('test/oracles/traces/main.ts', ...args)

test('exits with 0 where all agree, 1 on a difference, 2 where a file is unreadable', () => {
  const [line = ''] = readFileSync(join(vectors, 'kip-966-elr.jsonl'), 'utf8').split('\n')
  const file = join(dir, 'kip-966-elr.json')
  writeFileSync(file, line)
  expect(traces(dir)).toMatchObject({ code: 0, stdout: expect.stringContaining('kip-966-elr') })

  writeFileSync(file, line.replace('"leaderEpoch":1', '"leaderEpoch":7'))
  const json = traces(dir, '--json')
  expect(json.code).toBe(1)
  const [result] = JSON.parse(json.stdout)
  expect(result).toMatchObject({ file: 'kip-966-elr.json', traces: 1 })
  expect(traces(dir).stdout).toContain(`first difference: ${result.first.trace}`)

  writeFileSync(file, `${line}\n{`)
  writeFileSync(join(dir, 'kip-966-noelr.json'), line)
  expect(traces(dir)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('elr.json:2'),
    stdout: expect.stringMatching(/noelr\.json +1 /),
  })
  expect(traces('--nonsense').code).toBe(2)
})

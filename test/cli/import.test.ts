import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const KAFKA = 'test/scenario/import/examples/strimzi-v1.yaml'
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'highwater-import-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function cli(...words: string[]) {
  const terminal = memoryTerminal()
  const code = await runCli(words, terminal)
  return { code, out: terminal.outText(), err: terminal.errText() }
}

describe('highwater import', () => {
  it('writes a scenario that can be validated and run', async () => {
    const out = join(folder, 'scenario.yaml')
    expect(await cli('import', KAFKA, '--out', out)).toMatchObject({ code: 0 })
    expect((await cli('validate', out)).code).toBe(0)
    const run = await cli('run', out, '--until', '2s', '--json')
    expect(JSON.parse(run.out)).toMatchObject({ scenario: 'payments', kafkaVersion: '4.1.0' })
  })

  it('prints nothing but the scenario, and beside it what was not carried over', async () => {
    const { out, err } = await cli('import', KAFKA)
    expect(out).toContain('# PLACEHOLDER')
    const told = err.split('\n').filter((line) => line.startsWith('not carried over: '))
    expect(told.length).toBeGreaterThan(5)
    for (const line of told) expect(out).toContain(line.replace('not carried over: ', '#   '))
  })

  it('never writes over a file, and writes none when a file cannot be read', async () => {
    const out = join(folder, 'scenario.yaml')
    writeFileSync(out, 'mine')
    expect(await cli('import', KAFKA, '--out', out)).toMatchObject({ code: 2 })
    expect(readFileSync(out, 'utf8')).toBe('mine')
    const broken = join(folder, 'broken.yaml')
    writeFileSync(broken, readFileSync(KAFKA, 'utf8').replace('partitions: 6', 'partitions: lots'))
    const other = join(folder, 'other.yaml')
    const { code, err } = await cli('import', broken, '--out', other)
    expect(code).toBe(2)
    expect(err).toMatch(/broken.yaml:69:1: error: spec.partitions: .*\(found "lots"\)\n {2}fix: /)
    expect(existsSync(other)).toBe(false)
  })

  it('names a file that is not there', async () => {
    const { code, err } = await cli('import', join(folder, 'none.yaml'))
    expect(code).toBe(2)
    expect(err).toContain('none.yaml')
  })

  it('says in its help what it reads, with examples', async () => {
    const { code, out } = await cli('import', '--help')
    expect(code).toBe(0)
    for (const word of ['NetworkChaos', 'netem', '$ highwater import']) expect(out).toContain(word)
  })
})

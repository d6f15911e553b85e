import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { TOPOLOGIES } from '../../src/scenario/topologies/catalogue.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'highwater-new-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function cli(...words: string[]) {
  const terminal = memoryTerminal()
  const code = await runCli(words, terminal)
  return { code, out: terminal.outText(), err: terminal.errText() }
}

describe('highwater new', () => {
  it('writes a scenario that can be validated and run', async () => {
    const out = join(folder, 'scenario.yaml')
    expect(await cli('new', 'stretch', '--rate', '20/s', '-o', out)).toMatchObject({ code: 0 })
    expect((await cli('validate', out)).code).toBe(0)
    const run = await cli('run', out, '--until', '2s', '--json')
    expect(JSON.parse(run.out)).toMatchObject({ scenario: 'stretch' })
  })

  it('prints nothing but the scenario where no file is named', async () => {
    const { out, err } = await cli('new', 'fan-in')
    expect(out.split('\n')[1]).toMatch(/^# highwater new fan-in --regions /)
    expect(err).toBe('')
  })

  it('never writes over a file without being told to', async () => {
    const out = join(folder, 'scenario.yaml')
    writeFileSync(out, 'mine')
    const refused = await cli('new', 'chain', '-o', out)
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.err).toContain('--force')
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect((await cli('new', 'chain', '-o', out, '--force')).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('scenario: chain')
  })

  it('writes no file for a request that cannot be met', async () => {
    const out = join(folder, 'scenario.yaml')
    const { code, err } = await cli('new', 'fan-in', '--regions', 'aws:us-east-1', '-o', out)
    expect(code).toBe(2)
    expect(err).toMatch(/fan-in needs 3 regions or more.*\n {2}fix: /)
    expect(existsSync(out)).toBe(false)
  })

  it('lists every pattern with its line, by itself and in its help', async () => {
    const [bare, list, help] = [
      await cli('new'),
      await cli('new', 'list'),
      await cli('new', '--help'),
    ]
    expect(bare.out).toBe(list.out)
    for (const { name, line } of TOPOLOGIES) {
      expect(list.out).toMatch(new RegExp(`^ {2}${name} .*`, 'm'))
      expect(list.out).toContain(line)
    }
    expect(help.out).toContain(list.out)
    expect(help.out).toContain('$ highwater new active-passive')
  })
})

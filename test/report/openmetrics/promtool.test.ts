import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openMetricsReport } from '../../../src/report/openmetrics.ts'
import { runMirrored } from '../../lab/links/mirrored-regions.ts'
import { fixtureResult } from '../../support/fixture-result.ts'

const PROMTOOL = process.env.HIGHWATER_PROMTOOL ?? 'promtool'
const folder = mkdtempSync(join(tmpdir(), 'highwater-promtool-'))
afterAll(() => rmSync(folder, { recursive: true }))

function isThere(): boolean {
  try {
    execFileSync(PROMTOOL, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    const fix = 'Get it: sudo apt-get install -y prometheus, or set HIGHWATER_PROMTOOL'
    console.warn(`skipped, no promtool found: a stock Prometheus takes every sample. ${fix}`)
    return false
  }
}

describe.skipIf(!isThere())('promtool, which comes with Prometheus', () => {
  it('makes blocks of every sample without a complaint', () => {
    const runs = [fixtureResult(), fixtureResult({ seed: 'a "b" \\ c' }), runMirrored()]
    const text = openMetricsReport(runs, 1_700_000_000)
    const file = join(folder, 'runs.om')
    writeFileSync(file, text)
    const words = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')]
    const told = execFileSync(PROMTOOL, words, { encoding: 'utf8' })
    const [head = '', ...rows] = told.trim().split('\n')
    const column = head.split(/\s{2,}/).indexOf('NUM SAMPLES')
    const taken = rows.map((row) => Number(row.split(/\s{2,}/)[column]))
    const given = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(given)
  })

  it('refuses what is broken, so that its silence means something', () => {
    const file = join(folder, 'broken.om')
    writeFileSync(file, openMetricsReport([fixtureResult()]).replace('# EOF\n', ''))
    const words = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'none')]
    expect(() => execFileSync(PROMTOOL, words, { stdio: 'ignore' })).toThrow()
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './tidy/source-code.ts'

/** Runs the closing line of .ci/run on a report with these files. */
function closingLine(report: string) {
  const folder = mkdtempSync(join(tmpdir(), 'highwater-ci-'))
  const path = join(folder, 'report.json')
  writeFileSync(path, report)
  const { stdout, status } = spawnSync(process.execPath, ['.ci/closing-line.mjs', path], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  return { line: stdout.trim(), status }
}

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
})
const report = (...testResults: object[]) => JSON.stringify({ testResults })

describe('the closing line of continuous integration', () => {
  it('counts what passed, failed and was skipped', () => {
    const text = report(file('failed', 'passed', 'failed'), file('passed', 'skipped', 'pending'))
    expect(closingLine(text)).toEqual({ line: '1 passed, 1 failed, 2 skipped', status: 1 })
    expect(closingLine(report(file('passed', 'passed')))).toMatchObject({ status: 0 })
  })

  it('counts a file that broke before its first test as a failure', () => {
    const text = report(file('passed', 'passed'), file('failed'))
    expect(closingLine(text)).toEqual({ line: '1 passed, 1 failed, 0 skipped', status: 1 })
  })

  it('takes nothing executed for a failure', () => {
    expect(closingLine('')).toEqual({ line: '0 passed, 0 failed, 0 skipped', status: 1 })
    expect(closingLine(report(file('passed', 'skipped'))).status).toBe(1)
  })
})

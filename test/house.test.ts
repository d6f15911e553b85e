import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from './tidy/source-code.ts'

const execute = promisify(execFile)

/** Runs a script of package.json; its output when it fails, else nothing. */
async function complaints(script: string): Promise<string> {
  try {
    await execute('npm', ['run', '--silent', script], { cwd: ROOT })
    return ''
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return `${stdout}${stderr}`
  }
}

describe('the house', () => {
  it('type-checks, the engine also without Node and DOM', async () => {
    expect(await complaints('typecheck')).toBe('')
  })

  it('follows its formatter and its lint rules', async () => {
    expect(await complaints('lint')).toBe('')
  })
})

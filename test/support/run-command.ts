import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What a command left behind. */
export interface CommandEnd {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a TypeScript file of the repository as npm's scripts do. */
export function runCommand(file: string, ...args: string[]): CommandEnd {
  const command = [`${ROOT}node_modules/tsx/dist/cli.mjs`, `${ROOT}${file}`, ...args]
  try {
    const options = { encoding: 'utf8', stdio: 'pipe' } as const
    return { code: 0, stdout: execFileSync(process.execPath, command, options), stderr: '' }
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
    return { code: status, stdout, stderr }
  }
}

// The scenarios that come with Highwater, and files of one's own, by name or path.

import { isUtf8 } from 'node:buffer'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usageError } from '../scenario/usage-error.ts'

/** The folder of scenarios inside the package; the same from src/cli and from dist/cli. */
const LIBRARY = fileURLToPath(new URL('../../scenarios', import.meta.url))

/** The descriptor of what is piped in. */
const STDIN = 0

/** The one to begin with. */
export const DEFAULT_SCENARIO = 'q05-active-controller-region'

/** A scenario's text and the name under which its problems are reported. */
export interface ScenarioFile {
  /** As it was given: a path, or a name of the library. */
  readonly path: string
  readonly text: string
}

/** Names of the library's scenarios, in order. */
export function libraryNames(): string[] {
  return readdirSync(LIBRARY)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/** A scenario of the library by its whole name, null where there is none. */
export function libraryScenario(name: string): ScenarioFile | null {
  if (!libraryNames().includes(name)) return null
  return { path: name, text: readFileSync(join(LIBRARY, `${name}.yaml`), 'utf8') }
}

/**
 * The text of a file. Throws a UsageError where it cannot be read, or is no text: a name that was
 * written in another encoding would be another name in every report.
 */
export function readText(file: string | number, given: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw usageError(`the file cannot be read: ${why}`, 'give a file that can be read', given)
  }
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw usageError('the file is not text in UTF-8', 'save it as UTF-8', given)
}

/**
 * A scenario by its path, `-` for what is piped in, or its name in the library, where a
 * beginning will do that only one has. Throws a UsageError when there is none.
 */
export function findScenario(given: string): ScenarioFile {
  if (given === '-') return { path: '-', text: readText(STDIN, given) }
  if (existsSync(given) && !statSync(given).isDirectory()) {
    return { path: given, text: readText(given, given) }
  }
  const names = libraryNames()
  const starting = names.filter((name) => name.startsWith(given))
  const name = names.includes(given) || starting.length !== 1 ? given : starting[0]
  const found = name === undefined ? null : libraryScenario(name)
  if (found !== null) return found
  if (existsSync(given)) throw usageError(`${given} is a folder`, 'give a file in it', given)
  const near = starting.length > 1 ? ` (${starting.join(', ')})` : ''
  const fix = `give the path of a file, or a name that \`highwater list\` prints${near}`
  throw usageError(`there is no scenario ${given}`, fix, given)
}

// The scenarios that come with Highwater, and files of one's own, by name or path.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of scenarios inside the package; the same from src/cli and from dist/cli. */
export const LIBRARY = fileURLToPath(new URL('../../scenarios', import.meta.url))

/** A scenario's text and the name under which its problems are reported. */
export interface ScenarioFile {
  /** File name without ending. */
  readonly name: string
  /** As the user gave it, or the path inside the library. */
  readonly path: string
  readonly text: string
}

/** Every scenario of the library, in name order. */
export function libraryFiles(): ScenarioFile[] {
  return readdirSync(LIBRARY)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readScenario(join(LIBRARY, file)))
}

/**
 * Finds a scenario by path, or by its name in the library; a unique beginning of a name will do.
 * Null when there is none.
 */
export function findScenario(given: string): ScenarioFile | null {
  if (existsSync(given) && statSync(given).isFile()) return readScenario(given)
  const names = libraryNames()
  const starting = names.filter((name) => name.startsWith(given))
  const name = names.includes(given) ? given : starting.length === 1 ? starting[0] : undefined
  return name === undefined ? null : readScenario(join(LIBRARY, `${name}.yaml`))
}

/** Names of the library's scenarios, in order. */
export function libraryNames(): string[] {
  return readdirSync(LIBRARY)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

function readScenario(path: string): ScenarioFile {
  return {
    name: basename(path).replace(/\.ya?ml$/, ''),
    path,
    text: readFileSync(path, 'utf8'),
  }
}

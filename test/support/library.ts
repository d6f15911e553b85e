import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT } from '../tidy/source-code.ts'

/** A scenario file of the library. */
export interface LibraryFile {
  readonly name: string
  readonly text: string
}

/** Every scenario that comes with Highwater, in the order of their names. */
export const LIBRARY: readonly LibraryFile[] = readdirSync(join(ROOT, 'scenarios'))
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => ({
    name: basename(file, '.yaml'),
    text: readFileSync(join(ROOT, 'scenarios', file), 'utf8'),
  }))

// Results as files: each one whole from the moment at which its name appears.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult } from '../contract.ts'
import { PLAIN } from '../report/palette.ts'
import { summarizeRuns } from '../report/summary.ts'
import { usageError } from '../scenario/usage-error.ts'
import { ENDINGS, type Format, renderRun } from './formats.ts'

/** A folder that takes results. */
export interface OutputFolder {
  write(result: RunResult): void
  /** Writes summary.json, once all runs are done. */
  summarize(results: readonly RunResult[]): void
}

/** A folder for results, made if need be; a run's file is `<scenario>-<seed>.<ending>`. */
export function outputFolder(path: string, format: Format, epochSeconds: number): OutputFolder {
  makeFolder(path)
  const rendering = { palette: PLAIN, epochSeconds }
  const taken = new Set<string>()
  return {
    write(result) {
      const name = freeName(`${result.scenario}-${result.seed}`.replace(/[^\w.+-]/g, '_'), taken)
      writeWhole(join(path, `${name}.${ENDINGS[format]}`), renderRun(format, result, rendering))
    },
    summarize(results) {
      const text = JSON.stringify(summarizeRuns(results), null, 2)
      writeWhole(join(path, 'summary.json'), `${text}\n`)
    },
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw usageError(`no results can be written there: ${why}`, 'name another folder', path)
  }
}

/** Two scenarios of one name do not write over each other: the second is `name~2`. */
function freeName(name: string, taken: Set<string>): string {
  let free = name
  for (let n = 2; taken.has(free); n++) free = `${name}~${n}`
  taken.add(free)
  return free
}

/** Writes beside and renames, so that an interrupted write leaves no half file under the name. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text)
  renameSync(`${path}.part`, path)
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Difference, isObject, type JsonObject, type Outcome, type Replay } from './compare.ts'
import { MalformedVector } from './fields.ts'
import { replays } from './replays.ts'

/** A difference and the case that showed it. */
export interface FirstDifference extends Difference {
  readonly case: string
}

export interface FileResult {
  readonly file: string
  readonly passed: number
  readonly total: number
  readonly first: FirstDifference | null
  /** Cases whose subject the project does not model; they are in neither count. */
  readonly notModelled: number
  /** What is wrong with the cases that lack a field or name something unknown; in neither count. */
  readonly unreadable: readonly string[]
}

/** The folder or a file cannot be replayed at all; the message names it. */
export class UnreadableVectors extends Error {}

/** The vector files of a folder, by name. */
export function vectorFiles(dir: string): string[] {
  if (!existsSync(dir)) throw new UnreadableVectors(`${dir}: no such folder`)
  let names: string[]
  try {
    names = readdirSync(dir)
  } catch (error) {
    throw new UnreadableVectors(`${dir}: ${messageOf(error)}`)
  }
  return names.filter((name) => name.endsWith('.json')).sort()
}

/** Replays one vector file on the production classes. */
export function runFile(dir: string, file: string): FileResult {
  const cases = readCases(join(dir, file))
  const replay = replays[file]
  if (replay === undefined) {
    return { file, passed: 0, total: 0, first: null, notModelled: cases.length, unreadable: [] }
  }
  let passed = 0
  let notModelled = 0
  let first: FirstDifference | null = null
  const unreadable: string[] = []
  for (const [i, goldenCase] of cases.entries()) {
    const name = `#${i + 1} ${caseName(goldenCase)}`
    const outcome = runCase(replay, goldenCase)
    if (outcome === 'not modelled') notModelled++
    else if (outcome instanceof MalformedVector) {
      unreadable.push(`${join(dir, file)}: case ${name}: ${outcome.message}`)
    } else if (outcome === null) passed++
    else first ??= { case: name, ...outcome }
  }
  const total = cases.length - notModelled - unreadable.length
  return { file, passed, total, first, notModelled, unreadable }
}

function runCase(replay: Replay, goldenCase: JsonObject): Outcome | MalformedVector {
  try {
    return replay(goldenCase)
  } catch (error) {
    if (error instanceof MalformedVector) return error
    return { path: 'the replay threw', expected: null, actual: messageOf(error) }
  }
}

function caseName(goldenCase: JsonObject): string {
  const parts = [goldenCase.kind, goldenCase.group, goldenCase.name, goldenCase.key]
  return parts.filter((part) => typeof part === 'string').join(': ')
}

function readCases(path: string): JsonObject[] {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UnreadableVectors(`${path}: ${messageOf(error)}`)
  }
  const cases = (content as { cases?: unknown } | null)?.cases
  if (!Array.isArray(cases) || !cases.every((item) => isObject(item))) {
    throw new UnreadableVectors(`${path}: expected {"cases": [objects]}`)
  }
  return cases
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

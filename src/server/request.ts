// What the bodies of requests must look like; what is wrong with one is a sentence.

import type { CompareRequest } from '../contract/compared-runs.ts'

const COLUMNS_MAX = 4
/** Of each design: a page waits for an answer, and the command line takes more. */
const RUNS_MAX = 100

/** A member of a JSON body, if the body is an object and the member a string. */
export function textOf(body: unknown, name: string): string | undefined {
  const value = memberOf(body, name)
  return typeof value === 'string' ? value : undefined
}

/** The comparison that a body asks for, or what is wrong with it. */
export function compareRequestOf(body: unknown): CompareRequest | string {
  const designs = listOf(memberOf(body, 'designs')).map(designOf)
  const seeds = listOf(memberOf(body, 'seeds'))
  const runs = memberOf(body, 'runs') ?? 1
  const named = designs.filter((design) => design !== null)
  if (named.length < designs.length) return 'name each design by either "scenario" or "yaml"'
  if (seeds.some((seed) => typeof seed !== 'string')) return 'write "seeds" as texts'
  const columns = designs.length === 1 ? seeds.length : designs.length
  if (columns < 2 || columns > COLUMNS_MAX) {
    return `send two to ${COLUMNS_MAX} "designs", or one with as many "seeds"`
  }
  if (typeof runs !== 'number' || !Number.isInteger(runs) || runs < 1 || runs > RUNS_MAX) {
    return `"runs" is a whole number from 1 to ${RUNS_MAX}`
  }
  if (designs.length === 1) return { designs: named, seeds: seeds.map(String) }
  const seed = textOf(body, 'seed')
  return { designs: named, runs, ...(seed === undefined ? {} : { seed }) }
}

function designOf(design: unknown): CompareRequest['designs'][number] | null {
  const [scenario, yaml] = [textOf(design, 'scenario'), textOf(design, 'yaml')]
  if (scenario !== undefined) return yaml === undefined ? { scenario } : null
  return yaml === undefined ? null : { yaml }
}

function memberOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

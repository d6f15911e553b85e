// Objectives, and what a file expects of its own run.

import { z } from 'zod'
import { parseDuration, parsePpm, parseSize } from '../../faults/quantity.ts'
import { tableOf } from '../../sim/closed-table.ts'
import {
  OBJECTIVE_NAMES,
  OBJECTIVES,
  type ObjectiveName,
  type ObjectiveUnit,
} from '../objectives.ts'

const AMOUNT_MAX = 1_000_000_000_000_000

const EXAMPLES: Readonly<Record<ObjectiveUnit, string>> = {
  records: '0 or "<= 100"',
  bytes: '0 or "1MB"',
  micros: '"20s" or "<= 250ms"',
  fraction: '"99.9%"',
  usd: '"$1200"',
}

/** An amount in an objective's unit, or null. 0 needs no unit. */
function parseAmount(input: unknown, unit: ObjectiveUnit): number | null {
  if (typeof input === 'number') {
    const isCount = unit === 'records' || unit === 'bytes' || input === 0
    const inRange = Number.isInteger(input) && input >= 0 && input <= AMOUNT_MAX
    if (unit === 'usd') return input >= 0 && input <= AMOUNT_MAX ? input : null
    if (unit === 'fraction') return input >= 0 && input <= 1 ? input : null
    return isCount && inRange ? input : null
  }
  if (typeof input !== 'string' || input.length > 60) return null
  const text = input.trim()
  if (unit === 'fraction') {
    const ppm = parsePpm(text)
    return ppm === null ? null : ppm / 1_000_000
  }
  if (unit === 'usd')
    return /^\$?\d{1,12}(\.\d{1,2})?$/.test(text) ? Number(text.replace('$', '')) : null
  if (unit === 'micros') return parseDuration(text)
  const plain = /^\d{1,15}( records?)?$/.test(text) ? Number.parseInt(text, 10) : null
  return unit === 'bytes' ? (plain ?? parseSize(text)) : plain
}

export interface LimitDocument {
  readonly limit: number
  readonly text: string
}

function limitOf(key: ObjectiveName) {
  const { unit, direction, doc } = OBJECTIVES[key]
  const sign = direction === 'at-most' ? '<=' : '>='
  return z
    .union([z.string().max(60), z.number()], { error: `expected ${EXAMPLES[unit]}` })
    .transform((input, context): LimitDocument => {
      const match = typeof input === 'string' ? /^\s*(<=|>=|≤|≥)?(.*)$/s.exec(input) : null
      const written = match?.[1]?.replace('≤', '<=').replace('≥', '>=') ?? sign
      const limit = parseAmount(match === null ? input : match[2], unit)
      if (limit !== null && written === sign) return { limit, text: `${sign} ${plainText(input)}` }
      const message = limit === null ? `not a limit for ${key}` : `${key} is a limit with ${sign}`
      const fix = `write ${EXAMPLES[unit]}`
      context.issues.push({ code: 'custom', message, input, params: { fix } })
      return z.NEVER
    })
    .optional()
    .meta({ description: doc })
}

function plainText(input: string | number): string {
  return String(input).replace(/^\s*(<=|>=|≤|≥)?\s*/, '')
}

export interface RangeDocument {
  readonly min: number
  readonly max: number
  readonly text: string
}

function rangeOf(key: ObjectiveName) {
  const { unit } = OBJECTIVES[key]
  const one = z.union([z.string().max(60), z.number()])
  return z
    .union([one, z.tuple([one, one])])
    .transform((input, context): RangeDocument => {
      const range = readRange(input, unit)
      if (range !== null && range.min <= range.max) return range
      const fix = `write an amount such as ${EXAMPLES[unit]}, "> amount" or [from, to]`
      context.issues.push({
        code: 'custom',
        message: `not a range for ${key}`,
        input,
        params: { fix },
      })
      return z.NEVER
    })
    .optional()
}

type Written = string | number

function readRange(input: Written | [Written, Written], unit: ObjectiveUnit): RangeDocument | null {
  if (Array.isArray(input)) {
    const [min, max] = [parseAmount(input[0], unit), parseAmount(input[1], unit)]
    const text = `${input[0]} to ${input[1]}`
    return min === null || max === null ? null : { min, max, text }
  }
  const match = typeof input === 'string' ? /^\s*(<=|>=|<|>)\s*(.*)$/s.exec(input) : null
  const amount = parseAmount(match?.[2] ?? input, unit)
  if (amount === null) return null
  const text = String(input)
  // Amounts are integers except fractions: the next one is a unit, or the smallest step, away.
  const step = unit === 'fraction' ? 1e-9 : unit === 'usd' ? 0.01 : 1
  switch (match?.[1]) {
    case '<=':
      return { min: 0, max: amount, text }
    case '<':
      return { min: 0, max: amount - step, text }
    case '>=':
      return { min: amount, max: Number.POSITIVE_INFINITY, text }
    case '>':
      return { min: amount + step, max: Number.POSITIVE_INFINITY, text }
    default:
      return { min: amount, max: amount, text }
  }
}

function forEachObjective<T>(make: (key: ObjectiveName) => T): Record<ObjectiveName, T> {
  return tableOf(OBJECTIVE_NAMES, make)
}

const verdict = z.enum(['met', 'missed', 'unknown'])

export const objectives = z.strictObject(forEachObjective(limitOf))

export const expectation = z.strictObject({
  verdict: verdict.optional(),
  objectives: z.strictObject(forEachObjective(() => verdict.optional())).default({}),
  figures: z.strictObject(forEachObjective(rangeOf)).default({}),
})

export type ObjectivesDocument = z.output<typeof objectives>
export type ExpectationDocument = z.output<typeof expectation>

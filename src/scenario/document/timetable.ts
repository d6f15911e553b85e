// The timetable: moments, and under the name of a fault what it does.

import { z } from 'zod'
import { FAULT_KINDS, FAULTS, type FaultKindName, type FaultSpec } from '../../faults/catalogue.ts'
import { duration } from '../../faults/quantity.ts'
import { moment } from './words.ts'

const TIMES_MAX = 10_000
const RANDOM_MAX = 1_000

/** A fault's parameters, or only its target where it has one. */
function withShorthand(kind: FaultKindName): z.ZodType {
  const { schema, doc } = FAULTS[kind]
  if (!('target' in schema.shape)) return schema.optional().meta({ description: doc })
  const short = z.string().transform((text, context): unknown => {
    const result = schema.safeParse({ target: text })
    if (result.success) return result.data
    for (const { path, ...issue } of result.error.issues) {
      context.issues.push({ ...issue, input: text, path: path.slice(1) } as z.core.$ZodRawIssue)
    }
    return z.NEVER
  })
  return z.union([schema, short]).optional().meta({ description: doc })
}

const kinds = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, withShorthand(kind)] as const))

/** Takes the one fault out of an entry. */
function oneFault(entry: Readonly<Record<string, unknown>>, context: z.RefinementCtx): FaultSpec {
  const named = FAULT_KINDS.filter((kind) => entry[kind] !== undefined)
  const [kind] = named
  if (kind !== undefined && named.length === 1) {
    return { kind, params: entry[kind] } as FaultSpec
  }
  const message =
    named.length === 0 ? 'the entry names no fault' : `the entry names ${named.join(' and ')}`
  const fix = `write one of ${FAULT_KINDS.join(', ')}; further faults are entries of their own`
  context.issues.push({ code: 'custom', message, input: entry, params: { fix, isVague: true } })
  return z.NEVER
}

const timing = {
  at: moment,
  for: moment.optional().meta({ description: 'When it heals; without it, it stays.' }),
  every: duration.optional(),
  times: z.int().min(1).max(TIMES_MAX).optional(),
}

export const faultEntry = z.strictObject({ ...timing, ...kinds }).transform((entry, context) => ({
  at: entry.at,
  for: entry.for ?? null,
  every: entry.every ?? null,
  times: entry.times,
  fault: oneFault(entry, context),
}))

const randomFault = z.strictObject(kinds).transform((entry, context) => oneFault(entry, context))

export const random = z.strictObject({
  count: z.int().min(1).max(RANDOM_MAX),
  between: z.tuple([duration, duration], { error: 'expected [from, to], two durations' }),
  for: moment.default([5_000_000, 20_000_000]),
  faults: z.array(randomFault).min(1).max(100),
})

export type FaultEntryDocument = z.output<typeof faultEntry>
export type RandomDocument = z.output<typeof random>

// Runbooks: what people and pipelines do when a cluster fails, or when clients are to move. Names
// under which clients reach clusters are here too, because a runbook flips them.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import {
  COMMAND_NAMES,
  type CommandName,
  STEP_NAMES,
  type StepName,
  stepOf,
  stepWords,
} from '../../runbook/catalogue.ts'
import { moment, name, sentence, topicName } from './words.ts'

const FAILURES_MAX = 1_000
const STEPS_MAX = 200
const MIRROR_STATES = ['SOURCE_UNAVAILABLE', 'FAILED'] as const

const probe = z.strictObject({
  cluster: name.meta({ description: 'Whose brokers are asked.' }),
  region: name.meta({ description: 'Region or zone where the probe runs.' }),
  topic: topicName
    .optional()
    .meta({ description: 'Must have a leader on every partition; without it any answer will do.' }),
  every: duration.default(10_000_000),
  timeout: duration.default(5_000_000),
  failures: z.int().min(1).max(FAILURES_MAX).default(3),
})

const mirrorState = z.strictObject({
  link: name,
  state: z.enum(MIRROR_STATES).default('SOURCE_UNAVAILABLE'),
  every: duration
    .default(60_000_000)
    .meta({ description: 'How often the monitor looks at the state.' }),
})

const detect = z
  .strictObject({
    at: moment.optional().meta({ description: 'A planned switch: nothing is wrong.' }),
    probe: probe.optional().meta({ description: 'So many failures in a row raise the alarm.' }),
    mirror: mirrorState.optional().meta({ description: 'A mirror’s state raises the alarm.' }),
  })
  .refine(
    (one) => Object.values(one).filter((value) => value !== undefined).length === 1,
    'exactly one of at, probe and mirror sets a runbook off',
  )

const kinds = [...STEP_NAMES, ...COMMAND_NAMES]
const schemas = Object.fromEntries(
  kinds.map((kind) => {
    const { schema, doc } = stepWords(kind)
    return [kind, schema.optional().meta({ description: doc })] as const
  }),
)

const step = z
  .strictObject({
    takes: moment
      .default([0, 0])
      .meta({ description: 'Until it is done by whoever does it, before its effect.' }),
    ...schemas,
  })
  .transform((entry, context) => {
    const given: Readonly<Record<string, unknown>> = entry
    const named = kinds.filter((kind) => given[kind] !== undefined)
    const [kind] = named
    if (kind !== undefined && named.length === 1) {
      return { takes: entry.takes, step: stepOf(kind, given[kind]) }
    }
    const message =
      named.length === 0 ? 'the step names nothing to do' : `it names ${named.join(' and ')}`
    const fix = `write one of ${kinds.join(', ')}; further steps are entries of their own`
    context.issues.push({ code: 'custom', message, input: entry, params: { fix, isVague: true } })
    return z.NEVER
  })

export const runbook = z.strictObject({
  name,
  about: sentence.default(''),
  detect,
  decide: moment
    .default([0, 0])
    .meta({ description: 'From the alarm to the decision: people, or none.' }),
  steps: z.array(step).min(1).max(STEPS_MAX),
})

export type RunbookDocument = z.output<typeof runbook>
export type StepKindName = StepName | CommandName

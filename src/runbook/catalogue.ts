// The list of all steps of a runbook. A new one is a file and a line here. What an operator can
// order in the timetable can be ordered in a runbook too.

import type { z } from 'zod'
import { COMMANDS, FAULTS, type FaultSpec } from '../faults/catalogue.ts'
import { isKeyOf, keysOf } from '../sim/closed-table.ts'
import type { RunbookPort, StepDone, StepKind } from './step.ts'
import { startLink, stopLink } from './steps/links.ts'
import { manual } from './steps/manual.ts'
import { moveClients } from './steps/move-clients.ts'
import { repoint } from './steps/repoint.ts'
import { resetOffsets } from './steps/reset-offsets.ts'
import { startClients } from './steps/start-clients.ts'
import { stopClients } from './steps/stop-clients.ts'
import { waitUntil } from './steps/wait-until.ts'

export const STEPS = {
  manual,
  repoint,
  'move-clients': moveClients,
  'stop-clients': stopClients,
  'start-clients': startClients,
  'stop-link': stopLink,
  'start-link': startLink,
  'reset-offsets': resetOffsets,
  'wait-until': waitUntil,
} as const

export type StepName = keyof typeof STEPS
export type CommandName = (typeof COMMANDS)[number]

export const STEP_NAMES: readonly StepName[] = keysOf(STEPS)
export const COMMAND_NAMES: readonly CommandName[] = COMMANDS

type OwnStep = {
  [K in StepName]: {
    readonly kind: K
    readonly params: z.output<(typeof STEPS)[K]['schema']>
  }
}[StepName]

/** A step with its parameters, as its schema read them. */
export type StepSpec = OwnStep | Command

type Command = Extract<FaultSpec, { readonly kind: CommandName }>

/** The schema and the meaning of a step, whichever kind it is. */
export function stepWords(kind: StepName | CommandName): { schema: z.ZodObject; doc: string } {
  const { schema, doc } = isStep(kind) ? STEPS[kind] : FAULTS[kind]
  return { schema, doc }
}

/** A step with parameters that the schema of its kind has read. */
export function stepOf(kind: StepName | CommandName, params: unknown): StepSpec {
  return { kind, params } as StepSpec
}

/** Does what a step says. */
export function performStep(port: RunbookPort, step: StepSpec, done: StepDone): void {
  if (!isOwn(step)) {
    port.command(step)
    done('done')
    return
  }
  const kind: StepKind<string, z.ZodObject> = STEPS[step.kind]
  kind.perform(port, step.params, done)
}

function isStep(kind: string): kind is StepName {
  return isKeyOf(STEPS, kind)
}

function isOwn(step: StepSpec): step is OwnStep {
  return isStep(step.kind)
}

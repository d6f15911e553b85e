// The settings of a link as a run prints them: those in force on it and on its clients and workers,
// and which of them the file itself has written. A system's defaults are its own and not always
// Kafka's, so that only the file knows what somebody chose.

import { z } from 'zod'
import { exactText } from '../../../sim/long-text.ts'
import { type LinkDocument, link as linkSchema } from '../../document/links.ts'
import type { LinkSetting, LinkSpec } from '../../links.ts'

/** Parts whose keys are Kafka's, with the values that were resolved. */
const RESOLVED = ['config', 'controller', 'worker', 'producer', 'consumer'] as const
/** Parts of a language of their own: the schema fills in what the file leaves out. */
const OWN = ['options', 'knobs', 'handler'] as const

type Parts = Partial<Record<(typeof RESOLVED)[number] | (typeof OWN)[number], object>>

/** By part of the link and then by name, each with whether the file wrote it. */
export function linkSettings(link: LinkDocument, spec: LinkSpec): LinkSetting[] {
  const written: Parts = link
  const resolved: Parts = spec
  return [
    ...RESOLVED.flatMap((part) => rows(link, part, resolved[part], written[part])),
    ...OWN.flatMap((part) => rows(link, part, written[part], written[part])),
  ]
}

function rows(
  { system }: LinkDocument,
  part: keyof Parts,
  values: object | undefined,
  written: object | undefined,
): LinkSetting[] {
  const defaults = new Map(Object.entries(schemaDefaults(system, part)))
  const inFile = new Map(Object.entries(written ?? {}))
  return Object.entries(values ?? {}).map(([name, value]) => ({
    part,
    name,
    value: exactText(value),
    isWritten: inFile.has(name) && defaults.get(name) !== inFile.get(name),
  }))
}

/** What the schema itself writes where the file is silent; nothing for parts of free keys. */
function schemaDefaults(system: LinkDocument['system'], part: keyof Parts): object {
  const own = linkSchema.options.find(({ shape }) => shape.system.value === system)
  let schema: unknown = Object.entries(own?.shape ?? {}).find(([key]) => key === part)?.[1]
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) schema = schema.unwrap()
  return schema instanceof z.ZodObject ? schema.partial().parse({}) : {}
}

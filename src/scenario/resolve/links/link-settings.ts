// The settings of a link as a run prints them: those in force on it and on its clients and workers,
// and which of them the file itself has written. A system's defaults are its own and not always
// Kafka's, so that only the file knows what somebody chose.

import { z } from 'zod'
import { DIALLING_SETTINGS } from '../../../kafka/settings/cluster-link.ts'
import { exactText } from '../../../sim/long-text.ts'
import { type LinkDocument, link as linkSchema } from '../../document/links.ts'
import type { LinkSetting, LinkSpec } from '../../links.ts'

/** Parts whose keys are Kafka's, with the values that were resolved. */
const RESOLVED = ['config', 'controller', 'worker', 'producer', 'consumer'] as const
/** Parts of a language of their own: the schema fills in what the file leaves out. */
const OWN = ['options', 'knobs', 'handler'] as const

type Part = (typeof RESOLVED)[number] | (typeof OWN)[number] | 'source'
type Parts = Partial<Record<Part, object | null>>

/** By part of the link and then by name, each with whether the file wrote it. */
export function linkSettings(link: LinkDocument, spec: LinkSpec): LinkSetting[] {
  const written: Parts = link
  const resolved: Parts = spec
  return [
    ...RESOLVED.flatMap((part) => rows(link, part, resolved[part], written[part])),
    ...diallingRows(link, resolved.source, written.source),
    ...OWN.flatMap((part) => rows(link, part, written[part], written[part])),
  ]
}

/** The side that dials reads no others; there is none where the destination dials. */
function diallingRows(
  link: LinkDocument,
  values: object | null | undefined,
  written: object | null | undefined,
): LinkSetting[] {
  return rows(link, 'source', values, written).filter(({ name }) =>
    DIALLING_SETTINGS.includes(name),
  )
}

function rows(
  { system }: LinkDocument,
  part: keyof Parts,
  values: object | null | undefined,
  written: object | null | undefined,
): LinkSetting[] {
  const defaults = new Map(Object.entries(schemaDefaults(system, part)))
  const inFile = new Map(Object.entries(written ?? {}))
  return Object.entries(values ?? {}).map(([name, value]) => ({
    part,
    name,
    value: textOf(value),
    isWritten: inFile.has(name) && textOf(defaults.get(name)) !== textOf(inFile.get(name)),
  }))
}

/** A length of time that is drawn, in micros from and to, as files have it. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return exactText(value)
  return [...new Set(value)].map((micros) => `${Number(micros) / 1_000_000}s`).join(' to ')
}

/** What the schema itself writes where the file is silent; nothing for parts of free keys. */
function schemaDefaults(system: LinkDocument['system'], part: keyof Parts): object {
  const own = linkSchema.options.find(({ shape }) => shape.system.value === system)
  let schema: unknown = Object.entries(own?.shape ?? {}).find(([key]) => key === part)?.[1]
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) schema = schema.unwrap()
  return schema instanceof z.ZodObject ? schema.partial().parse({}) : {}
}

// The JSON Schema of a scenario file, from the one definition; and the keys it knows at a place.

import { z } from 'zod'
import { fieldOf } from '../sim/plain-data.ts'
import { scenarioDocument } from './document/document.ts'
import type { Path } from './problem.ts'

export interface JsonSchema {
  readonly [key: string]: unknown
}

let cached: JsonSchema | null = null

/** Draft 2020-12. Give it to an editor as `$schema`, or as yaml-language-server's. */
export function schemaDocument(): JsonSchema {
  cached ??= {
    title: 'Highwater scenario',
    ...z.toJSONSchema(scenarioDocument, { io: 'input', unrepresentable: 'any' }),
  }
  return cached
}

/**
 * The keys that a file may have at a path; [] where it is no mapping with fixed keys. Of several
 * kinds of mapping it is the one that `value` says it is, by a word such as `system:`.
 */
export function keysAt(path: Path, value?: unknown): readonly string[] {
  let schemas: readonly JsonSchema[] = [schemaDocument()]
  for (const part of path) schemas = schemas.flatMap((schema) => stepInto(schema, part))
  const kinds = schemas.flatMap(alternatives).filter((schema) => isOfKind(schema, value))
  return [...new Set(kinds.flatMap((schema) => Object.keys(asSchema(schema.properties))))]
}

function isOfKind({ properties }: JsonSchema, value: unknown): boolean {
  return Object.entries(asSchema(properties)).every(([key, property]) => {
    const word = asSchema(property).const
    const written = fieldOf(value, key)
    return word === undefined || written === undefined || word === written
  })
}

function stepInto(schema: JsonSchema, part: string | number): JsonSchema[] {
  return alternatives(schema).flatMap((one) => {
    if (typeof part === 'number') return isSchema(one.items) ? [one.items] : []
    const property = asSchema(one.properties)[part]
    if (isSchema(property)) return [property]
    return isSchema(one.additionalProperties) ? [one.additionalProperties] : []
  })
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  const choices = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) =>
    Array.isArray(list) ? list.filter(isSchema) : [],
  )
  return [schema, ...choices.flatMap(alternatives)]
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asSchema(value: unknown): JsonSchema {
  return isSchema(value) ? value : {}
}

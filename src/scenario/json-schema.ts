// The JSON Schema of a scenario file, from the one definition; and the keys it knows at a place.

import { z } from 'zod'
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

/** The keys that a file may have at a path; [] where it is no mapping with fixed keys. */
export function keysAt(path: Path): readonly string[] {
  let schemas: readonly JsonSchema[] = [schemaDocument()]
  for (const part of path) schemas = schemas.flatMap((schema) => stepInto(schema, part))
  return schemas.flatMap(alternatives).flatMap((schema) => Object.keys(asSchema(schema.properties)))
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

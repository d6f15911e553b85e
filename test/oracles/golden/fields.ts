import { isObject, type Json, type JsonObject } from './compare.ts'

/** A field of a case is absent or of the wrong kind: the file, not the replay, is at fault. */
export class MalformedVector extends Error {}

function wrong(object: JsonObject, key: string, kind: string): never {
  const shown = JSON.stringify(object).slice(0, 160)
  throw new MalformedVector(`field '${key}' should be ${kind} in ${shown}`)
}

export function num(object: JsonObject, key: string): number {
  const value = object[key]
  return typeof value === 'number' ? value : wrong(object, key, 'a number')
}

export function numOr<T>(object: JsonObject, key: string, otherwise: T): number | T {
  return object[key] === undefined || object[key] === null ? otherwise : num(object, key)
}

export function str(object: JsonObject, key: string): string {
  const value = object[key]
  return typeof value === 'string' ? value : wrong(object, key, 'a string')
}

export function strOr<T>(object: JsonObject, key: string, otherwise: T): string | T {
  return object[key] === undefined || object[key] === null ? otherwise : str(object, key)
}

/** A flag; absent means false unless `otherwise` says more. */
export function flag(object: JsonObject, key: string, otherwise = false): boolean {
  const value = object[key]
  if (value === undefined || value === null) return otherwise
  return typeof value === 'boolean' ? value : wrong(object, key, 'true or false')
}

export function nums(object: JsonObject, key: string): number[] {
  return numbersOf(object[key]) ?? wrong(object, key, 'a list of numbers')
}

export function numsOr<T>(object: JsonObject, key: string, otherwise: T): number[] | T {
  return object[key] === undefined || object[key] === null ? otherwise : nums(object, key)
}

export function numbersOf(value: Json | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const numbers = value.filter((item) => typeof item === 'number')
  return numbers.length === value.length ? numbers : undefined
}

export function list(object: JsonObject, key: string): Json[] {
  const value = object[key]
  return Array.isArray(value) ? value : wrong(object, key, 'a list')
}

export function objects(object: JsonObject, key: string): JsonObject[] {
  return list(object, key).map((item) =>
    isObject(item) ? item : wrong(object, key, 'a list of objects'),
  )
}

export function object(parent: JsonObject, key: string): JsonObject {
  const value = parent[key]
  return isObject(value) ? value : wrong(parent, key, 'an object')
}

// Choices as plain data, and documents made of them without what is left out. A choice is drawn as
// a number and looked up in whatever there is to choose from: so choices do not depend on one
// another, and each of them shrinks alone.

import fc from 'fast-check'
import { keysOf } from '../sim/closed-table.ts'

/** A number that picks from a list of any length; the first one is the simplest. */
export const choice: fc.Arbitrary<number> = fc.nat(59)

/** Mostly nothing, which is also what it shrinks to. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return simplestOf(3, fc.constant(undefined), arbitrary)
}

/** As often nothing as something. */
export function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return simplestOf(1, fc.constant(undefined), arbitrary)
}

/** The first one `weight` times as often as the second, which shrinks to the first. */
export function simplestOf<A, B>(
  weight: number,
  first: fc.Arbitrary<A>,
  second: fc.Arbitrary<B>,
): fc.Arbitrary<A | B> {
  const often = { weight, arbitrary: first }
  const once = { weight: 1, arbitrary: second }
  return fc.oneof({ withCrossShrink: true }, often, once)
}

/** The element that a choice means. */
export function chosen<T>(list: readonly T[], number: number): T {
  if (list.length === 0) throw new Error('there is nothing to choose from')
  return list[number % list.length]
}

/** An object without its undefined values; undefined where nothing is left. */
export function filled<T extends object>(object: T): Partial<T> | undefined {
  const kept: Partial<T> = {}
  for (const name of keysOf(object)) if (object[name] !== undefined) kept[name] = object[name]
  return keysOf(kept).length === 0 ? undefined : kept
}

/** `filled` for names of which the compiler knows no list, such as settings. */
export function filledRecord<V>(
  record: Readonly<Record<string, V | undefined>>,
): Record<string, V> | undefined {
  const kept: Record<string, V> = {}
  for (const [name, value] of Object.entries(record)) if (value !== undefined) kept[name] = value
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** '250ms'; '2s' for whole seconds. */
export function time(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}

// Keys of a text that plain values cannot keep: of two alike YAML would silently take one, and
// __proto__ would vanish, because JavaScript keeps something else under that name.

import { isMap, isScalar, isSeq, type LineCounter } from 'yaml'
import type { Finding, Path } from './problem.ts'

const DEFECTS_MAX = 50

/** A key of a mapping, and the mapping's own path. */
interface Key {
  readonly name: string
  readonly path: Path
  readonly offset: number
}

/** What is wrong with the keys of a document, each with its place. */
export function keyDefects(
  contents: unknown,
  lines: LineCounter,
): (Finding & { readonly place: { readonly line: number; readonly column: number } })[] {
  const found = []
  for (const { key, isSecond } of keysIn(contents, [])) {
    const finding = findingOf(key, isSecond)
    if (finding === null) continue
    const { line, col } = lines.linePos(key.offset)
    found.push({ ...finding, place: { line, column: col } })
    if (found.length >= DEFECTS_MAX) break
  }
  return found
}

function findingOf({ name, path }: Key, isSecond: boolean): Finding | null {
  if (isSecond) {
    const message = `the key "${name.slice(0, 80)}" is there twice`
    return { path: [], message, fix: 'keep one of them' }
  }
  if (name !== '__proto__') return null
  const message = '"__proto__" cannot be a key'
  return { path: [...path, name], message, fix: 'remove it, or write the name that was meant' }
}

function* keysIn(node: unknown, path: Path): Generator<{ key: Key; isSecond: boolean }> {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* keysIn(item, [...path, index])
  }
  if (!isMap(node)) return
  const seen = new Set<string>()
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : null
    if (name !== null) {
      const isSecond = name !== '<<' && seen.has(name)
      yield { key: { name, path, offset: offsetOf(key) }, isSecond }
      seen.add(name)
    }
    yield* keysIn(value, [...path, name ?? ''])
  }
}

function offsetOf(key: unknown): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0
}

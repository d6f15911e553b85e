// What a reader is told beside names and types: the comment before what a file exports.

import type { SourceFile } from './source-code.ts'

/** A function or class that a file exports; overloads of a name are one. */
export interface Exported {
  readonly path: string
  /** Of its first line, from 1. */
  readonly line: number
  readonly name: string
  readonly hasDocstring: boolean
}

const EXPORTED = /^export (?:default )?(?:abstract )?(?:async )?(?:function\*?|class) (\w+)/

/** The functions and classes that a file exports by name, in the order of the file. */
export function exportedBy(file: SourceFile): Exported[] {
  const found = new Map<string, Exported>()
  for (const [index, code] of file.code.entries()) {
    const name = EXPORTED.exec(code)?.[1]
    if (name === undefined || found.has(name)) continue
    found.set(name, {
      path: file.path,
      line: index + 1,
      name,
      hasDocstring: endsInDocstring(file.lines.slice(0, index)),
    })
  }
  return [...found.values()]
}

/** Whether the last thing before it is a docstring; a word to the linter may stand between. */
function endsInDocstring(before: readonly string[]): boolean {
  const last = before.findLastIndex((line) => !line.startsWith('// biome-ignore'))
  if (before[last]?.trimEnd().endsWith('*/') !== true) return false
  const first = before.findLastIndex((line, index) => index <= last && line.includes('/*'))
  return before[first]?.startsWith('/**') === true
}

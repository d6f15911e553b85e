// Doors that nobody goes through: what a file exports, and no other file has the name of.

import type { SourceFile } from './source-code.ts'

const EXPORTED = /^export (?:abstract )?(?:const|let|function\*?|class) (\w+)/gm

/** Functions, classes and values of `sources` that no other of all `files` names. */
export function unusedExports(
  sources: readonly SourceFile[],
  files: readonly SourceFile[],
): string[] {
  const users = new Map<string, Set<string>>()
  for (const { path, code } of files) {
    for (const [word] of code.join('\n').matchAll(/\w+/g)) {
      const known = users.get(word)
      if (known === undefined) users.set(word, new Set([path]))
      else known.add(path)
    }
  }
  return sources.flatMap(({ path, code }) => {
    const names = [...code.join('\n').matchAll(EXPORTED)].map(([, name = '']) => name)
    const unused = names.filter((name) => users.get(name)?.size === 1)
    return unused.map((name) => `${path}: nobody imports ${name}`)
  })
}

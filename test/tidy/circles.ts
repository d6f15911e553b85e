import { dirname, join } from 'node:path'
import { importsOf, type SourceFile } from './source-code.ts'

/**
 * Groups of files each of which imports, perhaps through others, every other one, types included:
 * nobody can read them one after the other. Kosaraju's algorithm: files in the order in which
 * they are left, then backwards.
 */
export function importCircles(files: readonly SourceFile[]): string[][] {
  const imports = new Map(files.map((file) => [file.path, targetsOf(file)]))
  const importers = new Map<string, string[]>()
  for (const [from, targets] of imports) {
    for (const to of targets) importers.set(to, [...(importers.get(to) ?? []), from])
  }
  const left: string[] = []
  const seen = new Set<string>()
  for (const path of imports.keys()) visit(path, imports, seen, left)
  const placed = new Set<string>()
  const circles: string[][] = []
  for (const path of left.reverse()) {
    const group: string[] = []
    visit(path, importers, placed, group)
    if (group.length > 1) circles.push(group.sort())
  }
  return circles
}

/** Depth first; a path is added to `left` when all that it leads to has been seen. */
function visit(
  path: string,
  edges: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
  left: string[],
): void {
  if (seen.has(path)) return
  seen.add(path)
  for (const next of edges.get(path) ?? []) visit(next, edges, seen, left)
  left.push(path)
}

function targetsOf(file: SourceFile): string[] {
  return importsOf(file)
    .filter(({ module }) => module.startsWith('.'))
    .map(({ module }) => join(dirname(file.path), module))
}

// A copy of plain data without the values at some paths.

import type { Path } from './problem.ts'

interface Cut {
  here: boolean
  readonly below: Map<string, Cut>
}

/** Leaves out what stands at each path. List entries become `undefined`-free: they stay in place. */
export function pruned(value: unknown, paths: readonly Path[]): unknown {
  const root: Cut = { here: false, below: new Map() }
  for (const path of paths) {
    let cut = root
    for (const part of path) {
      const next = cut.below.get(String(part)) ?? { here: false, below: new Map() }
      cut.below.set(String(part), next)
      cut = next
    }
    cut.here = true
  }
  return without(value, root)
}

function without(value: unknown, cut: Cut): unknown {
  if (cut.below.size === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const below = cut.below.get(String(index))
      if (below === undefined) return [item]
      return below.here ? [] : [without(item, below)]
    })
  }
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const below = cut.below.get(key)
    if (below === undefined) copy[key] = item
    else if (!below.here) copy[key] = without(item, below)
  }
  return copy
}

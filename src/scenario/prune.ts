// A copy of plain data without the values at some paths, and the way back to the original's paths.

import type { Path } from './problem.ts'

interface Cut {
  here: boolean
  readonly below: Map<string, Cut>
}

/** Paths given to `cut` are those of the original, however much was cut before. */
export class Pruning {
  readonly #root: Cut = { here: false, below: new Map() }

  /** Leaves out what stands at a path; entries of a list behind it move up. */
  cut(path: Path): void {
    let cut = this.#root
    for (const part of path) {
      const next = cut.below.get(String(part)) ?? { here: false, below: new Map() }
      cut.below.set(String(part), next)
      cut = next
    }
    cut.here = true
  }

  /** The value itself where nothing of it was cut. */
  apply(value: unknown): unknown {
    return without(value, this.#root)
  }

  /** The path in the original of a path in the copy. */
  original(path: Path): Path {
    let cut: Cut | undefined = this.#root
    return path.map((part) => {
      const place: string | number = typeof part === 'number' ? originalIndex(part, cut) : part
      cut = cut?.below.get(String(place))
      return place
    })
  }
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
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const below = cut.below.get(key)
    if (below === undefined) return [[key, item]]
    return below.here ? [] : [[key, without(item, below)]]
  })
  return Object.fromEntries(entries)
}

function originalIndex(index: number, cut: Cut | undefined): number {
  let original = 0
  let left = index
  while (cut !== undefined) {
    if (!cut.below.get(String(original))?.here) {
      if (left === 0) break
      left--
    }
    original++
  }
  return cut === undefined ? index : original
}

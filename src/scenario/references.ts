// The unknown names of a file whose shape is wrong elsewhere. The broken parts are taken out and
// what is left is resolved; only findings that stand whatever those parts were are kept.

import { scenarioDocument } from './document/document.ts'
import type { Finding, Path } from './problem.ts'
import { Pruning } from './prune.ts'
import { Findings } from './resolve/findings.ts'
import { resolveScenario } from './resolve/scenario.ts'

/** Each round takes out one level more around what is still broken. */
const ROUNDS_MAX = 6

/**
 * The kinds of names that may be known after all when the part at a path is broken. `cut` is what
 * was taken out: a whole entry (two steps or fewer), or one of its values.
 */
function doubtfulKinds(cut: Path): readonly string[] {
  const [part, , key] = cut
  const isEntry = cut.length <= 2
  switch (part) {
    case 'regions':
      return isEntry ? ['region', 'zone', 'rack'] : key === 'zones' ? ['zone'] : []
    case 'cluster':
    case 'clusters':
      return isEntry || typeof key === 'number' ? ['broker', 'host', 'process', 'rack'] : []
    case 'topics':
      if (isEntry || key === 'name') return ['topic', 'partition']
      return key === 'config' ? [] : ['partition']
    case 'producers':
    case 'consumers':
      return isEntry || typeof key !== 'string' || SEATING.includes(key) ? ['host', 'process'] : []
    case 'objectives':
      return ['objective of this file']
    default:
      return []
  }
}

const SEATING: readonly string[] = ['name', 'count', 'region', 'regions']

/**
 * Paths are those of the original. None where even what is left has no valid shape after some
 * rounds of cutting wider.
 */
export function referenceFindings(
  value: unknown,
  broken: readonly Path[],
  name: string,
): Finding[] {
  const pruning = new Pruning()
  const doubtful = new Set<string>()
  let paths = broken
  for (let round = 0; round < ROUNDS_MAX; round++) {
    for (const path of paths) {
      const cut = path.slice(0, Math.max(Math.min(2, path.length), path.length - round))
      pruning.cut(cut)
      for (const kind of doubtfulKinds(cut)) doubtful.add(kind)
    }
    const result = scenarioDocument.safeParse(pruning.apply(value))
    if (result.success) {
      const findings = new Findings()
      resolveScenario(result.data, name, findings)
      return findings.list
        .filter(({ reference }) => reference !== undefined && !isDoubtful(reference, doubtful))
        .map((finding) => ({ ...finding, path: pruning.original(finding.path) }))
    }
    paths = result.error.issues.map(({ path }) => pruning.original(path.map(plain)))
  }
  return []
}

function isDoubtful(reference: string, doubtful: ReadonlySet<string>): boolean {
  return doubtful.has(reference) || (reference.startsWith('zone of') && doubtful.has('zone'))
}

function plain(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part)
}

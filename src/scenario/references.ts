// The unknown names of a file whose shape is wrong elsewhere. The broken parts are taken out and
// what is left is resolved; only findings that stand whatever those parts were are kept.

import { scenarioDocument } from './document/document.ts'
import type { Finding, Path } from './problem.ts'
import { Pruning } from './prune.ts'
import { Findings } from './resolve/findings.ts'
import { resolveScenario } from './resolve/scenario.ts'

/** Each round takes out one level more around what is still broken. */
const ROUNDS_MAX = 6

/** What a part of the file gives names to; a name may be known after all if its part is broken. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  regions: ['region', 'zone', 'rack'],
  cluster: ['broker', 'host', 'process', 'rack'],
  topics: ['topic', 'partition'],
  producers: ['host', 'process'],
  consumers: ['host', 'process'],
  objectives: ['objective of this file'],
}

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
      const cut = path.slice(0, Math.max(1, path.length - round))
      pruning.cut(cut)
      for (const kind of NAMED_BY[String(cut[0])] ?? []) doubtful.add(kind)
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

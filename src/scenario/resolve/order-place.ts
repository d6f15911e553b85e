// Which cluster an order of an operator is for: it names one thing, and where there are several
// clusters it names one.

import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'

/** What an order may name; a topic says its cluster, and a broker's id is of one alone. */
interface Place {
  readonly topic?: string | undefined
  readonly broker?: number | undefined
  readonly cluster?: string | undefined
}

/** Topics and brokers themselves are looked up elsewhere. */
export function checkOrdersPlace(
  path: Path,
  place: Place,
  clusters: readonly string[],
  findings: Findings,
): void {
  const known = Object.keys(place)
  const named = Object.values(place).filter((one) => one !== undefined).length
  if (named > 1) {
    const fix = `keep one: ${known.slice(0, -1).join(', ')} or ${known.at(-1)}`
    findings.error(path, 'an order for two things at once', fix)
  }
  const { cluster } = place
  if (cluster !== undefined && !clusters.includes(cluster)) {
    findings.unknown([...path, 'cluster'], 'cluster', cluster, clusters)
  }
  if (named === 0 && clusters.length > 1) {
    const fix = `write cluster: ${clusters.join(' or cluster: ')}, once for each that is meant`
    findings.error(path, 'there are several clusters, and it names none', fix)
  }
}

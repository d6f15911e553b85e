// What Confluent's docs are said to advise against in a net of cluster links: told, and played all
// the same, since only secondary sources have it.

import type { ClusterLinkSpec } from '../../links.ts'
import type { Scenario } from '../../model.ts'
import type { Findings } from '../findings.ts'

const SOURCES_MAX = 10

/** Notes hubs with many sources, and chains whose second link makes its mirrors with a prefix. */
export function noteLinkLimits({ links }: Pick<Scenario, 'links'>, findings: Findings): void {
  const own = links.flatMap((link, index) =>
    link.system === 'cluster-link' ? [{ link, index }] : [],
  )
  const sources = new Map<string, Set<string>>()
  for (const { link, index } of own) {
    const known = sources.get(link.to) ?? new Set<string>()
    sources.set(link.to, known.add(link.from))
    if (known.size === SOURCES_MAX + 1) {
      const end = 'which Confluent advises against'
      findings.note(['links', index], `${link.to} has more than ${SOURCES_MAX} sources, ${end}`)
    }
    // A link back is no chain: two active sites have both, with prefixes.
    const isChain = own.some((one) => one.link.to === link.from && one.link.from !== link.to)
    if (isChain && makesWithPrefix(link)) {
      const message = 'in a chain Confluent makes no mirrors by itself under a prefix'
      findings.note(['links', index, 'config', 'cluster.link.prefix'], message)
    }
  }
}

function makesWithPrefix({ autoMirrors, config }: ClusterLinkSpec): boolean {
  return autoMirrors.length > 0 && config['cluster.link.prefix'] !== null
}

// A cluster link that makes mirrors by itself is made once the topics of the file are there, as
// kafka-cluster-links --create would do it: from then on it looks for what its filters name. One
// whose file has cluster.link.paused is told so.

import { mirrorFilters } from '../../mirror/cluster-mirror/filters.ts'
import type { BrokerLinkSpec } from '../../scenario/links.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'

/** null where its mirrors are all in the file: the link is there with them. */
export function newClusterLink(
  spec: BrokerLinkSpec,
  around: ReplicatorSurroundings,
): Replicator | null {
  const { name, to } = spec
  const paused = spec.system === 'cluster-link' && spec.config['cluster.link.paused']
  if (!makesMirrors(spec) && !paused) return null
  let isMade = false
  return {
    name,
    startsAt: 0,
    start() {
      const request = { api: 'AlterClusterLink' as const, link: name, paused }
      around.clusterOf(to).operator.order(request, () => {
        isMade = true
      })
    },
    isReady: () => isMade,
  }
}

function makesMirrors(spec: BrokerLinkSpec): boolean {
  if (spec.system === 'cluster-link') return spec.autoMirrors.length > 0
  return mirrorFilters(spec.config).topics !== null
}

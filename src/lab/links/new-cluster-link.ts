// A cluster link that makes mirrors by itself is made once the topics of the file are there, as
// kafka-cluster-links --create would do it: from then on it looks for what its filters name.

import type { ClusterLinkSpec } from '../../scenario/links.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'

/** null where its mirrors are all in the file: the link is there with them. */
export function newClusterLink(
  { name, to, autoMirrors }: ClusterLinkSpec,
  around: ReplicatorSurroundings,
): Replicator | null {
  if (autoMirrors.length === 0) return null
  let isMade = false
  return {
    name,
    startsAt: 0,
    start() {
      const request = { api: 'AlterClusterLink' as const, link: name, paused: false }
      around.clusterOf(to).operator.order(request, () => {
        isMade = true
      })
    },
    isReady: () => isMade,
  }
}

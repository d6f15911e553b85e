// The links of a scenario that have processes of their own, each by the system that carries it.
// Cluster links live in brokers: cluster-links.ts; here some of them are made.

import { Provenance } from '../../mirror/replicator/provenance.ts'
import type { LinkSpec } from '../../scenario/links.ts'
import type { LiveCluster } from '../live-cluster.ts'
import { liveBrooklin } from './brooklin.ts'
import { liveConfluentReplicator } from './confluent-replicator.ts'
import { liveConnect } from './connect.ts'
import { liveFlink } from './flink.ts'
import { liveMirrorMaker1 } from './mirror-maker1.ts'
import { liveMirrorMaker2 } from './mirror-maker2.ts'
import { liveMirus } from './mirus.ts'
import { newClusterLink } from './new-cluster-link.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { liveUReplicator } from './ureplicator.ts'

/** Builds every one; none is started yet. */
export function replicatorsOf(around: LinkedClusters): Replicator[] {
  const provenance = new Provenance()
  const found = around.scenario.links.map((spec) =>
    replicatorOf(spec, seenBy(spec, around), provenance),
  )
  return found.filter((replicator) => replicator !== null)
}

/** What links are built from, before it is said who looks at the clusters. */
interface LinkedClusters extends Omit<ReplicatorSurroundings, 'clusterOf'> {
  clusterOf(name: string): LiveCluster
}

/** A link comes to its clusters as its own principal. */
function seenBy({ principal }: LinkSpec, around: LinkedClusters): ReplicatorSurroundings {
  const clusterOf = (name: string) => {
    const live = around.clusterOf(name)
    const { spec, cluster, operator } = live
    return { spec, cluster, operator, port: live.portAs(principal) }
  }
  return { ...around, clusterOf }
}

function replicatorOf(
  spec: LinkSpec,
  around: ReplicatorSurroundings,
  provenance: Provenance,
): Replicator | null {
  switch (spec.system) {
    case 'mirror-maker2':
      return liveMirrorMaker2(spec, around)
    case 'mirus':
      return liveMirus(spec, around)
    case 'connect':
      return liveConnect(spec, around)
    case 'replicator':
      return liveConfluentReplicator(spec, around, provenance)
    case 'mirror-maker1':
      return liveMirrorMaker1(spec, around)
    case 'brooklin':
      return liveBrooklin(spec, around)
    case 'flink':
      return liveFlink(spec, around)
    case 'ureplicator':
      return liveUReplicator(spec, around)
    case 'cluster-link':
    case 'cluster-mirror':
      return newClusterLink(spec, around)
  }
}

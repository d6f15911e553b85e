// The links of a scenario that have processes of their own, each by the system that carries it.
// Cluster links live in brokers: cluster-links.ts.

import type { LinkSpec } from '../../scenario/links.ts'
import { LiveMirrorMaker2 } from './mirror-maker2.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'

/** Builds every one; none is started yet. */
export function replicatorsOf(around: ReplicatorSurroundings): Replicator[] {
  const found = around.scenario.links.map((spec) => replicatorOf(spec, around))
  return found.filter((replicator) => replicator !== null)
}

function replicatorOf(spec: LinkSpec, around: ReplicatorSurroundings): Replicator | null {
  switch (spec.system) {
    case 'mirror-maker2':
      return new LiveMirrorMaker2(spec, around)
    case 'cluster-link':
      return null
  }
}

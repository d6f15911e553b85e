// The clusters of a scenario: the only one, or several by name.

import type { ClusterDocument, NodesDocument } from '../document/cluster.ts'
import { cluster as clusterSchema } from '../document/cluster.ts'
import type { ScenarioDocument } from '../document/document.ts'
import type { ClusterSpec, RegionSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import { resolveCluster } from './cluster.ts'
import { Findings } from './findings.ts'
import { NodeIds } from './node-ids.ts'
import type { Release } from './release.ts'

interface Written {
  readonly path: Path
  readonly name: string
  readonly document: Omit<ClusterDocument, 'name'>
}

/** Never empty: where the file has no cluster, that is a finding and a placeholder stands in. */
export function resolveClusters(
  document: ScenarioDocument,
  regions: readonly RegionSpec[],
  release: Release,
  findings: Findings,
): [ClusterSpec, ...ClusterSpec[]] {
  const written = writtenClusters(document, findings)
  const ids = new NodeIds(written.flatMap((one) => idsOf(one.document)))
  const [first, ...others] = written.map(({ path, name, document }) =>
    resolveCluster(document, { path, name, regions, release, ids }, findings),
  )
  return first === undefined ? [placeholder(regions, release)] : [first, ...others]
}

function writtenClusters(
  { cluster, clusters }: ScenarioDocument,
  findings: Findings,
): readonly Written[] {
  if (cluster !== undefined && clusters !== undefined) {
    const fix = 'move the one under cluster to clusters, or drop clusters'
    findings.error(['clusters'], 'cluster and clusters exclude each other', fix)
  }
  if (clusters !== undefined) {
    return Object.entries(clusters).map(([name, document]) => {
      return { path: ['clusters', name], name, document }
    })
  }
  if (cluster === undefined) {
    const fix = 'write cluster: {brokers: {REGION: 3}, controllers: {…}}, or clusters: {NAME: …}'
    findings.error(['cluster'], 'there is no cluster', fix)
    return []
  }
  return [{ path: ['cluster'], name: cluster.name, document: cluster }]
}

function idsOf({ brokers, controllers }: Written['document']): number[] {
  const listed = (nodes: NodesDocument) => (Array.isArray(nodes) ? nodes : [])
  return [...listed(brokers), ...listed(controllers)].flatMap(({ id }) => id ?? [])
}

/** Stands in for a cluster that the file forgot, so that the rest of it can be read. */
function placeholder(regions: readonly RegionSpec[], release: Release): ClusterSpec {
  const document = clusterSchema.parse({ brokers: {} })
  const place = { path: [], name: document.name, regions, release, ids: new NodeIds([]) }
  return resolveCluster(document, place, new Findings())
}

/** Its nodes that are brokers, alone or beside a controller. */
export function brokersOf({ nodes }: Pick<ClusterSpec, 'nodes'>): ClusterSpec['nodes'] {
  return nodes.filter(({ roles }) => roles.includes('broker'))
}

/**
 * The cluster that an entry names, or the only one; where there are several it must say which.
 * @param path of the entry that has the key `cluster`
 */
export function clusterNamed(
  path: Path,
  name: string | undefined,
  clusters: readonly [ClusterSpec, ...ClusterSpec[]],
  findings: Findings,
): ClusterSpec {
  const known = clusters.map((cluster) => cluster.name)
  const found = clusters.find((cluster) => cluster.name === name)
  if (found !== undefined) return found
  if (name !== undefined) findings.unknown([...path, 'cluster'], 'cluster', name, known)
  else if (clusters.length > 1) {
    const fix = `write cluster: ${known.join(' or cluster: ')}`
    findings.error(path, 'it does not say of which cluster it is', fix)
  }
  return clusters[0]
}

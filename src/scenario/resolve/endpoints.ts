// Where clients connect: clusters by name, and endpoints that lead to one.

import type { EndpointsDocument } from '../document/endpoints.ts'
import type { ConsumerDocument, ProducerDocument } from '../document/load.ts'
import type { ClientAccess, ClusterSpec, EndpointSpec, RegionSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import { clusterNamed } from './clusters.ts'
import type { Findings } from './findings.ts'
import type { Surroundings } from './surroundings.ts'

type Clusters = readonly [ClusterSpec, ...ClusterSpec[]]

/**
 * In the order of the file. An endpoint that bears a cluster's name is a finding: clients could not
 * tell them apart.
 */
export function resolveEndpoints(
  document: EndpointsDocument,
  clusters: Clusters,
  regions: readonly RegionSpec[],
  findings: Findings,
): EndpointSpec[] {
  return Object.entries(document).map(([name, endpoint]) => {
    const path = ['endpoints', name]
    if (clusters.some((cluster) => cluster.name === name)) {
      findings.error(path, `${name} is a cluster`, 'give the endpoint a name of its own')
    }
    const { name: cluster } = clusterNamed(path, endpoint.cluster, clusters, findings)
    checkProxy([...path, 'proxy'], endpoint, regions, findings)
    return { name, ...endpoint, cluster }
  })
}

function checkProxy(
  path: Path,
  { kind, proxy }: EndpointsDocument[string],
  regions: readonly RegionSpec[],
  findings: Findings,
): void {
  if (proxy === undefined) return
  if (kind === 'dns') {
    const fix = 'write kind: load-balancer or kind: gateway'
    findings.error(path, 'a name is looked up, and nothing goes through it', fix)
  }
  const known = regions.map(({ name }) => name)
  if (proxy.region !== undefined && !known.includes(proxy.region)) {
    findings.unknown([...path, 'region'], 'region', proxy.region, known)
  }
}

export interface Reach {
  readonly cluster: ClusterSpec
  readonly access: ClientAccess
}

/** The cluster that a client works with at first, and the addresses that it is given. */
export function reachOf(
  path: Path,
  client: ProducerDocument | ConsumerDocument,
  { clusters, endpoints }: Surroundings,
  findings: Findings,
): Reach {
  const { name: entry, bootstrap, dnsCache, standby, principal } = client
  const known = [...clusters, ...endpoints].map(({ name }) => name)
  for (const name of bootstrap ?? []) {
    if (!known.includes(name)) {
      findings.unknown([...path, 'bootstrap'], 'cluster or endpoint', name, known)
    }
  }
  const [first] = bootstrap ?? []
  const leadsTo = endpoints.find(({ name }) => name === first)?.cluster ?? first
  const isKnown = clusters.some(({ name }) => name === leadsTo)
  const named = client.cluster ?? (isKnown ? leadsTo : undefined)
  const cluster = clusterNamed(path, named, clusters, findings)
  if (isKnown && leadsTo !== cluster.name) {
    const fix = `write cluster: ${leadsTo}, or another bootstrap first`
    findings.error([...path, 'bootstrap'], `it leads to ${leadsTo}, not to ${cluster.name}`, fix)
  }
  return { cluster, access: { entry, bootstrap: bootstrap ?? null, dnsCache, standby, principal } }
}

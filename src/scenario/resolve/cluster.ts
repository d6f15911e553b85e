// Brokers and controllers: ids, names, places, and the settings in force on each.

import { type Knobs, knobsWith } from '../../kafka/settings/knobs.ts'
import { type BrokerSettings, STANDARD_AUTHORIZER } from '../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../kafka/settings/resolve.ts'
import type { ClusterDocument, NodeDocument, NodesDocument } from '../document/cluster.ts'
import type { ClusterSpec, DiskModel, NodeRole, NodeSpec, RegionSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'
import type { NodeIds } from './node-ids.ts'
import { checkedSettings, type Release } from './release.ts'
import { checkQuorumSettings, checkReplicaSettings } from './setting-rules.ts'

interface Planned {
  readonly path: Path
  readonly document: NodeDocument
  readonly roles: readonly NodeRole[]
}

/** Where a cluster stands in the file, and what surrounds it. */
export interface ClusterPlace {
  readonly path: Path
  readonly name: string
  readonly regions: readonly RegionSpec[]
  readonly release: Release
  readonly ids: NodeIds
}

/**
 * Controllers start from the brokers' settings, over which `controllerConfig` lies. What Kafka
 * would refuse at start becomes a finding.
 */
export function resolveCluster(
  cluster: Omit<ClusterDocument, 'name'>,
  place: ClusterPlace,
  findings: Findings,
): ClusterSpec {
  const { name, release } = place
  const base = defaultSettings('broker', release.version)
  const path = [...place.path, 'config']
  const config = checkedSettings('broker', path, cluster.config, base, release, findings)
  checkReplicaSettings(path, config, findings)
  const controllerPath = [...place.path, 'controllerConfig']
  const user = cluster.controllerConfig
  const forControllers = checkedSettings('broker', controllerPath, user, config, release, findings)
  checkQuorumSettings(controllerPath, forControllers, findings)
  const planned = planNodes(cluster, place, findings)
  const nodes = placeNodes(planned, place, { config, forControllers, release }, findings)
  checkLayout(place.path, nodes, findings)
  const knobs = knobsWith(cluster.service)
  checkAcls(place.path, cluster.acls, config, findings)
  return { name, nodes, config, knobs, disk: diskOf(cluster, knobs), acls: cluster.acls }
}

/** Kafka refuses them with SECURITY_DISABLED. */
function checkAcls(
  path: Path,
  acls: ClusterDocument['acls'],
  config: BrokerSettings,
  findings: Findings,
): void {
  if (acls.length === 0 || config['authorizer.class.name'] !== '') return
  const fix = `set authorizer.class.name: ${STANDARD_AUTHORIZER} in config`
  findings.error([...path, 'acls'], 'nobody would obey them: there is no authorizer', fix)
}

function planNodes(
  cluster: Omit<ClusterDocument, 'name'>,
  { path, regions }: ClusterPlace,
  findings: Findings,
): Planned[] {
  const plan = (
    key: 'brokers' | 'controllers',
    role: NodeRole,
    nodes: NodesDocument,
  ): Planned[] => {
    if (!Array.isArray(nodes)) return fromCounts([...path, key], role, nodes, regions, findings)
    return nodes.map((document, index) => ({
      path: [...path, key, index],
      document,
      roles: [...new Set(document.roles ?? [role])],
    }))
  }
  return [
    ...plan('brokers', 'broker', cluster.brokers),
    ...plan('controllers', 'controller', cluster.controllers),
  ]
}

/** {us-east: 3} spread over the region's zones in turn; {'us-east/a': 1} in that zone. */
function fromCounts(
  path: Path,
  role: NodeRole,
  counts: Readonly<Record<string, number>>,
  regions: readonly RegionSpec[],
  findings: Findings,
): Planned[] {
  const planned: Planned[] = []
  for (const [place, count] of Object.entries(counts)) {
    const region = regions.find(({ name, zones }) => name === place || zones.includes(place))
    if (region === undefined) {
      const known = regions.flatMap(({ name, zones }) => [name, ...zones])
      findings.unknown([...path, place], 'region or zone', place, known)
      continue
    }
    for (let i = 0; i < count; i++) {
      const full = place === region.name ? region.zones[i % region.zones.length] : place
      const zone = full?.slice(region.name.length + 1)
      const document = zone === undefined ? { region: region.name } : { region: region.name, zone }
      planned.push({ path: [...path, place], document, roles: [role] })
    }
  }
  return planned
}

interface Settings {
  readonly config: BrokerSettings
  readonly forControllers: BrokerSettings
  readonly release: Release
}

function placeNodes(
  planned: readonly Planned[],
  { regions, ids }: ClusterPlace,
  settings: Settings,
  findings: Findings,
): NodeSpec[] {
  const nodes: NodeSpec[] = []
  for (const one of planned) {
    const id = one.document.id ?? ids.next()
    if (!ids.claim(id)) {
      const fix = 'give each node its own id, also over clusters'
      findings.error([...one.path, 'id'], `node id ${id} is taken`, fix, id)
    }
    const node = placeNode(id, one, regions, settings, findings)
    if (node !== null) nodes.push(node)
  }
  return nodes
}

function placeNode(
  id: number,
  { path, document, roles }: Planned,
  regions: readonly RegionSpec[],
  { config, forControllers, release }: Settings,
  findings: Findings,
): NodeSpec | null {
  const region = regions.find(({ name }) => name === document.region)
  if (region === undefined) {
    const known = regions.map(({ name }) => name)
    findings.unknown([...path, 'region'], 'region', document.region, known)
    return null
  }
  const zone = zoneOf(path, document.zone, region, id, findings)
  const kind = roles.length > 1 ? 'node' : (roles[0] ?? 'broker')
  const name = `${kind}-${id}`
  const base = roles.includes('broker') ? config : forControllers
  const user = document.config ?? {}
  return {
    id,
    name,
    roles,
    host: document.host ?? `host-${name}`,
    region: region.name,
    zone,
    rack: document.rack === undefined ? region.name : document.rack,
    config: checkedSettings('broker', [...path, 'config'], user, base, release, findings),
  }
}

/** The full name of a zone; without one, the zones of the region take turns by id. */
export function zoneOf(
  path: Path,
  zone: string | undefined,
  region: RegionSpec,
  turn: number,
  findings: Findings,
): string {
  if (zone === undefined) return region.zones[turn % region.zones.length] ?? ''
  const full = `${region.name}/${zone}`
  if (!region.zones.includes(full)) {
    const known = region.zones.map((name) => name.slice(region.name.length + 1))
    findings.unknown([...path, 'zone'], `zone of ${region.name}`, zone, known)
  }
  return full
}

function checkLayout(path: Path, nodes: readonly NodeSpec[], findings: Findings): void {
  const voters = nodes.filter(({ roles }) => roles.includes('controller'))
  if (!nodes.some(({ roles }) => roles.includes('broker'))) {
    findings.error([...path, 'brokers'], 'there is no broker', 'write brokers: {REGION: 1}')
  }
  if (voters.length === 0) {
    const fix = 'write controllers: {REGION: 1, …}, or roles: [broker, controller] at brokers'
    findings.error([...path, 'controllers'], 'there is no controller', fix)
  } else if (voters.length % 2 === 0) {
    const need = Math.floor(voters.length / 2) + 1
    const message = `${voters.length} voters need ${need} alive: no better than one voter less`
    findings.note([...path, 'controllers'], message)
  }
  const zoneByHost = new Map<string, string>()
  for (const { host, zone } of nodes) {
    if ((zoneByHost.get(host) ?? zone) !== zone) {
      const fix = 'a host stands in one zone; use two hosts'
      findings.error(path, `host ${host} is in two zones`, fix, host)
    }
    zoneByHost.set(host, zone)
  }
}

function diskOf(cluster: Omit<ClusterDocument, 'name'>, knobs: Knobs): DiskModel {
  const { throughput, fsync } = cluster.disk
  const fixed = typeof fsync === 'number' ? ([fsync, fsync] as const) : fsync
  return {
    bytesPerSecond: throughput ?? knobs.diskBytesPerSecond,
    fsyncMicros: fixed ?? knobs.diskFsyncMicros,
  }
}

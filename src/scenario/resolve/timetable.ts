// The timetable: ids for its entries, and the names they use checked against the layout.

import type { AclRule } from '../../faults/acl-rules.ts'
import { KINDS_WITHOUT_HEAL } from '../../faults/catalogue.ts'
import type { FaultEvent, FaultSpec, RandomFaults } from '../../faults/model.ts'
import { namesIn, type Target } from '../../faults/target.ts'
import type { FaultEntryDocument, RandomDocument } from '../document/timetable.ts'
import { isInBrokers, type LinkSpec, processesOf } from '../links.ts'
import type { ClusterSpec, ConsumerSpec, OverlaySpec, ProducerSpec, RegionSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import type { RegistrySpec } from '../registries.ts'
import { noteHosts } from './acl-hosts.ts'
import { checkAlteredConfig } from './altered-config.ts'
import type { Findings } from './findings.ts'
import { checkLinkCommand } from './links/commands.ts'
import type { KnownTopic } from './links/remote-topics.ts'
import { checkOrdersPlace } from './order-place.ts'
import type { Release } from './release.ts'

/** Everything that a fault can name. */
export interface Layout {
  readonly nodeIds: readonly number[]
  readonly topics: readonly string[]
  readonly duration: number
  readonly release: Release
  readonly hasGateways: boolean
  readonly links: readonly LinkSpec[]
  /** Clusters with an authorizer. */
  readonly secured: readonly string[]
  /** Names by kind of target: regions, zones, hosts, processes, partitions, groups. */
  readonly names: Readonly<Record<string, readonly string[]>>
}

export interface LayoutParts {
  readonly regions: readonly RegionSpec[]
  readonly overlay: OverlaySpec | null
  readonly clusters: readonly ClusterSpec[]
  readonly topics: readonly KnownTopic[]
  readonly clients: readonly (ProducerSpec | ConsumerSpec)[]
  readonly links: readonly LinkSpec[]
  readonly registries: readonly RegistrySpec[]
  readonly duration: number
  readonly release: Release
}

/**
 * Topics are 'cluster:topic' where there are several clusters. Groups and links are those that a
 * fault can name: only links that live in brokers.
 */
export function layoutOf(parts: LayoutParts): Layout {
  const { regions, overlay, clusters, topics, clients, duration, release } = parts
  const instances = parts.registries.flatMap((registry) => registry.instances)
  const workers = [...parts.links.flatMap(processesOf), ...instances]
  const nodes = clusters.flatMap((cluster) => cluster.nodes)
  const gateways = (overlay?.tunnels ?? []).flatMap(({ ends }) => ends)
  const processes = [...nodes, ...clients, ...workers, ...gateways]
  const hasSeveral = clusters.length > 1
  const names = topics.map(({ cluster, name }) => (hasSeveral ? `${cluster}:${name}` : name))
  return {
    nodeIds: nodes.map(({ id }) => id),
    topics: names,
    duration,
    release,
    hasGateways: gateways.length > 0,
    links: parts.links,
    secured: clusters.filter(hasAuthorizer).map(({ name }) => name),
    names: {
      region: regions.map(({ name }) => name),
      zone: regions.flatMap(({ zones }) => zones),
      host: [...new Set(processes.map(({ host }) => host))],
      process: processes.map(({ name }) => name),
      cluster: clusters.map(({ name }) => name),
      link: parts.links.filter(isInBrokers).map(({ name }) => name),
      group: groupsOf(clients, hasSeveral),
      partition: topics.flatMap(({ partitions }, index) =>
        Array.from({ length: partitions }, (_, partition) => `${names[index]}-${partition}`),
      ),
    },
  }
}

function hasAuthorizer({ config }: ClusterSpec): boolean {
  return config['authorizer.class.name'] !== ''
}

function groupsOf(
  clients: readonly (ProducerSpec | ConsumerSpec)[],
  hasSeveral: boolean,
): string[] {
  const groups = clients.flatMap(({ config, cluster }) => {
    const group = 'group.id' in config ? config['group.id'] : null
    return group === null ? [] : hasSeveral ? `${cluster}:${group}` : group
  })
  return [...new Set(groups)]
}

/**
 * Ids count from fault-1 in the order of the file. A fault that could first strike after the
 * duration (micros) is a finding.
 */
export function resolveFaults(
  entries: readonly FaultEntryDocument[],
  layout: Layout,
  findings: Findings,
): FaultEvent[] {
  return entries.map((entry, index) => {
    const path = ['faults', index]
    if (entry.at[1] > layout.duration) {
      const fix = 'strike before the end, or lengthen duration'
      findings.error([...path, 'at'], 'it strikes after the end of the run', fix)
    }
    if (entry.for !== null && KINDS_WITHOUT_HEAL.includes(entry.fault.kind)) {
      findings.note([...path, 'for'], `${entry.fault.kind} has nothing to heal: for has no effect`)
    }
    checkRepetition(path, entry, findings)
    checkFault(path, entry.fault, layout, findings)
    return {
      id: `fault-${index + 1}`,
      at: entry.at,
      for: entry.for,
      every: entry.every,
      times: timesOf(entry, layout.duration),
      fault: entry.fault,
    }
  })
}

/** null where the file has none. Its moments are drawn at run time, from the seed. */
export function resolveRandom(
  random: RandomDocument | undefined,
  layout: Layout,
  findings: Findings,
): RandomFaults | null {
  if (random === undefined) return null
  const [from, to] = random.between
  if (from > to || to > layout.duration) {
    const fix = `write two moments in order, up to the duration`
    findings.error(['random', 'between'], 'not a span of the run', fix)
  }
  for (const [index, fault] of random.faults.entries()) {
    checkFault(['random', 'faults', index], fault, layout, findings)
  }
  return { count: random.count, between: random.between, for: random.for, faults: random.faults }
}

/** Without `times`, a repetition goes on to the end of the run. */
function timesOf(entry: FaultEntryDocument, duration: number): number {
  if (entry.times !== undefined) return entry.times
  if (entry.every === null || entry.every === 0) return 1
  return Math.max(1, 1 + Math.floor((duration - entry.at[1]) / entry.every))
}

function checkRepetition(path: Path, entry: FaultEntryDocument, findings: Findings): void {
  if (entry.every === null) {
    if (entry.times !== undefined && entry.times > 1) {
      findings.error([...path, 'times'], 'it repeats without every', 'write every: 10s')
    }
    return
  }
  if (entry.every < 1_000) {
    findings.error([...path, 'every'], 'repeats faster than 1ms', 'write every: 1ms or more')
  }
  const spread = entry.at[1] - entry.at[0]
  if (entry.for !== null && entry.for[1] + spread > entry.every) {
    const fix = 'keep for (and the range of at) below every'
    findings.error([...path, 'every'], 'it strikes again before it has healed', fix)
  }
}

function checkFault(path: Path, fault: FaultSpec, layout: Layout, findings: Findings): void {
  const here = [...path, fault.kind]
  const params: Readonly<Record<string, unknown>> = fault.params
  const targets = targetsOf(fault)
  for (const target of targets) checkTarget(here, target, layout, findings)
  const rests = targets.filter(({ kind }) => kind === 'rest').length
  if (rests > 0 && (targets.length < 2 || rests > 1)) {
    const fix = 'write it once, as one side of between'
    findings.error(here, '"rest" is everybody but another target', fix)
  }
  if (typeof params.link === 'string' && !layout.names.link?.includes(params.link)) {
    findings.unknown([...here, 'link'], 'link', params.link, layout.names.link ?? [])
  }
  if (typeof params.link === 'string') {
    checkLinkCommand(here, fault.kind, params.link, layout.links, findings)
  }
  if ('acls' in fault.params) checkAclOrder(here, fault.params, layout, findings)
  if (typeof params.topic === 'string') checkTopic(here, params.topic, layout, findings)
  if (fault.kind === 'alter-config') checkAlteredConfig(here, fault.params, layout, findings)
  if (fault.kind === 'elect-leaders') {
    const { topic, cluster } = fault.params
    checkOrdersPlace(here, { topic, cluster }, layout.names.cluster ?? [], findings)
  }
  if (fault.kind === 'gateway-loss' && !layout.hasGateways) {
    findings.note(here, 'no effect: there is no network.overlay')
  }
  if (fault.kind === 'reassign') checkObservers(here, fault.params, layout, findings)
  const ids = [params.id, params.broker, params.replicas, params.observers].flat()
  for (const id of ids) {
    if (typeof id === 'number' && !layout.nodeIds.includes(id)) {
      findings.unknown(here, 'broker', String(id), layout.nodeIds.map(String))
    }
  }
}

/** Kafka refuses the order with SECURITY_DISABLED. */
function checkAclOrder(
  path: Path,
  { cluster, acls }: { readonly cluster?: string | undefined; readonly acls: readonly AclRule[] },
  { names, secured }: Layout,
  findings: Findings,
): void {
  noteHosts(path, acls, names.host ?? [], findings)
  if (cluster !== undefined && !names.cluster?.includes(cluster)) {
    findings.unknown([...path, 'cluster'], 'cluster', cluster, names.cluster ?? [])
  } else if (cluster === undefined ? secured.length === 0 : !secured.includes(cluster)) {
    findings.note(path, 'no effect: the cluster has no authorizer.class.name')
  }
}

function checkObservers(
  path: Path,
  { replicas, observers }: { readonly replicas: number[]; readonly observers: number[] },
  { release }: Layout,
  findings: Findings,
): void {
  if (observers.length === 0) return
  const here = [...path, 'observers']
  if (release.flavour === 'apache') {
    const fix = 'set flavour: confluent, or leave observers out'
    findings.error(here, 'observers exist only in Confluent Server', fix)
  }
  if (!observers.every((id) => replicas.includes(id)) || observers.length >= replicas.length) {
    const fix = 'name the last of the replicas, and leave at least one that is none'
    findings.error(here, 'observers are some of the replicas', fix, observers)
  }
}

/** The targets of a fault, wherever its parameters hold them. */
export function targetsOf(fault: FaultSpec): Target[] {
  const { params } = fault
  const found: Target[] = []
  if ('target' in params) found.push(params.target)
  if ('between' in params) found.push(...params.between)
  return found
}

function checkTopic(path: Path, name: string, { topics }: Layout, findings: Findings): void {
  if (!topics.includes(name)) findings.unknown([...path, 'topic'], 'topic', name, topics)
}

function checkTarget(path: Path, target: Target, layout: Layout, findings: Findings): void {
  for (const { kind, name } of namesIn(target)) {
    const known = layout.names[kind] ?? []
    if (known.includes(name)) continue
    const meant = kind === 'process' ? placeNamed(name, layout) : null
    findings.unknown(path, kind, name, known, meant)
  }
}

/** A place must say what it is: a bare name is a process. */
function placeNamed(name: string, { names }: Layout): string | null {
  const kind = ['region', 'zone', 'host', 'cluster'].find((one) => names[one]?.includes(name))
  return kind === undefined ? null : `${kind} ${name}`
}

// Strimzi's Kafka, KafkaNodePool, KafkaTopic and KafkaUser: the v1 API, in which pools hold all
// nodes, and v1beta2, in which the Kafka resource may hold brokers and ZooKeeper itself.

import type { NodeRole } from '../model.ts'
import { type Draft, nameFrom, takeSettings } from './draft.ts'
import type { Source } from './source.ts'
import { authorizerOf, takeUser } from './strimzi-user.ts'

const ZONE = 'topology.kubernetes.io/zone'
const REGION_LABEL = 'topology.kubernetes.io/region'
const TERMS = [
  ...['spec', 'template', 'pod', 'affinity', 'nodeAffinity'],
  ...['requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'],
]

/** Reads the resources of one cluster, whatever files and order they stand in. */
export function importStrimzi(draft: Draft, sources: readonly Source[], cluster: string): void {
  const of = (kind: string) => sources.filter((source) => source.look('kind') === kind)
  const [kafka, second] = of('Kafka')
  if (second !== undefined) {
    const fix = 'give the MirrorMaker 2 file that links them too, or import one alone'
    second.fail(['metadata', 'name'], 'a second Kafka cluster', fix)
  }
  for (const source of sources) {
    for (const key of ['apiVersion', 'kind', 'status']) source.take(key)
    source.take('metadata', 'name')
  }
  const pools = of('KafkaNodePool')
  const rack = kafka === undefined ? null : takeKafka(draft, kafka, cluster)
  const config =
    kafka === undefined
      ? {}
      : {
          ...takeSettings(draft, kafka, ['spec', 'kafka', 'config'], 'broker', [
            ...kafka.keys('spec', 'kafka', 'config'),
          ]),
          ...authorizerOf(kafka),
        }
  for (const pool of pools) takePool(draft, pool, rack !== null, config, cluster)
  if (kafka !== undefined && pools.length === 0) {
    takeInlineNodes(draft, kafka, rack !== null, config, cluster)
  }
  for (const topic of of('KafkaTopic')) takeTopic(draft, topic, cluster)
  for (const user of of('KafkaUser'))
    takeUser(draft, user, cluster, 'authorizer.class.name' in config)
  for (const source of sources) {
    draft.leaveRest(source, 'a scenario does not say it')
  }
}

/** The name, the version, and what brokers take for their rack; null without rack awareness. */
function takeKafka(draft: Draft, kafka: Source, cluster: string): string | null {
  const name = kafka.takeText('metadata', 'name')
  draft.name ??= name
  if (name !== null) draft.resources.set(name, cluster)
  draft.takeVersion(kafka, ['spec', 'kafka', 'version'])
  return kafka.takeText('spec', 'kafka', 'rack', 'topologyKey')
}

function takePool(
  draft: Draft,
  pool: Source,
  hasRack: boolean,
  config: DraftConfig,
  cluster: string,
): void {
  const name = pool.takeText('metadata', 'name') ?? 'pool'
  const replicas = pool.takeCount('spec', 'replicas')
  if (replicas === null) pool.fail(['spec'], 'the pool has no replicas', 'write replicas: 3')
  const roles = pool.take('spec', 'roles')
  if (!isRoles(roles)) {
    const fix = 'write roles: [broker], [controller] or [controller, broker]'
    pool.fail(['spec', 'roles'], 'expected a list of roles', fix)
  }
  const ids = idsOf(draft, pool, replicas, cluster)
  const places = placesOf(draft, pool, name, draft.homeOf(cluster))
  addNodes(draft, { cluster, ids, roles, pool: name, ...places }, hasRack, config)
}

type DraftConfig = Draft['nodes'][number]['config']

function isRoles(value: unknown): value is NodeRole[] {
  const isRole = (role: unknown) => role === 'broker' || role === 'controller'
  return Array.isArray(value) && value.length > 0 && value.every(isRole)
}

/** Ids as Strimzi gives them: the lowest free ones, or those of the pool's annotation. */
function idsOf(draft: Draft, pool: Source, count: number, cluster: string): number[] {
  const range = pool.takeText('metadata', 'annotations', 'strimzi.io/next-node-ids')
  const wanted = range === null ? [] : rangeOf(range)
  const own = draft.nodes.filter((node) => node.cluster === cluster)
  const taken = new Set(own.map(({ written }) => written))
  const ids: number[] = []
  for (const id of [...wanted, ...Array.from({ length: 10_000 }, (_, i) => i)]) {
    if (ids.length === count) break
    if (!taken.has(id)) ids.push(id)
    taken.add(id)
  }
  return ids
}

/** '[0, 1, 10-20]' */
function rangeOf(text: string): number[] {
  return text
    .replace(/[[\]\s]/g, '')
    .split(',')
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number)
      const length = Math.min(10_000, Math.max(0, to - from + 1))
      return Array.from({ length: Number.isNaN(length) ? 0 : length }, (_, i) => from + i)
    })
}

interface Places {
  readonly regions: readonly string[]
  readonly zones: readonly string[]
}

/** Zones and regions that the pool's required node affinity names. */
function placesOf(draft: Draft, pool: Source, name: string, home: string): Places {
  const found: Record<typeof ZONE | typeof REGION_LABEL, string[]> = {
    [ZONE]: [],
    [REGION_LABEL]: [],
  }
  for (const term of pool.keys(...TERMS)) {
    const at = [...TERMS, Number(term), 'matchExpressions']
    for (const index of pool.keys(...at)) {
      const path = [...at, Number(index)]
      const key = String(pool.look(...path, 'key'))
      const values = pool.look(...path, 'values')
      if (!(key === ZONE || key === REGION_LABEL)) continue
      if (pool.look(...path, 'operator') !== 'In' || !Array.isArray(values)) continue
      pool.take(...path)
      found[key].push(...values.map((value) => nameFrom(String(value))))
    }
  }
  if (found[REGION_LABEL].length === 0) {
    draft.assumed.push(`pool ${name}: no region is named, so its nodes stand in ${home}`)
  }
  return { regions: found[REGION_LABEL], zones: found[ZONE] }
}

interface Nodes extends Places {
  readonly cluster: string
  readonly ids: readonly number[]
  readonly roles: readonly NodeRole[]
  readonly pool: string | null
}

/** Nodes take the places in turn. */
function addNodes(draft: Draft, nodes: Nodes, hasRack: boolean, config: DraftConfig): void {
  const { cluster, ids, roles, pool, regions, zones } = nodes
  ids.forEach((written, i) => {
    const id = draft.idFor(cluster, written)
    const region = regions[i % regions.length] ?? draft.homeOf(cluster)
    const zone = zones[i % zones.length] ?? null
    const rack = hasRack ? (zone ?? region) : null
    draft.nodes.push({ cluster, id, written, roles, region, zone, rack, config, pool })
  })
}

/** v1beta2 without pools: brokers in the Kafka resource, and ZooKeeper beside them. */
function takeInlineNodes(
  draft: Draft,
  kafka: Source,
  hasRack: boolean,
  config: DraftConfig,
  cluster: string,
): void {
  const brokers = kafka.takeCount('spec', 'kafka', 'replicas')
  if (brokers === null) {
    const fix = 'give the file with its KafkaNodePool resources too'
    kafka.fail(['spec', 'kafka'], 'the cluster has no nodes', fix)
  }
  const voters = kafka.takeCount('spec', 'zookeeper', 'replicas') ?? 3
  const place = { cluster, regions: [], zones: [], pool: null }
  const ids = Array.from({ length: brokers + voters }, (_, i) => i)
  addNodes(draft, { ids: ids.slice(0, brokers), roles: ['broker'], ...place }, hasRack, config)
  addNodes(draft, { ids: ids.slice(brokers), roles: ['controller'], ...place }, hasRack, config)
  const why = `ZooKeeper mode is not modelled: ${voters} KRaft controllers stand in its place`
  draft.assumed.push(why, `no region is named, so all nodes stand in ${draft.homeOf(cluster)}`)
}

function takeTopic(draft: Draft, topic: Source, cluster: string): void {
  const name = topic.takeText('spec', 'topicName') ?? topic.takeText('metadata', 'name') ?? 'topic'
  const at = ['spec', 'config']
  draft.topics.push({
    cluster,
    name,
    partitions: topic.takeCount('spec', 'partitions'),
    replicationFactor: topic.takeCount('spec', 'replicas'),
    config: takeSettings(draft, topic, at, 'topic', topic.keys(...at)),
    placement: null,
  })
}

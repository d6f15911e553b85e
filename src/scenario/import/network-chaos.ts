// Chaos Mesh NetworkChaos as faults: partition, delay, loss and bandwidth between two targets.
// Its selectors name labels of pods; those that name nodes of the cluster become targets, and in
// place of the others stands a region, marked as such.

import { parseDuration, parsePpm } from '../../faults/quantity.ts'
import type { Path } from '../problem.ts'
import { type Draft, type DraftNode, REGION } from './draft.ts'
import { rateOf } from './netem-lines.ts'
import type { Source } from './source.ts'

const DIRECTIONS: Readonly<Record<string, string>> = {
  to: 'forward',
  from: 'backward',
  both: 'both',
}
const UNDONE = ['duplicate', 'corrupt']

/** Reads one resource. */
export function importNetworkChaos(draft: Draft, source: Source): void {
  for (const key of ['apiVersion', 'kind', 'status']) source.take(key)
  const name = source.takeText('metadata', 'name') ?? 'NetworkChaos'
  const action = source.takeText('spec', 'action') ?? 'delay'
  const params = paramsOf(draft, source, action)
  if (params !== null) {
    const first = targetOf(draft, source, ['spec'], name)
    const hasTarget = source.look('spec', 'target') !== undefined
    const second = hasTarget ? targetOf(draft, source, ['spec', 'target'], name) : 'rest'
    const between = [first, first === second ? 'rest' : second]
    const direction = DIRECTIONS[source.takeText('spec', 'direction') ?? 'to']
    if (direction === undefined) {
      source.fail(['spec', 'direction'], 'no direction', 'write to, from or both')
    }
    if (first === second) draft.assumed.push(`${name}: both sides are ${first}; one is the rest`)
    const kind = action === 'partition' ? 'partition' : 'slow-link'
    const length = durationOf(source, ['spec', 'duration'])
    draft.faults.push({
      kind,
      params: { between, direction, ...params },
      for: length,
      comment: name,
    })
  }
  draft.leaveRest(source, 'a fault does not say it')
}

/** What the path gets worse by; null where nothing of it can be carried over. */
function paramsOf(
  draft: Draft,
  source: Source,
  action: string,
): Readonly<Record<string, string>> | null {
  if (UNDONE.includes(action)) {
    draft.leave(
      source,
      ['spec', 'action'],
      `${action}: TCP undoes it, a scenario has no such fault`,
    )
    return null
  }
  if (action === 'partition') return {}
  const [hasDelay, hasLoss] = ['delay', 'loss'].map((one) => action === one || action === 'netem')
  if (action === 'bandwidth' || action === 'rate') {
    return { bandwidth: rateAt(source, ['spec', action, 'rate']) }
  }
  if (hasDelay !== true && hasLoss !== true) {
    const fix = 'write partition, delay, loss, netem, rate or bandwidth'
    source.fail(['spec', 'action'], 'no action of NetworkChaos that a fault can be', fix)
  }
  const netem = [
    ...(hasDelay === true ? delayOf(source, action) : []),
    ...(hasLoss === true ? lossOf(source, action) : []),
    ...(action === 'netem' ? shapedTo(source) : []),
  ]
  if (netem.length === 0) source.fail(['spec'], 'neither delay nor loss', 'write one of them')
  return { netem: netem.join(' ') }
}

function delayOf(source: Source, action: string): string[] {
  const latency = durationOf(source, ['spec', 'delay', 'latency'])
  if (latency === null && action === 'netem') return []
  if (latency === null) source.fail(['spec', 'delay'], 'no latency', 'write latency: 90ms')
  const jitter = durationOf(source, ['spec', 'delay', 'jitter'])
  return ['delay', latency, ...(jitter === null ? [] : [jitter])]
}

function lossOf(source: Source, action: string): string[] {
  const path = ['spec', 'loss', 'loss']
  const text = source.takeText(...path)
  if (text === null && action === 'netem') return []
  const percent = `${(text ?? '').replace(/%$/, '')}%`
  if (parsePpm(percent) === null) source.fail(path, 'not a percentage', 'write loss: "25"')
  return ['loss', percent]
}

/** The rate beside delay and loss. */
function shapedTo(source: Source): string[] {
  const path = ['spec', 'rate', 'rate']
  return source.look(...path) === undefined ? [] : ['rate', rateAt(source, path)]
}

function rateAt(source: Source, path: Path): string {
  const rate = rateOf(source.takeText(...path) ?? '')
  return rate ?? source.fail(path, 'not a rate', 'write rate: 10mbit, or 1mbps for megabytes')
}

/** A duration of Go, which scenarios read as well; null where there is none. */
function durationOf(source: Source, path: Path): string | null {
  const text = source.takeText(...path)
  if (text === null) return null
  if (parseDuration(text) !== null) return text
  return source.fail(path, 'not a duration', 'write it as 300ms, 10s or 1h30m')
}

/** Whom a selector means. */
function targetOf(draft: Draft, source: Source, at: Path, name: string): string {
  const mode = source.takeText(...at, 'mode') ?? 'all'
  const found = nodesOf(draft, source, at) ?? placeOf(draft, source, at)
  if (found === null) {
    const region = draft.nodes[0]?.region ?? REGION
    draft.assumed.push(
      `${name}: its ${[...at, 'selector'].join('.')} names no node of this cluster, so region ` +
        `${region} stands for it`,
    )
    if (mode !== 'all') draft.leave(source, [...at, 'mode'], `${mode}: the fault hits the region`)
    return `region ${region}`
  }
  if (mode === 'all') return found
  if (mode === 'one' && !found.includes(' and ')) return `one of ${found}`
  if (mode === 'one') return found.split(' and ')[0] ?? found
  draft.leave(source, [...at, 'mode'], `${mode}: the fault hits all of ${found}`)
  return found
}

/** Nodes by Strimzi's labels or by the names of their pods. */
function nodesOf(draft: Draft, source: Source, at: Path): string | null {
  const label = (key: string) => source.look(...at, 'selector', 'labelSelectors', key)
  const taken = (key: string) => source.takeText(...at, 'selector', 'labelSelectors', key)
  const pool = taken('strimzi.io/pool-name')
  if (pool !== null) {
    const nodes = nodesAt(draft, label('strimzi.io/cluster')).filter((node) => node.pool === pool)
    return nodes.length > 0 ? nodes.map(processOf).join(' and ') : null
  }
  const names = source.keys(...at, 'selector', 'pods').flatMap((namespace) => {
    const pods = source.take(...at, 'selector', 'pods', namespace)
    return Array.isArray(pods) ? pods.map(String) : []
  })
  const nodes = names.map((pod) => {
    const id = Number(/-(\d+)$/.exec(pod)?.[1] ?? Number.NaN)
    return draft.nodes.find((node) => node.written === id && podIsOf(draft, pod, node))
  })
  const known = nodes.filter((node) => node !== undefined)
  if (known.length > 0 && known.length === nodes.length) return known.map(processOf).join(' and ')
  if (label('strimzi.io/broker-role') !== undefined && taken('strimzi.io/broker-role') === 'true') {
    return 'brokers'
  }
  const isController = label('strimzi.io/controller-role') !== undefined
  if (isController && taken('strimzi.io/controller-role') === 'true') return 'controllers'
  const cluster = label('strimzi.io/cluster')
  const isCluster = cluster !== undefined && draft.resources.has(String(cluster))
  if (isCluster) taken('strimzi.io/cluster')
  if (!isCluster) return null
  return draft.aliases.length === 0 ? 'nodes' : nodesAt(draft, cluster).map(processOf).join(' and ')
}

/** The nodes of a Kafka resource, or all where the label names none. */
function nodesAt(draft: Draft, resource: unknown): readonly DraftNode[] {
  const cluster = draft.resources.get(String(resource ?? ''))
  return draft.nodes.filter((node) => cluster === undefined || node.cluster === cluster)
}

/** 'payments-east-3': pods of linked clusters are told apart by the resource before their pool. */
function podIsOf(draft: Draft, pod: string, { cluster }: DraftNode): boolean {
  const resources = [...draft.resources].filter(([resource]) => pod.startsWith(`${resource}-`))
  return resources.length === 0 || resources.some(([, name]) => name === cluster)
}

function processOf({ id, roles }: DraftNode): string {
  return `${roles.length > 1 ? 'node' : (roles[0] ?? 'broker')}-${id}`
}

/** A zone or region by the labels of the machines. */
function placeOf(draft: Draft, source: Source, at: Path): string | null {
  const labels = [...at, 'selector', 'nodeSelectors']
  const zone = source.look(...labels, 'topology.kubernetes.io/zone')
  const there = draft.nodes.find((node) => zone !== undefined && node.zone === zone)
  if (there !== undefined) {
    source.take(...labels, 'topology.kubernetes.io/zone')
    return `zone ${there.region}/${there.zone}`
  }
  const region = source.look(...labels, 'topology.kubernetes.io/region')
  if (!draft.nodes.some((node) => node.region === region)) return null
  source.take(...labels, 'topology.kubernetes.io/region')
  return `region ${region}`
}

// A draft as the text of a scenario. What no file said stands there as a placeholder and is marked
// so; what could not be carried over is listed at its head.

import { parseDuration } from '../../faults/quantity.ts'
import { VERSION_DEFAULT } from '../../kafka/version.ts'
import { cloudRegions } from '../cloud-rtt.ts'
import {
  type Draft,
  type DraftLink,
  type DraftNode,
  type DraftTopic,
  MARK,
  nameFrom,
  ONLY_CLUSTER,
  REGION,
} from './draft.ts'
import { racksOf } from './placement.ts'
import { clusterLines, linkLines } from './write-cluster.ts'
import { flow, marked, quoted } from './yaml-text.ts'

const FAULT_AT = 20
const DURATION_LEAST = 60

/** The scenario, ending in a newline. Adds to the draft what it had to leave out itself. */
export function writeScenario(draft: Draft, files: readonly string[]): string {
  const nodes = draft.nodes.length > 0 ? draft.nodes : standIns(draft)
  const regions = regionsOf(draft, nodes)
  const network = networkLines(draft, regions)
  const lines = [
    ...head(draft, files),
    `scenario: ${nameFrom(draft.name ?? 'imported')}`,
    `question: What does this cluster bear? ${MARK}: your question`,
    marked(`version: ${quoted(draft.version ?? VERSION_DEFAULT)}`, draft.version === null),
    ...(draft.isConfluent ? ['flavour: confluent'] : []),
    `duration: ${durationOf(draft)}s`,
    'settle: 60s',
    '',
    ...regionLines(regions, nodes),
    ...network,
    ...clusterLines(draft, nodes, draft.nodes.length === 0),
    ...topicLines(draft, nodes),
    ...clientLines(draft, nodes),
    ...linkLines(draft),
    ...faultLines(draft),
    `# ${MARK.slice(2)}: what this cluster promises; without objectives every run is met.`,
    'objectives: {}',
  ]
  return `${lines.join('\n')}\n`
}

function head(draft: Draft, files: readonly string[]): string[] {
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['#', `# ${title}`, ...items.map((item) => `#   ${oneLine(item)}`)]
  return [
    '# yaml-language-server: $schema=./scenario.schema.json',
    `# Imported from ${files.map(oneLine).join(', ')}. Look at every line marked PLACEHOLDER:`,
    '# what stands there is a guess, because such files do not say it.',
    ...list('Assumed:', draft.assumed),
    ...list('Not carried over:', [...new Set(draft.leftOut)]),
    '',
  ]
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ')
}

/** Where no file describes nodes: what a placement needs, or a broker in each of three regions. */
function standIns(draft: Draft): DraftNode[] {
  const racks = new Map<string, number>()
  for (const { placement } of draft.topics) {
    for (const [rack, count] of racksOf(placement)) {
      racks.set(rack, Math.max(count, racks.get(rack) ?? 0))
    }
  }
  if (racks.size === 0) for (const i of [1, 2, 3]) racks.set(`region-${i}`, 1)
  const nodes: DraftNode[] = []
  const add = (rack: string, role: 'broker' | 'controller') => {
    const id = nodes.length + 1
    const place = { region: nameFrom(rack), zone: null, rack, config: {}, pool: null }
    nodes.push({ cluster: ONLY_CLUSTER, id, written: id, roles: [role], ...place })
  }
  for (const [rack, count] of racks) for (let i = 0; i < count; i++) add(rack, 'broker')
  const names = [...racks.keys()]
  const voters = Math.max(3, names.length)
  for (let i = 0; i < voters; i++) add(names[i % names.length] ?? REGION, 'controller')
  return nodes
}

/** Regions in the order of the nodes, two at least where links are to be shown. */
function regionsOf(draft: Draft, nodes: readonly DraftNode[]): string[] {
  const names = [...new Set(nodes.map(({ region }) => region))]
  if (draft.links.length > 0 && names.length === 1) names.push('region-2')
  return names
}

function cloudOf(region: string): string | null {
  const found = cloudRegions().filter((cloud) => cloud.endsWith(`:${region}`))
  return found.length === 1 ? (found[0] ?? null) : null
}

function regionLines(regions: readonly string[], nodes: readonly DraftNode[]): string[] {
  const lines = regions.map((name) => {
    const zones = new Set(
      nodes.flatMap((n) => (n.region === name && n.zone !== null ? n.zone : [])),
    )
    const cloud = cloudOf(name)
    const parts = [
      ...(cloud === null ? [] : [`cloud: ${quoted(cloud)}`]),
      ...(zones.size === 0 ? [] : [`zones: [${[...zones].map(quoted).join(', ')}]`]),
    ]
    const isGuess = /^region-\d$/.test(name) || cloud !== null
    const value = parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
    return marked(`  ${quoted(name)}: ${value}`, isGuess, ': which region is it?')
  })
  return ['regions:', ...lines, '']
}

/** Round trips nobody has told, and the links that netem shapes, pair by pair. */
function networkLines(draft: Draft, regions: readonly string[]): string[] {
  const pairs = regions.flatMap((a, i) => regions.slice(i + 1).map((b) => [a, b] as const))
  const rtt = pairs
    .filter(([a, b]) => cloudOf(a) === null || cloudOf(b) === null)
    .map((pair) => marked(`    ${quoted(pair.join(' ~ '))}: 20ms`, true, ': measure it'))
  const ways = pairs.flatMap(([a, b]) => [`${a} -> ${b}`, `${b} -> ${a}`])
  const links = draft.links.flatMap(({ netem, comment }, i) => {
    const way = ways[i]
    if (way === undefined) draft.leftOut.push(`${comment}: no pair of regions is left for it`)
    const mark = `${MARK}: which way? from ${oneLine(comment)}`
    return way === undefined ? [] : [`    ${quoted(way)}: ${quoted(netem)} ${mark}`]
  })
  if (rtt.length + links.length === 0) return []
  return [
    'network:',
    ...(rtt.length > 0 ? ['  rtt:', ...rtt] : []),
    ...(links.length > 0 ? ['  links:', ...links] : []),
    '',
  ]
}

function topicsOf(draft: Draft): readonly DraftTopic[] {
  if (draft.topics.length > 0) return draft.topics
  const unknown = { partitions: null, replicationFactor: null, placement: null }
  const [first] = draft.flows
  const cluster = first?.from ?? draft.aliases[0] ?? ONLY_CLUSTER
  return [{ cluster, name: copiedBy(first), config: {}, ...unknown }]
}

/** A topic that the first flow takes: what it lists by name, or any. */
function copiedBy(link: DraftLink | undefined): string {
  const [first = ''] = String(link?.config.topics ?? link?.options.include ?? '').split(/[,|]/)
  return /^[A-Za-z0-9_-]+$/.test(first.trim()) ? first.trim() : 'orders'
}

function topicLines(draft: Draft, nodes: readonly DraftNode[]): string[] {
  const lines = topicsOf(draft).flatMap((topic) => {
    const { cluster, name, partitions, replicationFactor, config, placement } = topic
    const own = nodes.filter((node) => node.cluster === cluster)
    const brokers = own.filter(({ roles }) => roles.includes('broker')).length
    return [
      marked(`  - name: ${quoted(name)}`, draft.topics.length === 0, ': your topics'),
      ...(draft.aliases.length === 0 ? [] : [`    cluster: ${quoted(cluster)}`]),
      marked(`    partitions: ${partitions ?? 3}`, partitions === null),
      ...(placement !== null ? [`    placement: ${flow(placement)}`] : []),
      ...(placement === null ? [replicasLine(replicationFactor, brokers)] : []),
      ...(Object.keys(config).length > 0 ? [`    config: ${flow(config)}`] : []),
    ]
  })
  return ['topics:', ...lines, '']
}

function replicasLine(replicas: number | null, brokers: number): string {
  return marked(`    replicationFactor: ${replicas ?? Math.min(3, brokers)}`, replicas === null)
}

/** Nobody writes down who talks to a cluster, and without a load nothing can be lost or late. */
function clientLines(draft: Draft, nodes: readonly DraftNode[]): string[] {
  const [first] = topicsOf(draft)
  const topic = quoted(first?.name ?? '')
  const cluster = draft.aliases.length === 0 ? '' : `cluster: ${quoted(first?.cluster)}, `
  const there = nodes.find((node) => node.cluster === first?.cluster) ?? nodes[0]
  const place = `region: ${quoted(there?.region ?? REGION)}, ${cluster}topic: ${topic}`
  const as = (operation: string) => {
    const principal = whoMay(draft, first, operation)
    return principal === null ? '' : `, principal: ${quoted(principal)}`
  }
  return [
    `producers: ${MARK}: your load`,
    `  - { name: producer, ${place}, rate: 100/s, recordBytes: 1KiB${as('WRITE')} }`,
    `consumers: ${MARK}: your readers`,
    `  - { name: consumer, ${place}${as('READ')} }`,
    '',
  ]
}

/** The first principal whose list names the topic; nobody comes as somebody without lists. */
function whoMay(draft: Draft, topic: DraftTopic | undefined, operation: string): string | null {
  const found = draft.acls.find(({ cluster, rule }) => {
    const named = String(rule.topic ?? '')
    const isNamed =
      named === '*' ||
      (rule.patternType === 'PREFIXED' ? topic?.name.startsWith(named) : named === topic?.name)
    const operations: readonly unknown[] = Array.isArray(rule.operations) ? rule.operations : []
    const may = operations.includes(operation) || operations.includes('ALL')
    return cluster === topic?.cluster && rule.permission !== 'DENY' && isNamed && may
  })
  return found === undefined ? null : String(found.rule.principal)
}

function faultLines({ faults }: Draft): string[] {
  if (faults.length === 0) return [`faults: [] ${MARK}: what is to go wrong`, '']
  return [
    'faults:',
    ...faults.flatMap(({ kind, params, for: length, comment, after = 0 }) => [
      `  - at: ${FAULT_AT + after}s ${MARK}: when? ${oneLine(comment)}`,
      `    ${kind}: ${flow(params)}`,
      ...(length === null ? [] : [`    for: ${quoted(length)}`]),
    ]),
    '',
  ]
}

/** Long enough for the longest fault and for what comes after it. */
function durationOf({ faults }: Draft): number {
  const seconds = faults.map(({ for: length, after = 0 }) => {
    return after + (parseDuration(length ?? '0') ?? 0) / 1_000_000
  })
  return Math.max(DURATION_LEAST, Math.ceil(FAULT_AT + Math.max(0, ...seconds) + 30))
}

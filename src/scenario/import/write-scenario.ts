// A draft as the text of a scenario. What no file said stands there as a placeholder and is marked
// so; what could not be carried over is listed at its head.

import { parseDuration } from '../../faults/quantity.ts'
import { VERSION_DEFAULT } from '../../kafka/version.ts'
import { cloudRegions } from '../cloud-rtt.ts'
import {
  type Draft,
  type DraftNode,
  type DraftTopic,
  nameFrom,
  REGION,
  type Settings,
} from './draft.ts'
import { racksOf } from './placement.ts'

const MARK = '# PLACEHOLDER'
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
    ...clusterLines(nodes, draft.nodes.length === 0),
    ...topicLines(draft, nodes),
    ...clientLines(draft, nodes),
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

/** A line with the mark of a guess, where it is one. */
function marked(line: string, isGuess: boolean, why = ''): string {
  return isGuess ? `${line} ${MARK}${why}` : line
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
    const place = { region: nameFrom(rack), zone: null, rack, config: {}, pool: null }
    nodes.push({ id: nodes.length + 1, roles: [role], ...place })
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

function clusterLines(nodes: readonly DraftNode[], isStandIn: boolean): string[] {
  const common = commonOf(nodes)
  const isBroker = ({ roles }: DraftNode) => roles.includes('broker')
  const line = ({ id, roles, region, zone, rack, config }: DraftNode) => {
    const own = Object.entries(config).filter(([name]) => !(name in common))
    const parts = [
      `id: ${id}`,
      `region: ${quoted(region)}`,
      ...(zone === null ? [] : [`zone: ${quoted(zone)}`]),
      `rack: ${rack === null ? 'null' : quoted(rack)}`,
      ...(roles.length > 1 ? ['roles: [broker, controller]'] : []),
      ...(own.length > 0 ? [`config: ${flow(Object.fromEntries(own))}`] : []),
    ]
    return `    - { ${parts.join(', ')} }`
  }
  const controllers = nodes.filter((node) => !isBroker(node))
  const config = Object.entries(common).map(([name, value]) => `    ${name}: ${quoted(value)}`)
  return [
    marked('cluster:', isStandIn, ': no file described the nodes'),
    '  brokers:',
    ...nodes.filter(isBroker).map(line),
    ...(controllers.length > 0 ? ['  controllers:', ...controllers.map(line)] : []),
    ...(config.length > 0 ? ['  config:', ...config] : []),
    '',
  ]
}

/** Settings that all nodes share. */
function commonOf(nodes: readonly DraftNode[]): Settings {
  const [first, ...others] = nodes
  const entries = Object.entries(first?.config ?? {})
  return Object.fromEntries(
    entries.filter(([name, value]) => others.every(({ config }) => config[name] === value)),
  )
}

function topicsOf(draft: Draft): readonly DraftTopic[] {
  if (draft.topics.length > 0) return draft.topics
  const unknown = { partitions: null, replicationFactor: null, placement: null }
  return [{ name: 'orders', config: {}, ...unknown }]
}

function topicLines(draft: Draft, nodes: readonly DraftNode[]): string[] {
  const brokers = nodes.filter(({ roles }) => roles.includes('broker')).length
  const lines = topicsOf(draft).flatMap((topic) => {
    const { name, partitions, replicationFactor, config, placement } = topic
    return [
      marked(`  - name: ${quoted(name)}`, draft.topics.length === 0, ': your topics'),
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
  const topic = quoted(topicsOf(draft)[0]?.name ?? '')
  const region = quoted(nodes[0]?.region ?? REGION)
  return [
    `producers: ${MARK}: your load`,
    `  - { name: producer, region: ${region}, topic: ${topic}, rate: 100/s, recordBytes: 1KiB }`,
    `consumers: ${MARK}: your readers`,
    `  - { name: consumer, region: ${region}, topic: ${topic} }`,
    '',
  ]
}

function faultLines({ faults }: Draft): string[] {
  if (faults.length === 0) return [`faults: [] ${MARK}: what is to go wrong`, '']
  return [
    'faults:',
    ...faults.flatMap(({ kind, params, for: length, comment }) => [
      `  - at: ${FAULT_AT}s ${MARK}: when? ${oneLine(comment)}`,
      `    ${kind}: ${flow(params)}`,
      ...(length === null ? [] : [`    for: ${quoted(length)}`]),
    ]),
    '',
  ]
}

/** Long enough for the longest fault and for what comes after it. */
function durationOf({ faults }: Draft): number {
  const seconds = faults.map(({ for: length }) => (parseDuration(length ?? '0') ?? 0) / 1_000_000)
  return Math.max(DURATION_LEAST, Math.ceil(FAULT_AT + Math.max(0, ...seconds) + 30))
}

/** JSON is YAML, and needs no thought about what has to be quoted. */
function quoted(value: unknown): string {
  return JSON.stringify(value)
}

function flow(value: unknown): string {
  return JSON.stringify(value).replace(/":/g, '": ').replace(/,"/g, ', "')
}

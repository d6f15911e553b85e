// A design as the text of a scenario that teaches: every part below the sentence that says why it
// is so, and faults to try next behind a `#` that only has to go.

import { Document, isCollection, isPair, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import { VERSION_DEFAULT } from '../../kafka/version.ts'
import { cloudRtt } from '../cloud-rtt.ts'
import type { Design, Entry, Part, Place, Topology } from './topology.ts'

const WIDTH = 98
/** Of an entry of a list behind a comment sign. */
const INDENT = 5
/** Round trip between places of one's own that a pattern wants near one another. */
const NEAR_RTT = '10ms'

/** What the text is made of, beside the design. */
export interface Written {
  readonly topology: Topology
  readonly regions: readonly Place[]
  /** Round trip of pairs that nobody has measured. */
  readonly rtt: string | null
  /** The line that writes this file again. */
  readonly command: string
}

/** The scenario, ending in a newline. */
export function designText(design: Design, written: Written): string {
  const { topology, regions } = written
  const flavour = design.flavour === undefined ? {} : { flavour: design.flavour }
  // Confluent Server has no eligible leader replicas.
  const guards = design.flavour === undefined ? {} : { guards: { elr: 'off' } }
  const lines = [
    ...headLines(design, written),
    '',
    `scenario: ${topology.name}`,
    'question: >-',
    ...wrapped(design.question, '  '),
    ...yamlLines({
      version: design.version ?? VERSION_DEFAULT,
      ...flavour,
      ...guards,
      seed: '1',
      duration: design.duration,
      settle: '60s',
    }),
    '',
    ...regionLines(regions),
    ...networkLines(design, written),
    '',
    ...clusterLines(design),
    ...listLines('topics', design.topics),
    ...listLines('producers', design.producers),
    ...listLines('consumers', design.consumers),
    ...(design.links === undefined ? [] : listLines('links', design.links)),
    ...faultLines(design.faults),
    ...mapLines('objectives', design.objectives, ({ item }) => item),
  ]
  return `${lines.join('\n')}\n`
}

function headLines(design: Design, { topology, command }: Written): string[] {
  return [
    '# yaml-language-server: $schema=./scenario.schema.json',
    `# ${command}`,
    '#',
    ...comment(`${topology.name}: ${topology.line}.`),
    ...design.purpose.flatMap((paragraph) => ['#', ...comment(paragraph)]),
    '#',
    '# How it fails:',
    ...design.failureModes.flatMap((mode) => comment(mode, '', '- ')),
    '#',
    ...comment('A fault behind #- waits to be tried: take the # away from its lines.'),
  ]
}

function regionLines(regions: readonly Place[]): string[] {
  const why = regions.some(({ cloud }) => cloud !== null)
    ? 'Regions by their cloud’s name: round trips between two of one cloud come from measured ' +
      'tables.'
    : 'Places of your own; their round trips stand below.'
  const entries = regions.map(({ name, cloud }) => ({
    item: { [name]: cloud === null ? {} : { cloud } },
  }))
  return mapLines('regions', { why, entries }, ({ item }) => item).slice(0, -1)
}

/** Round trips of pairs that no table has, and what the regions meet through. */
function networkLines({ near, overlay }: Design, { regions, rtt }: Written): string[] {
  if (rtt === null && overlay === undefined) return []
  const over = overlay === undefined ? {} : { overlay }
  if (rtt === null) return yamlLines({ network: over })
  const pairs = unmeasuredPairs(regions)
  const entries = pairs.map(([a, b]) => {
    return [`${a.name} ~ ${b.name}`, near?.(a, b) === true ? NEAR_RTT : rtt] as const
  })
  const why = 'No table has these pairs: ping between your own machines and write what you see.'
  return [...comment(why), ...yamlLines({ network: { rtt: Object.fromEntries(entries), ...over } })]
}

/** Pairs of regions whose round trip has to be told. */
export function unmeasuredPairs(regions: readonly Place[]): (readonly [Place, Place])[] {
  return regions.flatMap((a, i) =>
    regions.slice(i + 1).flatMap((b) => {
      const isMeasured = a.cloud !== null && b.cloud !== null && cloudRtt(a.cloud, b.cloud) !== null
      return isMeasured ? [] : [[a, b] as const]
    }),
  )
}

function clusterLines({ cluster, clusters }: Design): string[] {
  if (clusters !== undefined) {
    return mapLines('clusters', clusters, ({ item: [name, one] }) => ({ [name]: one }))
  }
  if (cluster === undefined) return []
  return [...comment(cluster.why), ...yamlLines({ cluster: cluster.item }), '']
}

function faultLines(faults: Design['faults']): string[] {
  const lines = listLines('faults', faults).slice(0, -1)
  const ideas = faults.ideas.flatMap(({ why, fault }) => [
    ...comment(why, '  '),
    ...itemLines(fault).map((line) => `  #${line}`),
  ])
  return [...lines, ...ideas, '']
}

function listLines<T>(key: string, { why, entries }: Part<T>): string[] {
  return [
    ...comment(why),
    entries.length === 0 ? `${key}: []` : `${key}:`,
    ...entries.flatMap(({ why: reason, item }) => [
      ...(reason === undefined ? [] : comment(reason, '  ')),
      ...itemLines(item).map((line) => `  ${line}`),
    ]),
    '',
  ]
}

function mapLines<T>(key: string, { why, entries }: Part<T>, of: (entry: Entry<T>) => object) {
  return [
    ...comment(why),
    `${key}:`,
    ...entries.flatMap((entry) => [
      ...(entry.why === undefined ? [] : comment(entry.why, '  ')),
      ...yamlLines(of(entry)).map((line) => `  ${line}`),
    ]),
    '',
  ]
}

/** An entry of a list: on one line where it fits, else a line a key. */
function itemLines(item: unknown): string[] {
  const [first = '', ...others] = yamlLines(item, true)
  return [`- ${first}`, ...others.map((line) => `  ${line}`)]
}

/** YAML whose small things stand on one line; the whole of it too where `mayFlow`. */
function yamlLines(value: unknown, mayFlow = false): string[] {
  const yaml = new Document(value, { aliasDuplicateObjects: false })
  visit(yaml, {
    Collection(_key, node, path) {
      if (path.length === 1 && !mayFlow) return
      const pair = path.at(-1)
      const key = isPair(pair) ? String(pair.key).length + 2 : 0
      if (path.length + INDENT + key + flowLength(node) <= WIDTH) node.flow = true
    },
  })
  return yaml.toString({ lineWidth: 0 }).trimEnd().split('\n')
}

/** Characters of a collection on one line. */
function flowLength(node: YAMLMap | YAMLSeq): number {
  const flat = new Document(node.toJSON(), { aliasDuplicateObjects: false })
  if (isCollection(flat.contents)) flat.contents.flow = true
  return flat.toString({ lineWidth: 0 }).trimEnd().length
}

/** A comment; `mark` begins its first line, and the others stand below its text. */
function comment(text: string, indent = '', mark = ''): string[] {
  return wrapped(text, `${indent}# ${mark}`, `${indent}# ${' '.repeat(mark.length)}`)
}

/** Text in lines of at most WIDTH; the first begins with `lead`, the others with `rest`. */
function wrapped(text: string, lead: string, rest = lead): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && lead.length + longer.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].map((one, index) => `${index === 0 ? lead : rest}${one}`)
}

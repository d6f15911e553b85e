// Files that people own already, as one scenario: recognised by what is in them, in any order.

import { parseScenario } from '../parse.ts'
import { UsageError } from '../usage-error.ts'
import { importSchedule } from './chaos-schedule.ts'
import { Draft, ONLY_CLUSTER } from './draft.ts'
import { sortCommands } from './mirror-maker1/command.ts'
import { importLinked } from './mirror-maker2/linked.ts'
import { isMirrorProperties } from './mirror-maker2/properties.ts'
import { importNetem } from './netem-lines.ts'
import { importNetworkChaos } from './network-chaos.ts'
import { importPlacement } from './placement.ts'
import { propertiesSource } from './properties-text.ts'
import { importServerProperties } from './server-properties.ts'
import { type ImportFile, Source, yamlSources } from './source.ts'
import { importStrimzi } from './strimzi.ts'
import { writeScenario } from './write-scenario.ts'

export interface Imported {
  /** A scenario file that can be run. */
  readonly text: string
  readonly leftOut: readonly string[]
  readonly assumed: readonly string[]
}

type Kind =
  | 'strimzi'
  | 'properties'
  | 'mirror'
  | 'flows'
  | 'placement'
  | 'netem'
  | 'chaos'
  | 'schedule'
  | 'other'

/** The resources of Strimzi that say something of a cluster’s brokers, topics and rights. */
const STRIMZI = ['Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser']

interface Recognised {
  readonly kind: Kind
  readonly source: Source
}

/** Imports files as one scenario; throws a UsageError for what cannot be read. */
export function importFiles(files: readonly ImportFile[]): Imported {
  const { commands, others } = sortCommands(files)
  const recognised = others.flatMap(recognise)
  const of = (kind: Kind) => recognised.flatMap((one) => (one.kind === kind ? one.source : []))
  refuseStrangers(recognised)
  const draft = new Draft()
  const [mirrors, flows] = [of('mirror'), of('flows')]
  const nodes = { strimzi: of('strimzi'), properties: of('properties') }
  if (mirrors.length + flows.length + commands.length > 0) {
    importLinked(draft, { mirrors, commands, flows, ...nodes })
  } else importAlone(draft, nodes)
  for (const source of of('placement')) importPlacement(draft, source)
  for (const source of of('netem')) importNetem(draft, source)
  // Last, because their selectors name nodes of the cluster.
  for (const source of of('chaos')) importNetworkChaos(draft, source)
  for (const source of of('schedule')) importSchedule(draft, source)
  for (const source of of('other')) {
    draft.leave(source, ['kind'], `${source.look('kind')}: a scenario does not say it`)
  }
  // Written once to know what the writing leaves out, and again with that at its head.
  writeScenario(draft, [])
  const paths = files.map(({ path }) => path)
  const text = writeScenario(draft, paths)
  const { problems } = parseScenario(text, `the scenario made of ${paths.join(', ')}`)
  if (problems.length > 0) throw new UsageError(problems)
  return { text, leftOut: [...new Set(draft.leftOut)], assumed: [...new Set(draft.assumed)] }
}

interface NodeSources {
  readonly strimzi: readonly Source[]
  readonly properties: readonly Source[]
}

function importAlone(draft: Draft, { strimzi, properties }: NodeSources): void {
  if (strimzi.length > 0 && properties.length > 0) {
    const fix = 'import either of them, or give the MirrorMaker 2 file that links them too'
    properties[0]?.fail([], 'a server.properties beside Strimzi resources', fix)
  }
  if (strimzi.length > 0) importStrimzi(draft, strimzi, ONLY_CLUSTER)
  importServerProperties(draft, properties, ONLY_CLUSTER)
}

/** What a file holds; several documents for YAML. */
function recognise(file: ImportFile): Recognised[] {
  if (/\bnetem[ \t]+[a-z0-9]/.test(file.text) && !/^\s*kind:/m.test(file.text)) {
    return [{ kind: 'netem', source: linesOf(file) }]
  }
  if (/^\s*[\w.>-]+\s*=/m.test(file.text) && !/^\s*(apiVersion|\{)/m.test(file.text)) {
    const source = propertiesSource(file)
    return [{ kind: isMirrorProperties(source) ? 'mirror' : 'properties', source }]
  }
  const sources = yamlSources(file)
  if (sources.length === 0) {
    linesOf(file).fail([], 'the file is empty', FORMATS)
  }
  return sources.map((source) => ({ kind: kindOf(source), source }))
}

const FORMATS =
  'give Strimzi resources, a server.properties, an mm2.properties, a script that starts ' +
  'kafka-mirror-maker.sh with its two files, a Confluent placement (JSON), lines of tc netem or ' +
  'a NetworkChaos of Chaos Mesh, or a Schedule of one'

function linesOf({ path, text }: ImportFile): Source {
  return new Source(path, text.split(/\r?\n/), ([index]) => Number(index ?? -1) + 1)
}

/** A resource of another kind may stand beside others, but not alone. */
function refuseStrangers(recognised: readonly Recognised[]): void {
  const [first] = recognised
  if (first === undefined || recognised.some(({ kind }) => kind !== 'other')) return
  first.source.fail(['kind'], 'not a file that can be imported', FORMATS)
}

function kindOf(source: Source): Kind {
  const kind = source.look('kind')
  const api = String(source.look('apiVersion') ?? '')
  if (kind === 'KafkaMirrorMaker2' && api.startsWith('kafka.strimzi.io/')) return 'flows'
  if (kind === 'KafkaMirrorMaker') {
    const fix = 'write the link by hand: links: [{ system: mirror-maker1, … }]'
    source.fail(['kind'], `${kind} is MirrorMaker 1, of which nothing is imported`, fix)
  }
  if (kind === 'NetworkChaos') return 'chaos'
  if (kind === 'Schedule' && api.startsWith('chaos-mesh.org/')) return 'schedule'
  if (api.startsWith('kafka.strimzi.io/') && STRIMZI.includes(String(kind))) return 'strimzi'
  if (source.look('replicas') !== undefined && kind === undefined) return 'placement'
  if (kind === undefined) source.fail([], 'not a file that can be imported', FORMATS)
  return 'other'
}

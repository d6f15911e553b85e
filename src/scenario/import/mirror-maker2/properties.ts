// mm2.properties of connect-mirror-maker: its clusters, its flows and who reads which key.
// Source: MirrorMakerConfig, MirrorConnectorConfig, Worker.baseProducerConfigs of Apache Kafka.

import { type Draft, isSetting } from '../draft.ts'
import type { Source } from '../source.ts'
import { type Alias, serversOf } from './aliases.ts'
import { addFlow, FlowDraft, type SettingUse } from './flow.ts'

/** MirrorMakerConfig.workerConfig: what workers take from the top of the file. */
const WORKER_KEYS = /^((offset|config|status)\.storage|(key|value|header)\.converter|task|worker)/

const OWN_CLIENTS = 'of clients for MirrorMaker’s own topics, which keep their defaults here'
const DEPRECATED: Readonly<Record<string, string>> = {
  'topics.blacklist': 'topics.exclude',
  'groups.blacklist': 'groups.exclude',
}

/** A properties file of MirrorMaker 2 names its clusters. */
export function isMirrorProperties(source: Source): boolean {
  return source.look('clusters') !== undefined || source.keys().some((key) => key.includes('->'))
}

/** In the order of `clusters`. Throws UsageError where that names fewer than two. */
export function aliasesOfProperties(source: Source): Alias[] {
  const names = serversOf(source.look('clusters'))
  if (names.length < 2) {
    source.fail(['clusters'], 'a flow needs two clusters', 'write clusters = A, B')
  }
  return names.map((name) => {
    return { name, bootstrap: serversOf(source.look(`${name}.bootstrap.servers`)) }
  })
}

/** Reads the flows that are enabled; keys that none of them reads are named. */
export function importMirrorProperties(draft: Draft, source: Source): void {
  const names = serversOf(source.take('clusters'))
  for (const name of names) source.take(`${name}.bootstrap.servers`)
  const flows = names.flatMap((from) =>
    names
      .filter((to) => to !== from && isEnabled(draft, source, from, to))
      .map((to) => new FlowDraft(draft, from, to)),
  )
  if (flows.length === 0) {
    source.fail(['clusters'], 'no flow is enabled', 'write A->B.enabled = true')
  }
  for (const key of source.keys()) takeKey(draft, source, flows, key)
  for (const flow of flows) {
    addFlow(draft, source, [`${flow.from}->${flow.to}.enabled`], flow.link())
  }
  draft.leaveRest(source, 'a scenario does not say it')
}

/** Boolean.parseBoolean: all that is not 'true' is false. */
function isEnabled(draft: Draft, source: Source, from: string, to: string): boolean {
  const key = `${from}->${to}.enabled`
  const text = source.takeText(key)?.toLowerCase()
  if (text !== undefined && text !== 'true' && text !== 'false') {
    draft.leave(source, [key], 'not true, and so MirrorMaker 2 takes it for false')
  }
  return text === 'true'
}

function takeKey(draft: Draft, source: Source, flows: readonly FlowDraft[], key: string): void {
  if (source.isTaken(key)) return
  const reasons = new Set<string>()
  let isUsed = false
  for (const flow of flows) {
    const uses = usesOf(key, flow)
    if (typeof uses === 'string') reasons.add(uses)
    else {
      isUsed = true
      for (const use of uses) flow.use(source, [key], use)
    }
  }
  if (isUsed) return
  source.take(key)
  draft.leave(source, [key], [...reasons].find((reason) => reason !== OTHER) ?? OTHER)
}

/** A key of clusters or flows that are not this one. */
const OTHER = 'no flow that is enabled reads it'

/** What a flow reads a key for, or why it does not. */
function usesOf(key: string, { from, to }: FlowDraft): readonly SettingUse[] | string {
  const own = `${from}->${to}.`
  if (key.startsWith(own)) return ofFlow(key.slice(own.length), to)
  if (key.includes('->')) return OTHER
  if (key.startsWith(`${from}.`)) return ofSource(key.slice(from.length + 1))
  if (key.startsWith(`${to}.`)) return ofTarget(key.slice(to.length + 1))
  return ofTop(key, to)
}

/** MirrorMakerConfig.connectorBaseConfig: what a flow says beats what the file says. */
function ofFlow(name: string, to: string): readonly SettingUse[] | string {
  const consumer = after(name, 'source.consumer.')
  if (consumer !== null) return [{ part: 'consumer', name: consumer, rank: 2 }]
  const plain = after(name, 'consumer.')
  if (plain !== null) return [{ part: 'consumer', name: plain, rank: 0 }]
  const producer = after(name, 'producer.override.')
  if (producer !== null) return [{ part: 'producer', name: producer, rank: 1 }]
  const flow = flowName(name)
  if (flow !== null) return [{ part: 'mirrorMaker2', name: flow, rank: 1 }]
  if (isSetting('connectWorker', name)) return `workers do not read it there: write ${to}.${name}`
  return isOfClients(name) ? OWN_CLIENTS : 'no setting of a flow'
}

/** MirrorConnectorConfig.sourceConsumerConfig: the source's own consumer settings. */
function ofSource(name: string): readonly SettingUse[] | string {
  const consumer = after(name, 'consumer.')
  if (consumer !== null) return [{ part: 'consumer', name: consumer, rank: 1 }]
  return isOfClients(name) ? OWN_CLIENTS : OTHER
}

/** The workers of a flow live at its target, and their producer writes the copy. */
function ofTarget(name: string): readonly SettingUse[] | string {
  const producer = after(name, 'producer.')
  if (producer !== null) return [{ part: 'producer', name: producer, rank: 0 }]
  if (isOfClients(name)) return OWN_CLIENTS
  return isSetting('connectWorker', name)
    ? [{ part: 'connectWorker', name, rank: 0 }]
    : 'no setting of a worker'
}

function ofTop(key: string, to: string): readonly SettingUse[] | string {
  const isWorkers = WORKER_KEYS.test(key) && isSetting('connectWorker', key)
  const worker: SettingUse = { part: 'connectWorker', name: key, rank: 1 }
  if (isWorkers) return [worker]
  const flow = flowName(key)
  if (flow !== null) return [{ part: 'mirrorMaker2', name: flow, rank: 0 }]
  if (isSetting('connectWorker', key) || isOfClients(key)) {
    return `MirrorMaker 2 does not read it there: write ${to}.${key}`
  }
  return 'no setting of MirrorMaker 2'
}

function flowName(name: string): string | null {
  const current = DEPRECATED[name] ?? name
  return isSetting('mirrorMaker2', current) ? current : null
}

function isOfClients(name: string): boolean {
  return /^((source|target)\.)?(cluster|producer|consumer|admin)\./.test(name)
}

function after(name: string, prefix: string): string | null {
  return name.startsWith(prefix) ? name.slice(prefix.length) : null
}

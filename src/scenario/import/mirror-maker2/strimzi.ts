// Strimzi's KafkaMirrorMaker2: the v1 API, one target and a source in each mirror, and v1beta2, a
// list of clusters that mirrors name. One Connect cluster serves all mirrors, at its target.
// Source: KafkaMirrorMaker2Connectors of strimzi-kafka-operator.

import type { Path } from '../../problem.ts'
import { type Draft, isSetting } from '../draft.ts'
import type { Source } from '../source.ts'
import { type Alias, serversOf } from './aliases.ts'
import { addFlow, FlowDraft, type SettingUse } from './flow.ts'

const PATTERNS: Readonly<Record<string, string>> = {
  topicsPattern: 'topics',
  topicsBlacklistPattern: 'topics.exclude',
  topicsExcludePattern: 'topics.exclude',
  groupsPattern: 'groups',
  groupsBlacklistPattern: 'groups.exclude',
  groupsExcludePattern: 'groups.exclude',
}

interface Mirror {
  readonly at: Path
  readonly from: string
  readonly to: string
  /** Where the clusters stand. */
  readonly source: Path
  readonly target: Path
}

/**
 * Each cluster that the resource names, in its order. Throws UsageError for one without an alias.
 */
export function aliasesOfMirrors(source: Source): Alias[] {
  const paths = source.look('spec', 'target') === undefined ? oldClusters(source) : newOnes(source)
  return paths.map((path) => {
    const name = source.look(...path, 'alias')
    if (typeof name !== 'string') source.fail(path, 'the cluster has no alias', 'write alias: NAME')
    return { name, bootstrap: serversOf(source.look(...path, 'bootstrapServers')) }
  })
}

function oldClusters(source: Source): Path[] {
  return source.keys('spec', 'clusters').map((index) => ['spec', 'clusters', Number(index)])
}

function newOnes(source: Source): Path[] {
  const mirrors = source.keys('spec', 'mirrors')
  return [
    ...mirrors.map((index) => ['spec', 'mirrors', Number(index), 'source']),
    ['spec', 'target'],
  ]
}

/** Reads every mirror of one resource as a flow. */
export function importMirrors(draft: Draft, source: Source): void {
  for (const key of ['apiVersion', 'kind', 'status']) source.take(key)
  const name = source.takeText('metadata', 'name') ?? 'MirrorMaker 2'
  draft.name ??= name
  draft.takeVersion(source, ['spec', 'version'])
  const workers = source.takeCount('spec', 'replicas') ?? 1
  const mirrors = mirrorsOf(source)
  if (mirrors.length === 0) source.fail(['spec'], 'no mirror', 'write mirrors: [{…}]')
  if (mirrors.length > 1) {
    const told = `its ${mirrors.length} flows share ${workers} Connect workers`
    draft.assumed.push(`${name}: ${told}; here each flow has as many of its own`)
  }
  for (const mirror of mirrors) takeMirror(draft, source, mirror, workers)
  for (const path of oldClusters(source)) takeCluster(source, path)
  draft.leaveRest(source, 'a scenario does not say it')
}

function takeCluster(source: Source, path: Path): void {
  for (const key of ['alias', 'bootstrapServers']) source.take(...path, key)
}

function mirrorsOf(source: Source): Mirror[] {
  const connect = source.takeText('spec', 'connectCluster')
  return source.keys('spec', 'mirrors').map((index) => {
    const at: Path = ['spec', 'mirrors', Number(index)]
    if (source.look('spec', 'target') !== undefined) {
      const [from, to]: [Path, Path] = [
        [...at, 'source'],
        ['spec', 'target'],
      ]
      for (const path of [from, to]) takeCluster(source, path)
      const names = [from, to].map((path) => String(source.look(...path, 'alias')))
      return { at, from: names[0] ?? '', to: names[1] ?? '', source: from, target: to }
    }
    const from = source.takeText(...at, 'sourceCluster') ?? ''
    const to = source.takeText(...at, 'targetCluster') ?? connect ?? ''
    if (connect !== null && to !== connect) {
      const fix = `mirror to ${connect}, or give ${to} a resource of its own`
      source.fail([...at, 'targetCluster'], `Connect is bound to ${connect}`, fix)
    }
    return { at, from, to, source: clusterAt(source, at, from), target: clusterAt(source, at, to) }
  })
}

function clusterAt(source: Source, at: Path, alias: string): Path {
  const found = oldClusters(source).find((path) => source.look(...path, 'alias') === alias)
  if (found !== undefined) return found
  return source.fail(at, `there is no cluster ${alias}`, 'name an alias of spec.clusters')
}

function takeMirror(draft: Draft, source: Source, mirror: Mirror, workers: number): void {
  const { at, from, to, target } = mirror
  if (source.look(...at, 'sourceConnector') === undefined) {
    leave(draft, source, at, 'it has no sourceConnector, so that it copies no record')
    return
  }
  const flow = new FlowDraft(draft, from, to)
  flow.workers = workers
  takeWorkerSettings(draft, source, [...target, 'config'], flow)
  leaveSourceSettings(draft, source, [...mirror.source, 'config'])
  takeConnector(draft, source, [...at, 'sourceConnector'], flow)
  takeCheckpoints(draft, source, at, flow)
  takeHeartbeats(draft, source, [...at, 'heartbeatConnector'], flow)
  for (const [key, name] of Object.entries(PATTERNS)) {
    const path = [...at, key]
    const use: SettingUse = { part: 'mirrorMaker2', name, rank: 2 }
    if (source.look(...path) !== undefined) flow.use(source, path, use)
  }
  addFlow(draft, source, at, flow.link())
}

/** The target's settings are those of the Connect workers, and of the producer in them. */
function takeWorkerSettings(draft: Draft, source: Source, at: Path, flow: FlowDraft): void {
  for (const key of source.keys(...at)) {
    const path = [...at, key]
    const producer = /^producer\.(.+)/.exec(key)?.[1]
    if (producer !== undefined)
      flow.use(source, path, { part: 'producer', name: producer, rank: 0 })
    else if (isSetting('connectWorker', key)) {
      flow.use(source, path, { part: 'connectWorker', name: key, rank: 0 })
    } else leave(draft, source, path, 'no setting of a worker')
  }
}

/** They become source.cluster.*, of which connectors read no more than how to connect. */
function leaveSourceSettings(draft: Draft, source: Source, at: Path): void {
  for (const key of source.keys(...at)) {
    leave(draft, source, [...at, key], 'the source connector does not read it there')
  }
}

function takeConnector(draft: Draft, source: Source, at: Path, flow: FlowDraft): void {
  const use = (path: Path, part: SettingUse['part'], name: string, rank: number) =>
    flow.use(source, path, { part, name, rank })
  if (source.look(...at, 'tasksMax') !== undefined) {
    use([...at, 'tasksMax'], 'mirrorMaker2', 'tasks.max', 1)
  }
  for (const key of source.keys(...at, 'config')) {
    const path = [...at, 'config', key]
    const consumer = /^(source\.)?consumer\.(.+)/.exec(key)
    const producer = /^producer\.override\.(.+)/.exec(key)?.[1]
    if (consumer !== null) use(path, 'consumer', consumer[2] ?? '', consumer[1] ? 1 : 0)
    else if (producer !== undefined) use(path, 'producer', producer, 1)
    else if (isSetting('mirrorMaker2', key)) use(path, 'mirrorMaker2', key, 1)
    else leave(draft, source, path, 'no setting of a source connector')
  }
  leaveRuns(draft, source, at)
}

/** The checkpoint connector; without one nothing of groups crosses. */
function takeCheckpoints(draft: Draft, source: Source, at: Path, flow: FlowDraft): void {
  const here = [...at, 'checkpointConnector']
  if (source.look(...here) === undefined) {
    flow.set('mirrorMaker2', 'emit.checkpoints.enabled', false)
    draft.assumed.push(`${flow.from}->${flow.to} has no checkpoint connector: no group crosses`)
    return
  }
  for (const key of source.keys(...here, 'config')) {
    const path = [...here, 'config', key]
    if (isSetting('mirrorMaker2', key)) {
      flow.use(source, path, { part: 'mirrorMaker2', name: key, rank: 0 })
    } else leave(draft, source, path, 'the checkpoint connector’s clients keep their defaults here')
  }
  const tasks = source.takeCount(...here, 'tasksMax')
  if (tasks !== null && tasks !== source.look(...at, 'sourceConnector', 'tasksMax')) {
    draft.leave(source, [...here, 'tasksMax'], 'a flow has one tasks.max: the source connector’s')
  }
  leaveRuns(draft, source, here)
}

/** The v1 API has none; where v1beta2 lists none nobody beats. */
function takeHeartbeats(draft: Draft, source: Source, at: Path, flow: FlowDraft): void {
  if (source.look(...at) === undefined) {
    flow.set('mirrorMaker2', 'emit.heartbeats.enabled', false)
    return
  }
  for (const key of source.keys(...at, 'config')) {
    const path = [...at, 'config', key]
    if (isSetting('mirrorMaker2', key)) {
      flow.use(source, path, { part: 'mirrorMaker2', name: key, rank: 0 })
    } else leave(draft, source, path, 'no setting of a heartbeat connector')
  }
  draft.assumed.push(
    `${flow.from}->${flow.to}: heartbeats begin at the source, as MirrorMaker’s own driver has ` +
      'them; Strimzi’s connector writes them at the target',
  )
}

function leaveRuns(draft: Draft, source: Source, at: Path): void {
  if (source.look(...at, 'autoRestart') !== undefined) {
    leave(draft, source, [...at, 'autoRestart'], 'tasks do not fail by themselves here')
  }
  for (const key of ['state', 'pause']) {
    if (source.look(...at, key) === undefined) continue
    leave(draft, source, [...at, key], 'the connector runs from the start')
  }
}

function leave(draft: Draft, source: Source, path: Path, why: string): void {
  source.take(...path)
  draft.leave(source, path, why)
}

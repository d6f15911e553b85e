// What MirrorMaker 2 does with a configuration in silence, or refuses with a line in a log that
// nobody reads, while the process runs on.

import type { MirrorMaker2Settings } from '../../../kafka/settings/modelled.ts'
import { compareVersions, type KafkaVersion } from '../../../kafka/version.ts'
import type { ConnectSpec, MirrorMaker2Spec } from '../../links.ts'
import type { Scenario, TopicSpec } from '../../model.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { filterOf, isTakenForCopy } from './remote-topics.ts'

/** Switches that are on, and cannot be found, in releases before. */
const SINCE = [
  ['emit.offset-syncs.enabled', '3.9'],
  ['heartbeats.replication.enabled', '4.0'],
] as const

/** A flow's settings as its release reads them. KAFKA-16254, KAFKA-17534. */
export function settingsInForce(
  path: Path,
  user: Readonly<Record<string, unknown>>,
  config: MirrorMaker2Settings,
  version: KafkaVersion,
  findings: Findings,
): MirrorMaker2Settings {
  const early = SINCE.filter(([name, since]) => {
    return !config[name] && compareVersions(version, since) < 0
  })
  for (const [name, since] of early) {
    findings.note([...path, name], `no effect: MirrorMaker 2 has it from ${since} on`)
  }
  const inForce = { ...config, ...Object.fromEntries(early.map(([name]) => [name, true])) }
  checkOffsetSyncs(path, user, inForce, findings)
  return inForce
}

/** MirrorSourceConnector.validate, MirrorCheckpointConfig.validate. */
function checkOffsetSyncs(
  path: Path,
  user: Readonly<Record<string, unknown>>,
  config: MirrorMaker2Settings,
  findings: Findings,
): void {
  const hasSyncs = config['emit.offset-syncs.enabled']
  const ofSyncs = Object.keys(user).find((name) => /^offset-syncs[.-]/.test(name))
  if (!hasSyncs && ofSyncs !== undefined) {
    const message = 'without offset syncs the source connector refuses it, and copies nothing'
    findings.error([...path, ofSyncs], message, 'leave it out, or emit.offset-syncs.enabled: true')
  }
  const hasCheckpoints = config['emit.checkpoints.enabled'] && hasSyncs
  if (config['sync.group.offsets.enabled'] && !hasCheckpoints) {
    const missing = hasSyncs ? 'emit.checkpoints.enabled' : 'emit.offset-syncs.enabled'
    const message = `no group crosses: ${missing} is false, and offsets are synced from checkpoints`
    findings.note([...path, 'sync.group.offsets.enabled'], message)
  }
}

/**
 * MirrorSourceConnector.isCycle reads a topic's name for the way that it came. One whose own name
 * holds the target's alias is never copied, and nothing says so.
 */
export function noteCycles(
  { topics, links }: Pick<Scenario, 'topics' | 'links'>,
  findings: Findings,
): void {
  for (const [index, link] of links.entries()) {
    if (link.system !== 'mirror-maker2' && link.system !== 'connect') continue
    // With a link the other way such a name is what it seems to be.
    if (links.some(({ from, to }) => from === link.to && to === link.from)) continue
    for (const { name } of trapped(link, topics)) {
      const message = `topic ${name} is never copied: its name says that it came from ${link.to}`
      findings.note(['links', index], message)
    }
  }
}

function trapped(link: MirrorMaker2Spec | ConnectSpec, topics: readonly TopicSpec[]) {
  const { config, from } = link
  const filter = filterOf(config.topics, config['topics.exclude'] ?? '')
  return topics.filter(({ cluster, name }) => {
    const isWanted = cluster === from && !name.startsWith('__') && filter.accepts(name)
    return isWanted && isTakenForCopy(link, name)
  })
}

/**
 * Processes of a dedicated MirrorMaker 2 that lead the same way are workers of one Connect group,
 * and without the internal REST server only the one that leads it can say what tasks there are.
 * MirrorMakerConfig.workerConfig, DistributedHerder.reconfigureConnector; KIP-710.
 */
export function noteSharedGroups({ links }: Pick<Scenario, 'links'>, findings: Findings): void {
  for (const [index, link] of links.entries()) {
    if (link.system !== 'mirror-maker2') continue
    const { from, to, workers, config } = link
    const before = links.slice(0, index).find((one) => {
      return one.system === 'mirror-maker2' && one.from === from && one.to === to
    })
    if (before !== undefined) {
      const message = `${link.name} and ${before.name} are one group of workers, ${from}-mm2`
      const end = 'each connector runs once, by one of the two configurations'
      findings.note(['links', index], `${message}: ${end}`)
    }
    const isAlone = before === undefined && workers.length < 2
    if (isAlone || config['dedicated.mode.enable.internal.rest']) continue
    const message = 'several workers without dedicated.mode.enable.internal.rest'
    const end = 'nothing is copied where the source connector runs in one that does not lead'
    findings.note(['links', index, 'workers'], `${message}: ${end}`)
  }
}

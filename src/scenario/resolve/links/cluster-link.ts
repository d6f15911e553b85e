// A cluster link of Confluent: its settings, and what its combinations of them forbid.

import { CLUSTER_LINK_SETTINGS, DIALLING_SETTINGS } from '../../../kafka/settings/cluster-link.ts'
import { parseAclFilters } from '../../../kafka/settings/cluster-link-acl-filters.ts'
import { parseFilters } from '../../../kafka/settings/cluster-link-filters.ts'
import type { ClusterLinkSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import { startOffsetOf } from '../../../kafka/settings/start-offset.ts'
import { compareVersions, type KafkaVersion } from '../../../kafka/version.ts'
import { keysOf } from '../../../sim/closed-table.ts'
import type { ClusterLinkDocument } from '../../document/links.ts'
import type { ClusterLinkSpec, LinkBase } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'

const PREFIX_MAX = 12

/**
 * It has no workers: brokers of the target fetch. Findings for flavour apache, and for combinations
 * of settings that the link's creation would refuse.
 */
export function resolveClusterLink(
  path: Path,
  link: ClusterLinkDocument,
  base: LinkBase,
  { release }: LinkSurroundings,
  findings: Findings,
): ClusterLinkSpec {
  if (release.flavour === 'apache') {
    const message = 'cluster links live in brokers of Confluent Server'
    const fix = 'set flavour: confluent, or copy with system: mirror-maker2'
    findings.error([...path, 'system'], message, fix, link.system)
  }
  const here = [...path, 'config']
  const defaults = defaultSettings('clusterLink', release.version)
  const config = checkedSettings('clusterLink', here, link.config, defaults, release, findings)
  checkPrefix(here, config, findings)
  checkModes(here, link, config, findings)
  checkFilters(here, config, findings)
  checkStart(here, config, findings)
  const source = sourceSettings(path, link, config, release, findings)
  checkAclSync(here, config, findings)
  checkRelease(here, config, release, findings)
  noteIdle(here, config, findings)
  const { mirrors, knobs, replicationFactor = null } = link
  const filters = parseFilters(config['auto.create.mirror.topics.filters'], 'topicFilters') ?? []
  const autoMirrors = config['auto.create.mirror.topics.enable'] ? filters : []
  const own = { mirrors, autoMirrors, replicationFactor, config, source, knobs }
  return { system: 'cluster-link', ...base, workers: [], ...own }
}

function checkPrefix(path: Path, config: ClusterLinkSettings, findings: Findings): void {
  const prefix = config['cluster.link.prefix']
  if (prefix === null) return
  if (prefix.length > PREFIX_MAX) {
    const message = `a prefix has at most ${PREFIX_MAX} characters`
    findings.error([...path, 'cluster.link.prefix'], message, 'write a shorter one', prefix)
  }
}

function checkModes(
  path: Path,
  { sourceFlavour }: ClusterLinkDocument,
  config: ClusterLinkSettings,
  findings: Findings,
): void {
  if (config['link.mode'] === 'SOURCE') {
    const fix =
      'write link.mode: DESTINATION with connection.mode: INBOUND; what the source’s side sets ' +
      'stands under source:'
    findings.error([...path, 'link.mode'], 'an entry describes the destination’s side', fix)
  }
  if (config['connection.mode'] === 'OUTBOUND') return
  if (sourceFlavour === 'apache') {
    const message = 'an Apache Kafka source cannot initiate the link'
    const fix = 'write connection.mode: OUTBOUND; the destination dials'
    findings.error([...path, 'connection.mode'], message, fix, 'INBOUND')
  }
}

/** The link has an entry at each cluster: the source's says only how it dials. */
function sourceSettings(
  path: Path,
  { source }: ClusterLinkDocument,
  config: ClusterLinkSettings,
  release: LinkSurroundings['release'],
  findings: Findings,
): ClusterLinkSettings | null {
  const here = [...path, 'source']
  if (config['connection.mode'] === 'OUTBOUND') {
    if (source === undefined) return null
    const message = 'the source has no side of its own: the destination dials'
    findings.error(here, message, 'write connection.mode: INBOUND under config, or leave it out')
    return null
  }
  const isBothWays = config['link.mode'] === 'BIDIRECTIONAL'
  const mode = isBothWays ? ('BIDIRECTIONAL' as const) : ('SOURCE' as const)
  const defaults = { ...defaultSettings('clusterLink', release.version), 'link.mode': mode }
  const own = checkedSettings('clusterLink', here, source ?? {}, defaults, release, findings)
  if (own['connection.mode'] !== 'OUTBOUND' || own['link.mode'] !== mode) {
    const fix = `write link.mode: ${mode} and connection.mode: OUTBOUND, or leave both out`
    findings.error(here, 'one side dials and the other does not', fix)
  }
  for (const name of Object.keys(source ?? {})) {
    if (!(name in CLUSTER_LINK_SETTINGS) || DIALLING_SETTINGS.includes(name)) continue
    findings.note([...here, name], `${name} has no effect at the side that only dials`)
  }
  return own
}

function checkStart(path: Path, config: ClusterLinkSettings, findings: Findings): void {
  const text = config['mirror.start.offset.spec']
  if (startOffsetOf(text) !== null) return
  const fix = 'write earliest, latest, or a time such as 1970-01-01T00:00:30Z, 30s into the run'
  findings.error([...path, 'mirror.start.offset.spec'], 'no place to begin at', fix, text)
}

function checkAclSync(path: Path, config: ClusterLinkSettings, findings: Findings): void {
  const text = config['acl.filters']
  if (parseAclFilters(text) === null) {
    const row = '{"resourceFilter": {"resourceType": "any"}, "accessFilter": {"operation": "any"}}'
    const fix = `write '{"aclFilters": [${row}]}'`
    findings.error([...path, 'acl.filters'], 'not a list of filters', fix, text)
  }
  if (!config['acl.sync.enable']) return
  if (config['cluster.link.prefix'] !== null) {
    const fix = 'leave out the prefix, or give rights at the destination by hand'
    findings.error([...path, 'acl.sync.enable'], 'a link with a prefix syncs no ACLs', fix)
  }
}

function checkFilters(path: Path, config: ClusterLinkSettings, findings: Findings): void {
  const kinds = {
    'auto.create.mirror.topics.filters': 'topicFilters',
    'consumer.offset.group.filters': 'groupFilters',
  } as const
  for (const name of keysOf(kinds)) {
    const [key, text] = [kinds[name], config[name]]
    if (parseFilters(text, key) !== null) continue
    const row = '{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}'
    findings.error([...path, name], 'not a list of filters', `write '{"${key}": [${row}]}'`, text)
  }
}

/** What came to Confluent Platform with a release, by the Kafka in it: 7.x holds 3.x. */
function checkRelease(
  path: Path,
  config: ClusterLinkSettings,
  { version }: LinkSurroundings['release'],
  findings: Findings,
): void {
  const refuse = (name: keyof ClusterLinkSettings, since: KafkaVersion, platform: string) => {
    if (compareVersions(version, since) >= 0) return
    const message = `it came with Confluent Platform ${platform}, which holds Kafka ${since}`
    findings.error([...path, name], message, `write version: "${since}" or later`, config[name])
  }
  if (config['link.mode'] === 'BIDIRECTIONAL') refuse('link.mode', '3.5', '7.5')
  if (config['connection.mode'] === 'INBOUND') refuse('connection.mode', '3.1', '7.1')
  if (config['acl.sync.enable']) refuse('acl.sync.enable', '3.1', '7.1')
  if (config['cluster.link.prefix'] !== null && version === '3.1') {
    findings.note([...path, 'cluster.link.prefix'], 'Confluent Platform 7.1.0 had no prefixes')
  }
}

/** Switches without what they switch, and the other way round: all of it is silent in Kafka. */
function noteIdle(path: Path, config: ClusterLinkSettings, findings: Findings): void {
  for (const [enable, filters, what] of SWITCHED) {
    if (config[enable] && config[filters] === '') {
      findings.note([...path, enable], `no ${filters}: ${what}`)
    }
    if (!config[enable] && config[filters] !== '') {
      findings.note([...path, filters], `no effect while ${enable} is false`)
    }
  }
  if (config['consumer.group.prefix.enable'] && config['cluster.link.prefix'] === null) {
    const name = 'consumer.group.prefix.enable'
    findings.note(
      [...path, name],
      'no effect: the prefix is cluster.link.prefix, and there is none',
    )
  }
}

const SWITCHED = [
  ['acl.sync.enable', 'acl.filters', 'nothing is synced'],
  ['auto.create.mirror.topics.enable', 'auto.create.mirror.topics.filters', 'no mirror is made'],
  ['consumer.offset.sync.enable', 'consumer.offset.group.filters', 'no group is synced'],
] as const

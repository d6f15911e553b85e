// A cluster link of Confluent: its settings, and what its combinations of them forbid.

import { parseFilters } from '../../../kafka/settings/cluster-link-filters.ts'
import type { ClusterLinkSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import type { ClusterLinkDocument } from '../../document/links.ts'
import type { ClusterLinkSpec, LinkBase } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'

const PREFIX_MAX = 12

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
  const { mirrors, knobs, replicationFactor = null } = link
  const filters = parseFilters(config['auto.create.mirror.topics.filters'], 'topicFilters') ?? []
  const autoMirrors = config['auto.create.mirror.topics.enable'] ? filters : []
  const own = { mirrors, autoMirrors, replicationFactor, config, knobs }
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
    const fix = 'write link.mode: DESTINATION with connection.mode: INBOUND'
    findings.error([...path, 'link.mode'], 'an entry describes the destination’s side', fix)
  }
  if (config['connection.mode'] === 'OUTBOUND') return
  if (sourceFlavour === 'apache') {
    const message = 'an Apache Kafka source cannot initiate the link'
    const fix = 'write connection.mode: OUTBOUND; the destination dials'
    findings.error([...path, 'connection.mode'], message, fix, 'INBOUND')
  } else {
    const message = 'who dials has no effect in the model: requests cross the same network'
    findings.note([...path, 'connection.mode'], message)
  }
}

function checkFilters(path: Path, config: ClusterLinkSettings, findings: Findings): void {
  const kinds = {
    'auto.create.mirror.topics.filters': 'topicFilters',
    'consumer.offset.group.filters': 'groupFilters',
  } as const
  for (const [name, key] of Object.entries(kinds)) {
    const text = config[name as keyof typeof kinds]
    if (parseFilters(text, key) !== null) continue
    const row = '{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}'
    findings.error([...path, name], 'not a list of filters', `write '{"${key}": [${row}]}'`, text)
  }
}

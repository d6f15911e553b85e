// A cluster mirror of KIP-1279: its settings, checked.

import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import { mirrorFilters } from '../../../mirror/cluster-mirror/filters.ts'
import type { ClusterMirrorDocument } from '../../document/links.ts'
import type { ClusterMirrorSpec, LinkBase } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'

/** Those that are lists of regular expressions. */
const PATTERNS = [
  'mirror.acl.include',
  'mirror.groups.exclude',
  'mirror.groups.include',
  'mirror.topic.properties.exclude',
  'mirror.topics.exclude',
  'mirror.topics.include',
] as const

/** It has no workers. An expression that cannot be read is a finding, and its default stands in. */
export function resolveClusterMirror(
  path: Path,
  link: ClusterMirrorDocument,
  base: LinkBase,
  { release }: LinkSurroundings,
  findings: Findings,
): ClusterMirrorSpec {
  if (release.flavour !== 'apache') {
    const message = 'cluster mirrors live in brokers of Apache Kafka'
    const fix = 'set flavour: apache, or copy with system: cluster-link'
    findings.error([...path, 'system'], message, fix, link.system)
  }
  const here = [...path, 'config']
  const defaults = defaultSettings('clusterMirror', release.version)
  const written = checkedSettings('clusterMirror', here, link.config, defaults, release, findings)
  let config = written
  for (const name of PATTERNS) {
    try {
      mirrorFilters({ ...defaults, [name]: written[name] })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      const fix = 'write regular expressions with commas between them'
      findings.error([...here, name], 'no regular expression', fix, written[name])
      config = { ...config, [name]: defaults[name] }
    }
  }
  return { system: 'cluster-mirror', ...base, workers: [], mirrors: link.mirrors, config }
}

// Links: the clusters they name, their processes, and the settings in force on each.

import type { LinkDocument } from '../../document/links.ts'
import { keepsGroups, type LinkBase, type LinkSpec } from '../../links.ts'
import type { ClusterSpec } from '../../model.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkOffsetsTopic } from '../group-rules.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { resolveBrooklin } from './brooklin.ts'
import { resolveClusterLink } from './cluster-link.ts'
import { resolveClusterMirror } from './cluster-mirror.ts'
import { resolveConnect } from './connect.ts'
import { resolveFlink } from './flink.ts'
import { linkSettings } from './link-settings.ts'
import { resolveMirrorMaker1 } from './mirror-maker1.ts'
import { resolveMirrorMaker2 } from './mirror-maker2.ts'
import { resolveMirus } from './mirus.ts'
import { resolveReplicator } from './replicator.ts'
import { checkStorageTopics } from './storage-topics.ts'
import { resolveUReplicator } from './ureplicator.ts'

/**
 * In the order of the file; links are told apart by name, so a second one of a name is a finding.
 */
export function resolveLinks(
  links: readonly LinkDocument[],
  around: LinkSurroundings,
  findings: Findings,
): LinkSpec[] {
  const names = new Set<string>()
  return links.map((link, index) => {
    const path = ['links', index]
    const base = baseOf(path, link, around.clusters, findings)
    if (names.has(base.name)) {
      const fix = 'give each link a name of its own: name: …'
      findings.error([...path, 'name'], `link ${base.name} is there twice`, fix)
    }
    names.add(base.name)
    const spec = resolveLink(path, link, base, around, findings)
    checkStorageTopics(path, spec, around.clusters, findings)
    return { ...spec, settings: linkSettings(link, spec) }
  })
}

function resolveLink(
  path: Path,
  link: LinkDocument,
  base: LinkBase,
  around: LinkSurroundings,
  findings: Findings,
): LinkSpec {
  switch (link.system) {
    case 'mirror-maker2':
      return resolveMirrorMaker2(path, link, base, around, findings)
    case 'mirror-maker1':
      return resolveMirrorMaker1(path, link, base, around, findings)
    case 'brooklin':
      return resolveBrooklin(path, link, base, around, findings)
    case 'cluster-link':
      return resolveClusterLink(path, link, base, around, findings)
    case 'cluster-mirror':
      return resolveClusterMirror(path, link, base, around, findings)
    case 'mirus':
      return resolveMirus(path, link, base, around, findings)
    case 'connect':
      return resolveConnect(path, link, base, around, findings)
    case 'replicator':
      return resolveReplicator(path, link, base, around, findings)
    case 'flink':
      return resolveFlink(path, link, base, around, findings)
    case 'ureplicator':
      return resolveUReplicator(path, link, base, around, findings)
  }
}

function baseOf(
  path: Path,
  link: LinkDocument,
  clusters: readonly ClusterSpec[],
  findings: Findings,
): LinkBase {
  const { name, from, to, principal } = link
  const known = clusters.map((cluster) => cluster.name)
  for (const [key, end] of Object.entries({ from, to })) {
    const cluster = clusters.find((one) => one.name === end)
    if (cluster === undefined) findings.unknown([...path, key], 'cluster', end, known)
    else if (keepsGroups(link)) checkOffsetsTopic([...path, key], end, cluster, findings)
  }
  if (from === to) {
    const fix = 'name two clusters; inside one, replicas carry the copy'
    findings.error([...path, 'to'], 'a link leads from one cluster to another', fix, to)
  }
  return { name: name ?? `${from}->${to}`, from, to, principal }
}

// Linked clusters: the files of MirrorMaker name the clusters, other files describe them.

import { type Draft, REGION } from '../draft.ts'
import type { MirrorCommand } from '../mirror-maker1/command.ts'
import { aliasesOfCommands, importMirrorCommand } from '../mirror-maker1/mirror-maker1.ts'
import { importServerProperties } from '../server-properties.ts'
import type { Source } from '../source.ts'
import { importStrimzi } from '../strimzi.ts'
import { type Alias, aliasOfResource, filesByAlias, mergedAliases } from './aliases.ts'
import { aliasesOfProperties, importMirrorProperties } from './properties.ts'
import { aliasesOfMirrors, importMirrors } from './strimzi.ts'

export interface LinkedSources {
  /** mm2.properties. */
  readonly mirrors: readonly Source[]
  /** Command lines of the first MirrorMaker, with the files of its clients. */
  readonly commands: readonly MirrorCommand[]
  /** KafkaMirrorMaker2. */
  readonly flows: readonly Source[]
  readonly strimzi: readonly Source[]
  readonly properties: readonly Source[]
}

/** Clusters first: what a flow leaves to its target’s brokers is read from them. */
export function importLinked(draft: Draft, sources: LinkedSources): void {
  const { mirrors, commands, flows, strimzi, properties } = sources
  const aliases = mergedAliases([
    ...mirrors.flatMap(aliasesOfProperties),
    ...flows.flatMap(aliasesOfMirrors),
    ...aliasesOfCommands(draft, commands),
  ])
  draft.aliases = aliases.map(({ name }) => name)
  importResources(draft, strimzi, aliases)
  for (const { cluster, sources: files } of filesByAlias(draft, properties, aliases)) {
    if (draft.nodes.some((node) => node.cluster === cluster)) {
      const fix = 'import either of them'
      files[0]?.fail([], `cluster ${cluster} has Strimzi resources already`, fix)
    }
    importServerProperties(draft, files, cluster)
  }
  for (const { name } of aliases) standIn(draft, name)
  for (const command of commands) importMirrorCommand(draft, command, aliases)
  for (const source of mirrors) importMirrorProperties(draft, source)
  for (const source of flows) importMirrors(draft, source)
}

/** Strimzi’s resources by the Kafka resource that they belong to. */
function importResources(
  draft: Draft,
  sources: readonly Source[],
  aliases: readonly Alias[],
): void {
  const kafkas = sources.filter((source) => source.look('kind') === 'Kafka')
  const byResource = new Map<string, Source[]>()
  for (const source of sources) {
    const name = resourceOf(source, kafkas)
    byResource.set(name, [...(byResource.get(name) ?? []), source])
  }
  for (const [resource, own] of byResource) {
    const alias = aliasOfResource(resource, aliases)
    if (alias === null) {
      const fix = `name it as an alias, or write bootstrapServers: ${resource}-kafka-bootstrap:9092`
      own[0]?.fail(['metadata', 'name'], `no flow names the cluster ${resource}`, fix)
    } else importStrimzi(draft, own, alias)
  }
}

function resourceOf(source: Source, kafkas: readonly Source[]): string {
  if (source.look('kind') === 'Kafka') return String(source.look('metadata', 'name'))
  const label = source.look('metadata', 'labels', 'strimzi.io/cluster')
  if (label !== undefined) return String(label)
  const [only, second] = kafkas
  if (only !== undefined && second === undefined) return String(only.look('metadata', 'name'))
  const fix = 'write labels: { strimzi.io/cluster: NAME }'
  return source.fail(['metadata'], 'it does not say of which cluster it is', fix)
}

const STAND_INS = 3

/** A cluster that no file describes. */
function standIn(draft: Draft, cluster: string): void {
  if (draft.nodes.some((node) => node.cluster === cluster)) return
  draft.assumed.push(`no file describes cluster ${cluster}: it has three brokers`)
  const region = draft.homeOf(cluster)
  for (const role of ['broker', 'controller'] as const) {
    for (let i = 0; i < STAND_INS; i++) {
      const id = 1 + Math.max(0, ...draft.nodes.map((node) => node.id))
      const place = { region, zone: null, rack: region === REGION ? null : region }
      const node = { cluster, id, written: id, roles: [role], config: {}, pool: null }
      draft.nodes.push({ ...node, ...place })
    }
  }
}

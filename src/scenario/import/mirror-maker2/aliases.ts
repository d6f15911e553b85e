// The clusters that a MirrorMaker 2 file names, and which other files describe them: a file is of
// the alias whose bootstrap servers it answers to.

import type { Draft } from '../draft.ts'
import { nodeConfigs } from '../server-properties.ts'
import type { Source } from '../source.ts'

export interface Alias {
  readonly name: string
  /** 'host:port' each. */
  readonly bootstrap: readonly string[]
}

/** Files of one cluster. */
export interface ClusterFiles {
  readonly cluster: string
  readonly sources: readonly Source[]
}

/** host:port entries of a bootstrap list in the order written; none for a missing value. */
export function serversOf(text: unknown): string[] {
  return String(text ?? '')
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '')
}

/** Each cluster once, whatever the number of files that name it. */
export function mergedAliases(aliases: readonly Alias[]): Alias[] {
  const servers = new Map<string, string[]>()
  for (const { name, bootstrap } of aliases) {
    servers.set(name, [...(servers.get(name) ?? []), ...bootstrap])
  }
  return [...servers].map(([name, bootstrap]) => ({ name, bootstrap }))
}

/** The Kafka resource of an alias is its name, or the first label of its bootstrap service. */
export function aliasOfResource(name: string, aliases: readonly Alias[]): string | null {
  const isOf = ({ bootstrap }: Alias) =>
    bootstrap.some((server) => server.startsWith(`${name}-kafka-`))
  const found = aliases.find(isOf) ?? aliases.find((alias) => alias.name === name)
  return found?.name ?? null
}

/** server.properties by the alias that lists their listener, then by the voters that they share. */
export function filesByAlias(
  draft: Draft,
  sources: readonly Source[],
  aliases: readonly Alias[],
): ClusterFiles[] {
  const found = new Map<Source, string>()
  for (const source of sources) {
    const alias = listed(source, aliases) ?? named(draft, source, aliases)
    if (alias !== null) found.set(source, alias)
  }
  for (const source of sources) {
    const peer = sources.find((one) => found.has(one) && sharesVoters(one, source))
    const alias = found.get(source) ?? (peer === undefined ? undefined : found.get(peer))
    if (alias !== undefined) found.set(source, alias)
    else {
      const names = aliases.map(({ name }) => name).join(' or ')
      const fix = `give it an advertised.listeners that ${names} has in its bootstrap.servers`
      source.fail([], 'it does not say of which cluster it is', fix)
    }
  }
  return aliases
    .map(({ name }) => ({
      cluster: name,
      sources: sources.filter((one) => found.get(one) === name),
    }))
    .filter((files) => files.sources.length > 0)
}

function listed(source: Source, aliases: readonly Alias[]): string | null {
  const addresses = nodeConfigs(source).flatMap((text) =>
    serversOf(text).map((one) => one.replace(/^[^:]*:\/\//, '')),
  )
  const found = aliases.find(({ bootstrap }) => bootstrap.some((one) => addresses.includes(one)))
  return found?.name ?? null
}

/** By a word of the file's path, which is how such files are kept apart on disk. */
function named(draft: Draft, source: Source, aliases: readonly Alias[]): string | null {
  const words = source.file.split(/[^A-Za-z0-9-]+/)
  const all = aliases.filter(({ name }) => words.some((word) => wordIs(word, name)))
  const [found, second] = all
  if (found === undefined || second !== undefined) return null
  draft.assumed.push(`${source.file} is of cluster ${found.name}, as its path says`)
  return found.name
}

/** 'primary-broker-1' is of 'primary'. */
function wordIs(word: string, alias: string): boolean {
  return word === alias || word.startsWith(`${alias}-`) || word.endsWith(`-${alias}`)
}

function sharesVoters(one: Source, other: Source): boolean {
  return ['controller.quorum.voters', 'controller.quorum.bootstrap.servers'].some((key) => {
    const text = one.look(key)
    return text !== undefined && text !== '' && text === other.look(key)
  })
}

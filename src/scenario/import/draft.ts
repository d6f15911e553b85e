// What importers gather from several files before it is written as one scenario.

import type { Component } from '../../kafka/settings/modelled.ts'
import { defaultSettings, resolveSettings, type SettingNote } from '../../kafka/settings/resolve.ts'
import { parseVersion, VERSION_DEFAULT } from '../../kafka/version.ts'
import type { NodeRole } from '../model.ts'
import { formatPath, type Path } from '../problem.ts'
import type { Source } from './source.ts'

export type Settings = Readonly<Record<string, string | number | boolean>>

export interface DraftNode {
  /** Name of its cluster. */
  readonly cluster: string
  readonly id: number
  /** Its id in the file, which may not be unique over all clusters. */
  readonly written: number
  readonly roles: readonly NodeRole[]
  readonly region: string
  readonly zone: string | null
  /** broker.rack; null for none. */
  readonly rack: string | null
  readonly config: Settings
  /** Strimzi's node pool. */
  readonly pool: string | null
}

export interface DraftTopic {
  readonly cluster: string
  readonly name: string
  /** Null where the file does not say. */
  readonly partitions: number | null
  readonly replicationFactor: number | null
  readonly config: Settings
  /** Confluent's placement, verbatim. */
  readonly placement: unknown
}

export interface DraftFault {
  /** The fault's key and parameters, as a scenario writes them. */
  readonly kind: string
  readonly params: Readonly<Record<string, unknown>>
  readonly for: string | null
  readonly comment: string
  /** Seconds after the first fault. */
  readonly after?: number
}

/** An entry of a cluster's `acls`, as a scenario writes it. */
export interface DraftAcl {
  readonly cluster: string
  readonly rule: Readonly<Record<string, unknown>>
}

/** A flow of MirrorMaker 2, or a link of the first one. */
export interface DraftLink {
  readonly system: 'mirror-maker1' | 'mirror-maker2'
  readonly from: string
  readonly to: string
  /** Null where the file does not say. */
  readonly workers: number | null
  readonly config: Settings
  /** Of the first MirrorMaker’s command line. */
  readonly options: Settings
  readonly worker: Settings
  readonly producer: Settings
  readonly consumer: Settings
}

/** The cluster of files that name no other. */
export const ONLY_CLUSTER = 'kafka'

/**
 * Written to by one importer after the other, in the order of the files. `leftOut` and `assumed`
 * are told to whoever imports.
 */
export class Draft {
  name: string | null = null
  version: string | null = null
  isConfluent = false
  readonly nodes: DraftNode[] = []
  /** Strimzi's Kafka resources, with the names of their clusters. */
  readonly resources = new Map<string, string>()
  readonly topics: DraftTopic[] = []
  readonly acls: DraftAcl[] = []
  readonly flows: DraftLink[] = []
  /** Clusters that flows name, in the order of the file; none where there are no flows. */
  aliases: readonly string[] = []
  /** netem texts, one a direction of a path. */
  readonly links: { readonly netem: string; readonly comment: string }[] = []
  readonly faults: DraftFault[] = []
  /** 'file:line path: why', for everything that a scenario cannot say or the model does not use. */
  readonly leftOut: string[] = []
  /** What was guessed, and must be looked at. */
  readonly assumed: string[] = []

  /** Notes something of a file as not carried over. */
  leave(source: Source, path: Path, why: string): void {
    const place = `${source.file}:${source.line(path)}`
    this.leftOut.push(`${place} ${formatPath(path)}: ${why}`)
  }

  /** Notes all that an importer has not taken. */
  leaveRest(source: Source, why: string): void {
    for (const path of source.left()) this.leave(source, path, why)
    for (const { key, line } of source.overwritten) {
      const place = `${source.file}:${line} ${formatPath([key])}`
      this.leftOut.push(`${place}: it is there again below, and the last one counts`)
    }
  }

  /** Where nodes stand whose files name no region: that of their cluster. */
  homeOf(cluster: string): string {
    return this.aliases.length === 0 ? REGION : nameFrom(cluster)
  }

  /** A file's own id, or where another cluster has it the next one free, as ids are unique here. */
  idFor(cluster: string, id: number): number {
    const taken = new Set(this.nodes.map((node) => node.id))
    if (!taken.has(id)) return id
    let free = id
    while (taken.has(free)) free += ID_STEP
    this.assumed.push(`node ${id} of ${cluster} is node ${free} here: ids are unique`)
    return free
  }

  /**
   * The first file that names a release decides; another one is left out, and so is one that the
   * model does not know.
   */
  takeVersion(source: Source, path: Path): void {
    const text = source.takeText(...path)
    if (text === null) return
    if (this.version !== null && this.version !== text) {
      this.leave(source, path, `a scenario has one release, and ${this.version} it is`)
    } else if (parseVersion(text) !== null) this.version = text
    else this.leave(source, path, `no release that the model tells apart; ${VERSION_DEFAULT} it is`)
  }
}

/** Settings that the model uses; of the others each is noted by name, its value never copied. */
export function takeSettings(
  draft: Draft,
  source: Source,
  at: Path,
  component: Component,
  names: readonly string[],
): Settings {
  const config: Record<string, string | number | boolean> = {}
  for (const name of names) takeSetting(draft, source, component, [...at, name], { name, config })
  return config
}

/** One setting, written to `config` under its own name whatever its key in the file is. */
export function takeSetting(
  draft: Draft,
  source: Source,
  component: Component,
  path: Path,
  { name, config }: { readonly name: string; readonly config: Record<string, unknown> },
): void {
  const value = source.take(...path)
  const version = draft.version ?? VERSION_DEFAULT
  const read = resolveSettings(component, { [name]: value }, defaultSettings(component, version))
  const [problem] = read.problems
  const note: SettingNote | undefined = read.notes[0]
  if (note !== undefined) draft.leave(source, path, 'not modelled, it has no effect')
  else if (problem === undefined) config[name] = value
  else if (problem.message.includes('is no ')) {
    draft.leave(source, path, `no ${component} setting of Apache Kafka`)
  } else source.fail(path, problem.message, problem.fix)
}

/** Whether Kafka has a setting of this name there, used by the model or not. */
export function isSetting(component: Component, name: string): boolean {
  const base = defaultSettings(component, VERSION_DEFAULT)
  const { problems } = resolveSettings(component, { [name]: null }, base)
  return !problems.some(({ message }) => message.includes('is no '))
}

/** A name as scenarios have them. */
export function nameFrom(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return clean === '' ? 'imported' : clean.slice(0, 60)
}

/** Stands for the region that a file does not name. */
export const REGION = 'region-1'

/** Between an id that is taken and the one that takes its place. */
const ID_STEP = 100

/** Stands beside what no file says. */
export const MARK = '# PLACEHOLDER'

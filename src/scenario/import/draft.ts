// What importers gather from several files before it is written as one scenario.

import { defaultSettings, resolveSettings, type SettingNote } from '../../kafka/settings/resolve.ts'
import { parseVersion, VERSION_DEFAULT } from '../../kafka/version.ts'
import type { NodeRole } from '../model.ts'
import { formatPath, type Path } from '../problem.ts'
import type { Source } from './source.ts'

export type Settings = Readonly<Record<string, string | number | boolean>>

export interface DraftNode {
  readonly id: number
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
}

export class Draft {
  name: string | null = null
  version: string | null = null
  isConfluent = false
  readonly nodes: DraftNode[] = []
  readonly topics: DraftTopic[] = []
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
  }

  takeVersion(source: Source, path: Path): void {
    const text = source.takeText(...path)
    if (text === null) return
    if (parseVersion(text) !== null) this.version = text
    else this.leave(source, path, `no release that the model tells apart; ${VERSION_DEFAULT} it is`)
  }
}

/** Settings that the model uses; of the others each is noted by name, its value never copied. */
export function takeSettings(
  draft: Draft,
  source: Source,
  at: Path,
  component: 'broker' | 'topic',
  names: readonly string[],
): Settings {
  const config: Record<string, string | number | boolean> = {}
  const version = draft.version ?? VERSION_DEFAULT
  for (const name of names) {
    const path = [...at, name]
    const value = source.take(...path)
    const read = resolveSettings(component, { [name]: value }, defaultSettings(component, version))
    const [problem] = read.problems
    const note: SettingNote | undefined = read.notes[0]
    if (note !== undefined) draft.leave(source, path, 'not modelled, it has no effect')
    else if (problem === undefined) config[name] = value as string | number | boolean
    else if (problem.message.includes('is no ')) {
      draft.leave(source, path, `no ${component} setting of Apache Kafka`)
    } else source.fail(path, problem.message, problem.fix)
  }
  return config
}

/** A name as scenarios have them. */
export function nameFrom(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return clean === '' ? 'imported' : clean.slice(0, 60)
}

/** Stands for the region that a file does not name. */
export const REGION = 'region-1'

// One flow while it is read: settings of several places and ranks, of which the highest counts.

import type { Component } from '../../../kafka/settings/modelled.ts'
import type { Path } from '../../problem.ts'
import { type Draft, type DraftLink, takeSetting } from '../draft.ts'
import type { Source } from '../source.ts'

/** The parts of a flow that have settings, by the names of Highwater's components. */
export type FlowPart = Extract<
  Component,
  'mirrorMaker2' | 'connectWorker' | 'producer' | 'consumer'
>

/** Where a key of the file goes. */
export interface SettingUse {
  readonly part: FlowPart
  readonly name: string
  /** Of two values for one name the one of the higher rank counts. */
  readonly rank: number
}

interface Entry extends SettingUse {
  readonly source: Source
  readonly path: Path
}

const IDENTITY = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
const DEFAULT = 'org.apache.kafka.connect.mirror.DefaultReplicationPolicy'
const FACTOR = 'replication.factor'
const FACTOR_OF_BROKERS = 'default.replication.factor'

/**
 * The settings of MirrorMaker 2 proper, of its worker and of its clients are kept apart, as a
 * scenario's link has them.
 */
export class FlowDraft {
  readonly from: string
  readonly to: string
  workers: number | null = null
  readonly #draft: Draft
  readonly #entries: Entry[] = []
  readonly #fixed: [part: FlowPart, name: string, value: string | boolean][] = []

  constructor(draft: Draft, from: string, to: string) {
    this.#draft = draft
    this.from = from
    this.to = to
  }

  /** Nothing is read before `link`, when all ranks are known. */
  use(source: Source, path: Path, use: SettingUse): void {
    this.#entries.push({ source, path, ...use })
  }

  /** What the file says with something else than a setting. */
  set(part: FlowPart, name: string, value: string | boolean): void {
    this.#fixed.push([part, name, value])
  }

  /** Takes each setting from its file; throws UsageError for a value that Kafka would refuse. */
  link(): DraftLink {
    const parts = { mirrorMaker2: {}, connectWorker: {}, producer: {}, consumer: {} }
    const byRank = [...this.#entries].sort((a, b) => a.rank - b.rank)
    for (const entry of byRank) this.#take(entry, parts[entry.part])
    for (const [part, name, value] of this.#fixed) Object.assign(parts[part], { [name]: value })
    const { mirrorMaker2: config, connectWorker: worker, producer, consumer } = parts
    const { from, to, workers } = this
    const own = { system: 'mirror-maker2' as const, options: {} }
    return { ...own, from, to, workers, config, worker, producer, consumer }
  }

  #take({ source, path, part, name }: Entry, config: Record<string, unknown>): void {
    const text = String(source.look(...path))
    if (name === 'replication.policy.class') this.#takePolicy(source, path, text, config)
    else if (name.endsWith(FACTOR) && text === '-1') this.#takeFactor(source, path, name, config)
    else takeSetting(this.#draft, source, part, path, { name, config })
  }

  /** Policies without a prefix go by many names; one of another kind cannot be run. */
  #takePolicy(source: Source, path: Path, text: string, config: Record<string, unknown>): void {
    source.take(...path)
    if (text === DEFAULT || text.endsWith('.IdentityReplicationPolicy')) {
      config['replication.policy.class'] = text === DEFAULT ? DEFAULT : IDENTITY
      if (text === DEFAULT || text === IDENTITY) return
      this.#draft.assumed.push(`${text} names topics as ${IDENTITY} does`)
    } else this.#draft.leave(source, path, 'a policy of one’s own: the default one stands')
  }

  /** -1 asks the brokers of the target, whose default the model needs as a number. */
  #takeFactor(source: Source, path: Path, name: string, config: Record<string, unknown>): void {
    source.take(...path)
    const [node] = this.#draft.nodes.filter(({ cluster }) => cluster === this.to)
    const factor = Number(node?.config[FACTOR_OF_BROKERS] ?? 1)
    config[name] = factor
    this.#draft.assumed.push(`${name} -1 is ${factor}, the ${FACTOR_OF_BROKERS} of ${this.to}`)
  }
}

/** Adds a flow unless it is there: two files that run one flow are one of them too many. */
export function addFlow(draft: Draft, source: Source, path: Path, link: DraftLink): void {
  const { from, to } = link
  if (draft.flows.some((one) => one.from === from && one.to === to)) {
    source.fail(path, `the flow ${from}->${to} is there already`, 'import one of its files')
  }
  draft.flows.push(link)
}

// Models: which settings of a topic its copy gets, and which it loses again.
// Leaves out: filters of one's own; before 3.5, or where it is asked for (KIP-894), all that a copy
// has beside these goes with each sync, because AlterConfigs sets the whole of a topic.
// Source: DefaultConfigPropertyFilter, MirrorSourceConnector.targetConfig and
// incrementalAlterConfigs.

import type { TopicConfigs } from '../../kafka/clients/admin/kafka-admin-client.ts'
import { NameFilter } from './name-filter.ts'

/** use.defaults.from: whose default counts where the source has only Kafka's. */
export type DefaultsFrom = 'source' | 'target'

/** A null in an answer asks for the setting to be removed. */
export class CopiedConfigs {
  readonly #names: NameFilter
  readonly #defaultsFrom: DefaultsFrom

  /**
   * @param exclude config.properties.exclude
   * @throws SyntaxError where it is no list of regular expressions
   */
  constructor(exclude: string, defaultsFrom: DefaultsFrom = 'target') {
    this.#names = new NameFilter('.*', exclude)
    this.#defaultsFrom = defaultsFrom
  }

  /** What a copy is created with: what its source sets itself, and its defaults if they count. */
  of({ own, defaults }: TopicConfigs): Record<string, string> {
    const all = this.#defaultsFrom === 'source' ? { ...defaults, ...own } : own
    return Object.fromEntries(Object.entries(all).filter(([name]) => this.#names.accepts(name)))
  }

  /**
   * What a sync orders: besides that, what stands at the default at the source is taken from the
   * copy where the target's defaults count, whoever set it there. What the file of the source's
   * brokers decides is left as it is.
   */
  changes({ own, defaults }: TopicConfigs): Record<string, string | null> {
    const set = this.of({ own, defaults })
    const removed = Object.keys(defaults).filter((name) => this.#names.accepts(name))
    return { ...Object.fromEntries(removed.map((name) => [name, null])), ...set }
  }
}

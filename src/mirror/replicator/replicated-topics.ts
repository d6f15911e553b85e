// Models: which topics Replicator copies, and what they are called at the destination.
// Leaves out: a topic of the whitelist that does not exist, for which Replicator fails to start.
// Source: Confluent's docs (Replicator configuration: source topics, topic.rename.format).

import type { ReplicatorSettings } from '../../kafka/settings/modelled.ts'

/** Of the source: how far groups have come. */
export const CONSUMER_TIMESTAMPS = '__consumer_timestamps'

/** Never copied, whatever matches them. */
const INTERNAL: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  CONSUMER_TIMESTAMPS,
])
/** In topic.rename.format. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Replicator's own placeholder
export const PLACEHOLDER = '${topic}'

/** Its regular expression is one of JavaScript; a whole name must match. */
export class ReplicatedTopics {
  readonly #names: ReadonlySet<string>
  readonly #excluded: ReadonlySet<string>
  readonly #pattern: RegExp | null
  readonly #format: string

  /** @throws SyntaxError where topic.regex is none */
  constructor(settings: ReplicatorSettings) {
    this.#names = new Set(itemsOf(settings['topic.whitelist']))
    this.#excluded = new Set(itemsOf(settings['topic.blacklist']))
    const pattern = settings['topic.regex']
    this.#pattern = pattern === null ? null : new RegExp(`^(?:${pattern})$`)
    this.#format = settings['topic.rename.format']
  }

  /** The blacklist wins; the whitelist need not match the expression. */
  accepts(topic: string): boolean {
    if (this.#excluded.has(topic) || INTERNAL.has(topic)) return false
    return this.#names.has(topic) || (this.#pattern?.test(topic) ?? false)
  }

  /** By topic.rename.format; every placeholder in it becomes the name. */
  destination(topic: string): string {
    return this.#format.replaceAll(PLACEHOLDER, topic)
  }
}

function itemsOf(list: string): string[] {
  const items = list.split(',').map((item) => item.trim())
  return items.filter((item) => item !== '')
}

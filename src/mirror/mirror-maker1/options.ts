// Models: what MirrorMaker's command line says.
// Leaves out: a rebalance listener of one's own; message handlers that drop or multiply records.
// Source: kafka.tools.MirrorMaker.MirrorMakerOptions.

/** A message.handler of one's own; MirrorMaker's keeps the name and gives no partition. */
export interface MessageHandler {
  /** Put before the name of the topic. */
  readonly prefix: string
  /** Whether a record goes to the partition of its number. */
  readonly keepsPartition: boolean
}

export interface MirrorMaker1Options {
  /** num.streams: consumers in one process. */
  readonly numStreams: number
  /** include, whitelist in its youth: a regular expression with commas for bars. */
  readonly include: string
  readonly offsetCommitIntervalMs: number
  readonly abortOnSendFailure: boolean
  readonly handler: MessageHandler
}

/** Of every consumer that subscribes by pattern, unless exclude.internal.topics says otherwise. */
const INTERNAL_TOPICS = ['__consumer_offsets', '__transaction_state']

/**
 * The topics that an include list takes.
 * @throws SyntaxError where it is no regular expression
 */
export class IncludeList {
  readonly #pattern: RegExp

  constructor(include: string) {
    const bare = include.trim().replaceAll(',', '|').replaceAll(' ', '')
    this.#pattern = new RegExp(`^(?:${bare.replace(/^["']+/, '').replace(/["']+$/, '')})$`)
  }

  /** A whole name must match; Kafka's own topics never do. */
  accepts(topic: string): boolean {
    return this.#pattern.test(topic) && !INTERNAL_TOPICS.includes(topic)
  }
}

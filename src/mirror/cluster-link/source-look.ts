// Models: the look at the source's topics that a link's coordinator takes when its metadata is due,
// once for all that follows from it.
// Leaves out: news that a broker's fetchers hear of the source meanwhile.
// Source: Confluent's docs (metadata.max.age.ms "to proactively discover any new brokers or
// partitions"); KIP-1279's implementation of 2026 (MirrorSourceSyncer.runSourceClusterSync).

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MetadataResponse } from '../../kafka/messages.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { MS } from '../../sim/time.ts'
import type { LinkConfig } from './link-config.ts'
import type { LinkJob } from './link-job.ts'
import { movingMirrors } from './moving-mirrors.ts'
import type { SourceClient } from './source-client.ts'

/** Topics as the source has told. */
export type SourceTopics = MetadataResponse['topics']

/** Does something about what the source has, and the destination has not. */
export interface SourceFollower {
  /** All topics of the source where the link makes mirrors, else those that have mirrors. */
  onTopics(topics: SourceTopics): void
}

/** Where it lives, and whom it asks. */
export interface LookParts {
  readonly context: ProcessContext
  readonly host: MirrorHost
  readonly source: SourceClient
}

/**
 * A link that makes mirrors looks as soon as its broker has taken office. One of the coordinator's
 * jobs, and one question for all that follows from it: new topics, and partitions that were added.
 */
export class SourceLook implements LinkJob {
  readonly #host: MirrorHost
  readonly #source: SourceClient
  readonly #config: LinkConfig
  readonly #followers: readonly SourceFollower[]
  readonly #timer: Timer

  constructor(
    { context, host, source }: LookParts,
    config: LinkConfig,
    followers: readonly SourceFollower[],
  ) {
    this.#host = host
    this.#source = source
    this.#config = config
    this.#followers = followers
    this.#timer = context.timer(() => this.#look())
  }

  /** Else it looks when the metadata of the link is next due. */
  takeUp(): void {
    if (this.#config.makesMirror !== null) this.#timer.arm(0)
    else this.#lookLater()
  }

  /** An answer under way is still acted on. */
  layDown(): void {
    this.#timer.cancel()
  }

  #look(): void {
    this.#lookLater()
    const { name, makesMirror } = this.#config
    if (this.#host.isPaused(name)) return
    const mirrored = movingMirrors(this.#host, name).map(({ sourceTopic }) => sourceTopic)
    if (makesMirror === null && mirrored.length === 0) return
    const asked = this.#source.ask(
      { api: 'Metadata', topics: makesMirror === null ? mirrored : null },
      {
        onReply: (_, response) => {
          if (response?.api !== 'Metadata') this.#lookSoon()
          else for (const follower of this.#followers) follower.onTopics(response.topics)
        },
      },
    )
    if (asked === null) this.#lookSoon()
  }

  #lookLater(): void {
    this.#timer.arm(this.#config.settings['metadata.max.age.ms'] * MS)
  }

  /** A whole metadata.max.age.ms is five minutes, in which a new topic would have no copy. */
  #lookSoon(): void {
    this.#timer.arm(this.#config.settings['retry.backoff.max.ms'] * MS)
  }
}

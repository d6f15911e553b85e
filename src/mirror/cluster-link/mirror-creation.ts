// Models: mirror topics that a link makes by itself of topics that its filters name, at once and
// then as often as it renews its metadata.
// Leaves out: topics that are mirrors at the source themselves are told apart by filters only.
// Source: Confluent's docs (auto.create.mirror.topics.enable and .filters, metadata.max.age.ms).

import type { DescribeConfigsResponse, NewTopic } from '../../kafka/admin-messages.ts'
import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MetadataResponse } from '../../kafka/messages.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { MS } from '../../sim/time.ts'
import type { LinkConfig } from './link-config.ts'
import type { LinkJob } from './link-job.ts'
import type { SourceClient } from './source-client.ts'

/** A topic of the source, and how many partitions it has. */
interface Found {
  readonly name: string
  readonly partitions: number
}

/** Looks as soon as its broker has taken office, where the link makes mirrors at all. */
export class MirrorCreation implements LinkJob {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  readonly #timer: Timer

  constructor(context: ProcessContext, host: MirrorHost, config: LinkConfig, source: SourceClient) {
    this.#host = host
    this.#config = config
    this.#source = source
    this.#timer = context.timer(() => this.#look())
  }

  /** At once. */
  takeUp(): void {
    if (this.#config.makesMirror !== null) this.#timer.arm(0)
  }

  /** An answer under way is still acted on. */
  layDown(): void {
    this.#timer.cancel()
  }

  #look(): void {
    this.#timer.arm(this.#config.settings['metadata.max.age.ms'] * MS)
    if (this.#host.isPaused(this.#config.name)) return
    const asked = this.#source.ask(
      { api: 'Metadata', topics: null },
      {
        onReply: (_, response) => {
          if (response?.api === 'Metadata') this.#onTopics(response)
          else this.#lookSoon()
        },
      },
    )
    if (asked === null) this.#lookSoon()
  }

  /** A whole metadata.max.age.ms is five minutes, in which a new topic would have no copy. */
  #lookSoon(): void {
    this.#timer.arm(this.#config.settings['retry.backoff.max.ms'] * MS)
  }

  /** What is missing, with the settings that it has at the source. */
  #onTopics({ topics }: MetadataResponse): void {
    // By name: a topic that is there and no mirror stays what it is, whatever the filters say.
    const there = new Set(this.#host.topics())
    const missing = topics
      .filter(({ name, error }) => error === 'NONE' && this.#takes(name))
      .filter(({ name }) => !there.has(this.#mirrorOf(name)))
      .map(({ name, partitions }) => ({ name, partitions: partitions.length }))
    if (missing.length === 0) return
    this.#source.ask(
      { api: 'DescribeConfigs', topics: missing.map(({ name }) => name) },
      {
        onReply: (_, response) => {
          if (response?.api === 'DescribeConfigs') this.#create(missing, response)
        },
      },
    )
  }

  #takes(topic: string): boolean {
    return this.#config.makesMirror?.(topic) === true
  }

  #mirrorOf(topic: string): string {
    return `${this.#config.prefix}${topic}`
  }

  #create(missing: readonly Found[], { topics }: DescribeConfigsResponse): void {
    const { name: link, mirrorFactor: replicationFactor, takesSetting, firstState } = this.#config
    const wanted = missing.map(({ name, partitions }): NewTopic => {
      const own = Object.entries(topics.find((answer) => answer.name === name)?.configs ?? {})
      const configs = Object.fromEntries(own.filter(([key]) => takesSetting(key)))
      const mirror = { link, sourceTopic: name, state: firstState }
      return { name: this.#mirrorOf(name), partitions, replicationFactor, configs, mirror }
    })
    const request = { api: 'CreateTopics' as const, topics: wanted }
    this.#host.tellController({ api: 'Envelope', request }, IGNORED)
  }
}

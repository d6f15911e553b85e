// Models: mirror topics that a link makes by itself of topics that its filters name.
// Leaves out: topics that are mirrors at the source themselves are told apart by filters only.
// Source: Confluent's docs (auto.create.mirror.topics.enable and .filters).

import type { DescribeConfigsResponse, NewTopic } from '../../kafka/admin-messages.ts'
import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { LinkConfig } from './link-config.ts'
import type { SourceClient } from './source-client.ts'
import type { SourceFollower, SourceTopics } from './source-look.ts'

/** A topic of the source, and how many partitions it has. */
interface Found {
  readonly name: string
  readonly partitions: number
}

/**
 * Where the link makes mirrors at all: by filters with auto.create.mirror.topics.enable. What it
 * finds at one look exists some round trips later; what is written at the source before that is not
 * lost, since a mirror begins where mirror.start.offset.spec says, by default at the source's
 * beginning.
 */
export class MirrorCreation implements SourceFollower {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient

  constructor(host: MirrorHost, config: LinkConfig, source: SourceClient) {
    this.#host = host
    this.#config = config
    this.#source = source
  }

  /** Makes what is missing, with the settings that it has at the source. */
  onTopics(topics: SourceTopics): void {
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

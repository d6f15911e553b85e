// Models: settings of mirror topics that follow their source's, looked at in an interval.
// Leaves out: defaults of the source's brokers: only what a topic itself sets crosses; a value that
// was removed at the source before this coordinator took office.
// Source: Confluent's docs (topic.config.sync.ms, topic.config.sync.include).

import type { DescribeConfigsResponse } from '../../kafka/admin-messages.ts'
import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { LinkConfig } from './link-config.ts'
import type { LinkJob } from './link-job.ts'
import { movingMirrors } from './moving-mirrors.ts'
import type { SourceClient } from './source-client.ts'

type Configs = Readonly<Record<string, string>>

/**
 * First looks one interval (topic.config.sync.ms) after its broker has taken office; nothing is
 * altered for a mirror that stands still.
 */
export class MirrorConfigs implements LinkJob {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  readonly #timer: Timer
  /** Of each source topic when last looked at, to know what was removed since. */
  readonly #seen = new Map<string, Configs>()

  constructor(context: ProcessContext, host: MirrorHost, config: LinkConfig, source: SourceClient) {
    this.#host = host
    this.#config = config
    this.#source = source
    this.#timer = context.timer(() => this.#look())
  }

  /** From one interval on. */
  takeUp(): void {
    this.#timer.arm(this.#config.configSync)
  }

  /** Forgets what it has seen of the source. */
  layDown(): void {
    this.#timer.cancel()
    // Another broker looks from now on: what it copies and removes meanwhile would be taken for a
    // change at the source when the office comes back.
    this.#seen.clear()
  }

  #look(): void {
    this.#timer.arm(this.#config.configSync)
    const moving = movingMirrors(this.#host, this.#config.name)
    if (moving.length === 0) return
    const topics = moving.map(({ sourceTopic }) => sourceTopic)
    this.#source.ask(
      { api: 'DescribeConfigs', topics },
      {
        onReply: (_, response) => {
          if (response?.api === 'DescribeConfigs') this.#compare(response)
        },
      },
    )
  }

  #compare({ topics }: DescribeConfigsResponse): void {
    // Asked for anew: a mirror may have been promoted while the source answered, and its settings
    // are its owner's now.
    const changed = movingMirrors(this.#host, this.#config.name).flatMap(
      ({ topic, sourceTopic }) => {
        const answer = topics.find(({ name, error }) => name === sourceTopic && error === 'NONE')
        if (answer === undefined) return []
        const configs = this.#changes(topic, answer.configs, this.#seen.get(sourceTopic) ?? {})
        this.#seen.set(sourceTopic, answer.configs)
        return Object.keys(configs).length === 0 ? [] : [{ name: topic, configs }]
      },
    )
    if (changed.length === 0) return
    const request = { api: 'IncrementalAlterConfigs' as const, topics: changed }
    this.#host.tellController({ api: 'Envelope', request }, IGNORED)
  }

  #changes(topic: string, source: Configs, before: Configs): Record<string, string | null> {
    const own = this.#host.configsOf(topic)
    const { takesSetting, removesSettings } = this.#config
    const changes: Record<string, string | null> = {}
    for (const [name, value] of Object.entries(source)) {
      if (takesSetting(name) && value !== own[name]) changes[name] = value
    }
    if (!removesSettings) return changes
    for (const name of Object.keys(before)) {
      const isGone = source[name] === undefined && own[name] !== undefined
      if (isGone && takesSetting(name)) changes[name] = null
    }
    return changes
  }
}

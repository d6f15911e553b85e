// Models: topics that a client asks about and that do not exist: the broker orders them.
// Leaves out: internal topics, names that are refused at once, quotas; consumers that allow it.
// Source: kafka.server.DefaultAutoTopicCreationManager; KafkaApis.getTopicMetadata.

import { OFFSETS_TOPIC } from '../ids.ts'
import type { MetadataRequest, MetadataResponse } from '../messages.ts'
import type { BrokerConfig } from './broker-config.ts'
import type { ForwardingManager } from './forwarding-manager.ts'

/** The client is told that the topic is unknown, and finds it when it asks again. */
export class AutoTopicCreation {
  readonly #config: BrokerConfig
  readonly #forwarding: ForwardingManager
  /** Ordered and not answered yet. */
  readonly #ordered = new Set<string>()

  constructor(config: BrokerConfig, forwarding: ForwardingManager) {
    this.#config = config
    this.#forwarding = forwarding
  }

  /** Orders what `answer` says is unknown, where client and broker allow it. */
  onMetadata(request: MetadataRequest, answer: MetadataResponse): void {
    const { autoCreateTopicsEnable, numPartitions, defaultReplicationFactor } = this.#config
    if (request.mayCreateTopics !== true || !autoCreateTopicsEnable) return
    // The offsets topic is made by whoever looks for a coordinator, with settings of its own.
    const missing = answer.topics.filter(({ name, error }) => {
      const isUnknown = error === 'UNKNOWN_TOPIC_OR_PARTITION' && name !== OFFSETS_TOPIC
      return isUnknown && !this.#ordered.has(name)
    })
    if (missing.length === 0) return
    const topics = missing.map(({ name }) => ({
      name,
      partitions: numPartitions,
      replicationFactor: defaultReplicationFactor,
      configs: {},
    }))
    // Until the controller has answered, others who ask for the same topic order nothing.
    for (const { name } of topics) this.#ordered.add(name)
    this.#forwarding.hand({ api: 'CreateTopics', topics }, () => {
      for (const { name } of topics) this.#ordered.delete(name)
    })
  }
}

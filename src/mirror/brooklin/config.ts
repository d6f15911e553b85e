// Models: what a datastream and its connector say.
// Leaves out: flow control, start positions, topic managers, several datastreams, partitions that
// Brooklin assigns by itself.
// Source: KafkaBasedConnectorConfig, KafkaMirrorMakerConnectorTask, DatastreamMetadataConstants.

export interface BrooklinConfig {
  /** Of the datastream's source: a regular expression of topics. */
  readonly topics: string
  /** Tasks in each instance, each a member of the datastream's group. */
  readonly tasks: number
  readonly destinationTopicPrefix: string
  readonly identityPartitioningEnabled: boolean
  readonly isFlushlessModeEnabled: boolean
  readonly commitIntervalMs: number
  readonly commitTimeoutMs: number
  readonly pollTimeoutMs: number
  readonly pausePartitionOnError: boolean
  readonly pauseErrorPartitionDurationMs: number
}

/** The topics that a source names, Kafka's own apart. */
export class SourceTopics {
  readonly #pattern: RegExp

  /** @throws SyntaxError where it is no regular expression */
  constructor(topics: string) {
    this.#pattern = new RegExp(`^(?:${topics})$`)
  }

  /** Kafka's own topics (__…) never match. */
  accepts(topic: string): boolean {
    return this.#pattern.test(topic) && !topic.startsWith('__')
  }
}

// Models: the policy that puts the source's alias before a topic's name.
// Leaves out: nothing.
// Source: org.apache.kafka.connect.mirror.DefaultReplicationPolicy; KIP-690, KIP-949, KIP-1074.

import type { Mm2Guards } from './guards.ts'
import type { ClusterAlias, ReplicationPolicy } from './replication-policy.ts'

const SEPARATOR_DEFAULT = '.'

export interface ReplicationPolicyConfig {
  /** replication.policy.separator */
  readonly separator?: string
  /** replication.policy.internal.topic.separator.enabled */
  readonly internalTopicSeparatorEnabled?: boolean
}

/** Takes any text before the first separator for a cluster: `my.orders` is of a cluster `my`. */
export class DefaultReplicationPolicy implements ReplicationPolicy {
  readonly #guards: Mm2Guards
  readonly #separator: string
  readonly #internalSeparator: string

  constructor(guards: Mm2Guards, config: ReplicationPolicyConfig = {}) {
    this.#guards = guards
    this.#separator = config.separator ?? SEPARATOR_DEFAULT
    const isEnabled = config.internalTopicSeparatorEnabled ?? true
    const isOwn = guards.separatorInInternalNames && isEnabled
    this.#internalSeparator = isOwn ? this.#separator : SEPARATOR_DEFAULT
  }

  /** 'A.orders': alias, separator, name. */
  formatRemoteTopic(source: ClusterAlias, topic: string): string {
    return source + this.#separator + topic
  }

  /** As Java splits: separators at the very end separate nothing, those at the start do. */
  topicSource(topic: string): ClusterAlias | null {
    const parts = topic.split(this.#separator)
    while (parts.at(-1) === '') parts.pop()
    const [source, ...rest] = parts
    return source === undefined || rest.length === 0 ? null : source
  }

  /** One step back: 'A.B.orders' was 'B.orders' at A. */
  upstreamTopic(topic: string): string | null {
    const source = this.topicSource(topic)
    return source === null ? null : topic.slice(source.length + this.#separator.length)
  }

  /** 'mm2-offset-syncs.B.internal', by the internal separator. */
  offsetSyncsTopic(alias: ClusterAlias): string {
    return ['mm2-offset-syncs', alias, 'internal'].join(this.#internalSeparator)
  }

  /** 'A.checkpoints.internal', by the internal separator. */
  checkpointsTopic(alias: ClusterAlias): string {
    return alias + this.#checkpointsSuffix
  }

  /** By its end: also another flow's. */
  isCheckpointsTopic(topic: string): boolean {
    return topic.endsWith(this.#checkpointsSuffix)
  }

  /** By its end alone in releases that replicate no user's '.internal' topics. */
  isMm2InternalTopic(topic: string): boolean {
    const hasSuffix = topic.endsWith(this.#internalSuffix)
    if (!this.#guards.replicatesUserInternals) return hasSuffix
    return (hasSuffix && topic.startsWith('mm2')) || this.isCheckpointsTopic(topic)
  }

  /** Of Kafka (__…), of Connect, hidden (.…) or of MirrorMaker. */
  isInternalTopic(topic: string): boolean {
    const isOfKafka = topic.startsWith('__') || topic.startsWith('.')
    const isNamedSo = topic.endsWith('-internal') || topic.endsWith('.internal')
    const isOfConnect = isNamedSo && !this.#guards.replicatesUserInternals
    return isOfKafka || isOfConnect || this.isMm2InternalTopic(topic)
  }

  get #internalSuffix(): string {
    return `${this.#internalSeparator}internal`
  }

  get #checkpointsSuffix(): string {
    return `${this.#internalSeparator}checkpoints${this.#internalSuffix}`
  }
}

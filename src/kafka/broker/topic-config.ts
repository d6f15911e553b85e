// Models: a topic's settings as its partitions read them, defaults where the topic says nothing.
// Leaves out: settings without an effect in the model.
// Source: LogConfig, DynamicLogConfig, ServerTopicConfigSynonyms;
// confluent.placement.constraints (observerPromotionPolicy).

import { oneShape } from '../../sim/one-shape.ts'
import { brokerCompressionOf } from '../compression.ts'
import type { NodeId } from '../ids.ts'
import type { BrokerConfigs } from '../metadata/broker-configs.ts'
import type { ObserverPromotionPolicy, TopicConfig } from '../partition/partition-ports.ts'
import { TOPIC_DEFAULT_FROM_BROKER } from '../settings/modelled.ts'

/** 'none' is not among them: it is what holds without a policy. */
const POLICIES: readonly ObserverPromotionPolicy[] = [
  'under-min-isr',
  'under-replicated',
  'leader-is-observer',
]

/**
 * What topics of a broker get that say nothing themselves: its file's settings, below what was set
 * at run time for all brokers, below what was set for this one (KIP-226).
 */
export function brokerTopicDefaults(
  node: NodeId,
  configs: BrokerConfigs,
  fromFile: TopicConfig,
): TopicConfig {
  if (configs.isEmpty) return fromFile
  const overrides: Record<string, string> = {}
  for (const [setting, broker] of Object.entries(TOPIC_DEFAULT_FROM_BROKER)) {
    const value = configs.valueOf(node, broker)
    if (value !== undefined) overrides[setting] = value
  }
  return topicConfigOf(overrides, fromFile)
}

/** Overlays a topic's overrides, strings under Kafka's names, on the broker's defaults. */
export function topicConfigOf(
  overrides: Readonly<Record<string, string>>,
  defaults: TopicConfig,
): TopicConfig {
  const number = (name: string, fallback: number) => {
    const text = overrides[name]
    return text === undefined ? fallback : Number(text)
  }
  // Every partition reads it: one shape for all topics, whatever they set.
  return oneShape({
    ...defaults,
    minInsyncReplicas: number('min.insync.replicas', defaults.minInsyncReplicas),
    segmentBytes: number('segment.bytes', defaults.segmentBytes),
    segmentMs: number('segment.ms', defaults.segmentMs),
    retentionMs: number('retention.ms', defaults.retentionMs),
    retentionBytes: number('retention.bytes', defaults.retentionBytes),
    flushMessages: number('flush.messages', defaults.flushMessages),
    compressionType: brokerCompressionOf(overrides['compression.type'] ?? defaults.compressionType),
    observerPromotionPolicy: policyIn(overrides['confluent.placement.constraints'], defaults),
  })
}

/** The placement is JSON; version 1 has no policy: observers wait for an observer to lead. */
function policyIn(placement: string | undefined, defaults: TopicConfig): ObserverPromotionPolicy {
  if (placement === undefined) return defaults.observerPromotionPolicy
  const match = /"observerPromotionPolicy"\s*:\s*"([a-z-]+)"/.exec(placement)
  const isVersion1 = /"version"\s*:\s*1\b/.test(placement)
  const policy = POLICIES.find((name) => name === match?.[1])
  return policy === undefined || isVersion1 ? 'none' : policy
}

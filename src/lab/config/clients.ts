// From the settings of a scenario's clients to what a producer or a consumer reads.

import type { ConsumerConfig } from '../../kafka/clients/consumer-config.ts'
import type { ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { Acks } from '../../kafka/messages.ts'
import { bufferOf, type ChannelOptions } from '../../kafka/network/channel-options.ts'
import { JITTER_PERCENT } from '../../kafka/network/exponential-backoff.ts'
import type { ConsumerSettings, ProducerSettings } from '../../kafka/settings/modelled.ts'
import type { Guards, KafkaVersion } from '../../kafka/version.ts'
import { compareVersions } from '../../kafka/version.ts'
import type { ConsumerSpec, ProducerSpec } from '../../scenario/model.ts'
import { type Micros, MS, NEVER } from '../../sim/time.ts'

/** First release whose clients follow the leader named in an error (KIP-951). */
const LEADER_HINTS_SINCE: KafkaVersion = '3.7'

/** First release whose clients wait longer with each try (KIP-580). */
const GROWING_BACKOFF_SINCE: KafkaVersion = '3.7'

/** First release whose producers ask again for the id that they were refused (KAFKA-13668). */
const ID_REFUSAL_NOT_FATAL_SINCE: KafkaVersion = '3.6'

/** First release whose clients begin again by the clock (KIP-1102), and not in back-off alone. */
const REBOOTSTRAP_TRIGGER_SINCE: KafkaVersion = '4.0'

/** First release whose consumers fetch nothing from a node of which records wait (KAFKA-17182). */
const SPARED_NODES_SINCE: KafkaVersion = '4.1'

/** @param spec a producer, or as much of one as its configuration needs */
export function producerConfigOf(
  spec: Pick<ProducerSpec, 'config' | 'compressionRatio'>,
  version: KafkaVersion,
): ProducerConfig {
  const s = spec.config
  const common = commonConfig(s, version)
  // No spreading: objects made by it share no hidden class, and the sender reads this all the time.
  return {
    acks: acksOf(s.acks),
    enableIdempotence: s['enable.idempotence'],
    retries: s.retries,
    maxInFlightRequestsPerConnection: s['max.in.flight.requests.per.connection'],
    deliveryTimeoutMs: s['delivery.timeout.ms'],
    lingerMs: s['linger.ms'],
    batchSizeBytes: s['batch.size'],
    bufferMemoryBytes: s['buffer.memory'],
    maxBlockMs: s['max.block.ms'],
    maxRequestSizeBytes: s['max.request.size'],
    partitionerAdaptive: s['partitioner.adaptive.partitioning.enable'],
    partitionerAvailabilityTimeoutMs: s['partitioner.availability.timeout.ms'],
    compressionType: s['compression.type'],
    compressionRatio: spec.compressionRatio,
    requestTimeoutMs: common.requestTimeoutMs,
    retryBackoffMs: common.retryBackoffMs,
    retryBackoffMaxMs: common.retryBackoffMaxMs,
    reconnectBackoffMs: common.reconnectBackoffMs,
    metadataMaxAgeMs: common.metadataMaxAgeMs,
    rebootstrap: common.rebootstrap,
    rebootstrapTriggerMs: common.rebootstrapTriggerMs,
    leaderHints: common.leaderHints,
    producerIdRefusalIsFatal: compareVersions(version, ID_REFUSAL_NOT_FATAL_SINCE) < 0,
  }
}

/**
 * Times stay milliseconds and sizes bytes, as Kafka's settings have them; the version decides what
 * clients of that release do by themselves.
 */
export function consumerConfigOf(
  spec: Pick<ConsumerSpec, 'config'>,
  version: KafkaVersion,
  guards: Guards,
): ConsumerConfig {
  const s = spec.config
  return {
    autoOffsetReset: s['auto.offset.reset'],
    clientRack: s['client.rack'],
    isolationLevel:
      s['isolation.level'] === 'read_committed' ? 'read_committed' : 'read_uncommitted',
    fetchMinBytes: s['fetch.min.bytes'],
    fetchMaxWaitMs: s['fetch.max.wait.ms'],
    fetchMaxBytes: s['fetch.max.bytes'],
    maxPartitionFetchBytes: s['max.partition.fetch.bytes'],
    maxPollRecords: s['max.poll.records'],
    positionValidation: guards.consumerValidatesPosition,
    sparesBufferedNodes: compareVersions(version, SPARED_NODES_SINCE) >= 0,
    ...commonConfig(s, version),
  }
}

/** What the network client of a producer or consumer reads. */
export function channelOptionsOf(
  s: ProducerSettings | ConsumerSettings,
  receiveServiceMicros: number,
): Partial<ChannelOptions> {
  return {
    sendBufferBytes: bufferOf(s['send.buffer.bytes']),
    receiveBufferBytes: bufferOf(s['receive.buffer.bytes']),
    receiveServiceMicros,
    connectionsMaxIdle: idleOf(s['connections.max.idle.ms']),
    reconnectBackoff: {
      initial: s['reconnect.backoff.ms'] * MS,
      max: s['reconnect.backoff.max.ms'] * MS,
      jitterPercent: JITTER_PERCENT,
    },
    setupTimeout: {
      initial: s['socket.connection.setup.timeout.ms'] * MS,
      max: s['socket.connection.setup.timeout.max.ms'] * MS,
      jitterPercent: JITTER_PERCENT,
    },
  }
}

/** Negative means that connections never close for idleness. */
function idleOf(ms: number): Micros {
  return ms < 0 ? NEVER : ms * MS
}

/** How far the waits before another try grow: before KIP-580 all were retry.backoff.ms long. */
export function retryBackoffMaxMsOf(
  s: ProducerSettings | ConsumerSettings,
  version: KafkaVersion,
): number {
  const grows = compareVersions(version, GROWING_BACKOFF_SINCE) >= 0
  return grows ? s['retry.backoff.max.ms'] : s['retry.backoff.ms']
}

function commonConfig(s: ProducerSettings | ConsumerSettings, version: KafkaVersion) {
  return {
    requestTimeoutMs: s['request.timeout.ms'],
    retryBackoffMs: s['retry.backoff.ms'],
    retryBackoffMaxMs: retryBackoffMaxMsOf(s, version),
    reconnectBackoffMs: s['reconnect.backoff.ms'],
    metadataMaxAgeMs: s['metadata.max.age.ms'],
    rebootstrap: s['metadata.recovery.strategy'] === 'rebootstrap',
    rebootstrapTriggerMs:
      compareVersions(version, REBOOTSTRAP_TRIGGER_SINCE) >= 0
        ? s['metadata.recovery.rebootstrap.trigger.ms']
        : NEVER,
    leaderHints: compareVersions(version, LEADER_HINTS_SINCE) >= 0,
  }
}

function acksOf(acks: string): Acks {
  if (acks === '0') return 0
  return acks === '1' ? 1 : -1
}

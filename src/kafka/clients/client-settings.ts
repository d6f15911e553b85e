// Models: how resolved Kafka settings become what a producer, a consumer and their channels follow.
// Leaves out: every setting that known-settings.json has and the model does not.
// Source: ProducerConfig.postProcessAndValidateIdempotenceConfigs, ConsumerConfig.

import type { Acks } from '../messages.ts'
import type { ChannelOptions } from '../network/channel-options.ts'
import type { BackoffSpec } from '../network/exponential-backoff.ts'
import type { ConsumerSettings, ProducerSettings } from '../settings/modelled.ts'
import type { Guards } from '../version.ts'
import type { AutoOffsetReset, ConsumerConfig } from './consumer-config.ts'
import type { ProducerConfig } from './producer-config.ts'

const IDEMPOTENT_IN_FLIGHT_MAX = 5

/**
 * The producer that these settings make. Idempotence is quietly off with acks other than all, with
 * no retries, and with more than 5 requests in flight.
 */
export function producerConfigOf(
  settings: ProducerSettings,
  guards: Guards,
  compressionRatio: number,
): ProducerConfig {
  const acks = acksOf(settings.acks)
  const inFlight = settings['max.in.flight.requests.per.connection']
  const idempotent =
    settings['enable.idempotence'] &&
    acks === -1 &&
    settings.retries > 0 &&
    inFlight <= IDEMPOTENT_IN_FLIGHT_MAX
  return {
    ...commonOf(settings, guards),
    acks,
    enableIdempotence: idempotent,
    retries: settings.retries,
    maxInFlightRequestsPerConnection: inFlight,
    deliveryTimeoutMs: settings['delivery.timeout.ms'],
    lingerMs: settings['linger.ms'],
    batchSizeBytes: settings['batch.size'],
    bufferMemoryBytes: settings['buffer.memory'],
    maxBlockMs: settings['max.block.ms'],
    maxRequestSizeBytes: settings['max.request.size'],
    partitionerAdaptive: true,
    compressionRatio,
  }
}

/** The consumer that these settings make. */
export function consumerConfigOf(settings: ConsumerSettings, guards: Guards): ConsumerConfig {
  return {
    ...commonOf(settings, guards),
    autoOffsetReset: settings['auto.offset.reset'] as AutoOffsetReset,
    clientRack: settings['client.rack'],
    isolationLevel:
      settings['isolation.level'] === 'read_committed' ? 'read_committed' : 'read_uncommitted',
    fetchMinBytes: settings['fetch.min.bytes'],
    fetchMaxWaitMs: settings['fetch.max.wait.ms'],
    fetchMaxBytes: settings['fetch.max.bytes'],
    maxPartitionFetchBytes: settings['max.partition.fetch.bytes'],
    positionValidation: guards.epochFencingOfFetch,
  }
}

/** What the settings of either client change in its network client. */
export function channelOptionsOf(
  settings: ProducerSettings | ConsumerSettings,
): Partial<ChannelOptions> {
  const idleMs = settings['connections.max.idle.ms']
  return {
    requestTimeout: settings['request.timeout.ms'] * 1_000,
    reconnectBackoff: waitOf(
      settings['reconnect.backoff.ms'],
      settings['reconnect.backoff.max.ms'],
    ),
    setupTimeout: waitOf(
      settings['socket.connection.setup.timeout.ms'],
      settings['socket.connection.setup.timeout.max.ms'],
    ),
    connectionsMaxIdle: idleMs < 0 ? Number.POSITIVE_INFINITY : idleMs * 1_000,
    sendBufferBytes: bufferOf(settings['send.buffer.bytes']),
    receiveBufferBytes: bufferOf(settings['receive.buffer.bytes']),
  }
}

function commonOf(settings: ProducerSettings | ConsumerSettings, guards: Guards) {
  return {
    requestTimeoutMs: settings['request.timeout.ms'],
    retryBackoffMs: settings['retry.backoff.ms'],
    retryBackoffMaxMs: Math.max(settings['retry.backoff.ms'], settings['retry.backoff.max.ms']),
    reconnectBackoffMs: settings['reconnect.backoff.ms'],
    metadataMaxAgeMs: settings['metadata.max.age.ms'],
    rebootstrap: settings['metadata.recovery.strategy'] === 'rebootstrap',
    rebootstrapTriggerMs: settings['metadata.recovery.rebootstrap.trigger.ms'],
    leaderHints: guards.newLeaderInErrorResponse,
  }
}

function acksOf(acks: string): Acks {
  if (acks === '0') return 0
  return acks === '1' ? 1 : -1
}

function waitOf(ms: number, maxMs: number): BackoffSpec {
  return { initial: ms * 1_000, max: Math.max(ms, maxMs) * 1_000, jitterPercent: 20 }
}

/** -1 leaves the size to the operating system. */
function bufferOf(bytes: number): number | undefined {
  return bytes < 0 ? undefined : bytes
}

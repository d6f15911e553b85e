// From a cluster link of a scenario to what its parts read inside a broker.

import { ANONYMOUS } from '../../faults/acl-rules.ts'
import type { BrokerConfig } from '../../kafka/broker/broker-config.ts'
import type { OffsetAt } from '../../kafka/messages.ts'
import { parseAclFilters } from '../../kafka/settings/cluster-link-acl-filters.ts'
import { parseFilters } from '../../kafka/settings/cluster-link-filters.ts'
import { startOffsetOf } from '../../kafka/settings/start-offset.ts'
import type { LinkConfig } from '../../mirror/cluster-link/link-config.ts'
import type { ClusterLinkSpec } from '../../scenario/links.ts'
import { MS } from '../../sim/time.ts'
import type { Clock } from '../record/clock.ts'

/** What a link takes over from the broker it lives in. */
interface BrokerPart {
  readonly config: BrokerConfig
  /** replica.socket.receive.buffer.bytes; undefined where the kernel decides. */
  readonly receiveBufferBytes: number | undefined
}

/** The link's own settings, and the broker's where it has none. */
export function linkConfigOf(
  { name, principal, config, knobs, autoMirrors, replicationFactor }: ClusterLinkSpec,
  { config: broker, receiveBufferBytes: ofBroker }: BrokerPart,
  clock: Clock,
): LinkConfig {
  const settings = config
  const service = broker.followerAppendService
  const receiveBuffer = settings['replica.socket.receive.buffer.bytes'] ?? ofBroker ?? -1
  return {
    name,
    principal: principal ?? ANONYMOUS,
    prefix: settings['cluster.link.prefix'] ?? '',
    isBidirectional: settings['link.mode'] === 'BIDIRECTIONAL',
    fetchers: settings['num.cluster.link.fetchers'],
    fetchBackoff: (settings['replica.fetch.backoff.ms'] ?? broker.replicaFetchBackoffMs) * MS,
    fetchWaitMaxMs: settings['replica.fetch.wait.max.ms'] ?? broker.replicaFetchWaitMaxMs,
    fetchMinBytes: settings['replica.fetch.min.bytes'] ?? broker.replicaFetchMinBytes,
    fetchMaxBytes: settings['replica.fetch.max.bytes'] ?? broker.replicaFetchMaxBytes,
    fetchResponseMaxBytes:
      settings['replica.fetch.response.max.bytes'] ?? broker.replicaFetchResponseMaxBytes,
    appendService: typeof service === 'number' ? [service, service] : service,
    requestTimeoutMs: settings['request.timeout.ms'],
    retryTimeout: settings['cluster.link.retry.timeout.ms'] * MS,
    availabilityCheck: settings['availability.check.ms'] * MS,
    availabilityFailuresMax: settings['availability.check.consecutive.failure.threshold'],
    startsAt: () => startOf(settings['mirror.start.offset.spec'], clock),
    autoMirrors,
    mirrorFactor: replicationFactor ?? broker.defaultReplicationFactor,
    configSync: settings['topic.config.sync.ms'] * MS,
    configNames: settings['topic.config.sync.include'].split(',').map((key) => key.trim()),
    offsetSync: settings['consumer.offset.sync.enable']
      ? settings['consumer.offset.sync.ms'] * MS
      : null,
    aclSync: settings['acl.sync.enable']
      ? {
          interval: settings['acl.sync.ms'] * MS,
          filters: parseAclFilters(settings['acl.filters']) ?? [],
        }
      : null,
    groupFilters: parseFilters(settings['consumer.offset.group.filters'], 'groupFilters') ?? [],
    clampsOffsets: knobs.clampOffsets,
    epochNotBelowSource: knobs.epochNotBelowSource,
    cutsOpenTransactions: knobs.cutsOpenTransactions,
    onSourceTruncation: knobs.onSourceTruncation,
    receiveBufferBytes: receiveBuffer < 0 ? null : receiveBuffer,
    settings,
  }
}

/** Records are stamped with the world's time, and a file's times count from the scenario's 0. */
function startOf(text: string, { origin }: Clock): OffsetAt {
  const start = startOffsetOf(text) ?? 'earliest'
  return typeof start === 'string' ? start : { timestampMs: start.timestampMs + origin / MS }
}

// From a cluster mirror of a scenario to what its parts read inside a broker.

import { ANONYMOUS } from '../../faults/acl-rules.ts'
import { JITTER_PERCENT } from '../../kafka/network/exponential-backoff.ts'
import type { ClusterMirrorSettings } from '../../kafka/settings/modelled.ts'
import type { LinkClientSettings, LinkConfig } from '../../mirror/cluster-link/link-config.ts'
import { mirrorFilters } from '../../mirror/cluster-mirror/filters.ts'
import { MIRROR_EPOCHS } from '../../mirror/cluster-mirror/leader-epochs.ts'
import type { ClusterMirrorSpec } from '../../scenario/links.ts'
import { MS } from '../../sim/time.ts'
import type { BrokerPart } from './link-config.ts'

/** Nobody watches whether the source answers: its state in the metadata stays what it is. */
const NEVER_LOST = Number.POSITIVE_INFINITY

/**
 * @param waysBack mirrors by which the source mirrors this cluster
 */
export function mirrorConfigOf(
  { name, principal, config: settings }: ClusterMirrorSpec,
  { config: broker }: BrokerPart,
  waysBack: readonly string[],
): LinkConfig {
  const service = broker.followerAppendService
  const refresh = settings['mirror.metadata.refresh.interval.ms'] * MS
  const filters = mirrorFilters(settings)
  return {
    name,
    principal: principal ?? ANONYMOUS,
    prefix: '',
    fetchers: settings['mirror.num.replica.fetchers'],
    fetchBackoff: settings['mirror.fetch.backoff.ms'] * MS,
    fetchWaitMaxMs: settings['mirror.fetch.wait.max.ms'],
    fetchMinBytes: settings['mirror.fetch.min.bytes'],
    fetchMaxBytes: settings['mirror.fetch.max.bytes'],
    fetchResponseMaxBytes: settings['mirror.fetch.response.max.bytes'],
    appendService: typeof service === 'number' ? [service, service] : service,
    requestTimeoutMs: settings['request.timeout.ms'],
    retries: {
      kind: 'attempts',
      max: settings['mirror.failed.retry.max.attempts'],
      waits: {
        initial: settings['mirror.failed.retry.initial.backoff.ms'] * MS,
        max: settings['mirror.failed.retry.max.backoff.ms'] * MS,
        jitterPercent: JITTER_PERCENT,
      },
    },
    // One refresh that does not find a topic may err; the next one is believed.
    missingMax: refresh,
    failing: 'partition',
    availabilityCheck: refresh,
    availabilityFailuresMax: NEVER_LOST,
    startsAt: () => 'earliest',
    makesMirror: filters.topics,
    firstState: 'LOG_ALIGNMENT',
    mirrorFactor: broker.defaultReplicationFactor,
    configSync: refresh,
    takesSetting: filters.settings,
    removesSettings: false,
    offsetSync: refresh,
    aclSync: { interval: refresh, takes: filters.acls, ownsAll: true },
    takesGroup: filters.groups,
    groupPrefix: '',
    clamping: 'at-sync',
    epochRule: MIRROR_EPOCHS,
    cutsOpenTransactions: false,
    onSourceTruncation: settings['mirror.support.unclean.leader.election'] ? 'truncate' : 'fail',
    restoreTakes: [0, 0],
    onSourceDeletion: 'restart',
    waysBack,
    receiveBufferBytes: settings['mirror.socket.receive.buffer.bytes'],
    settings: clientSettings(settings),
  }
}

/** What the mirror has no setting for is as Kafka's admin client has it. */
function clientSettings(settings: ClusterMirrorSettings): LinkClientSettings {
  return {
    'connections.max.idle.ms': settings['connections.max.idle.ms'],
    'metadata.max.age.ms': settings['mirror.metadata.refresh.interval.ms'],
    'reconnect.backoff.max.ms': 1000,
    'reconnect.backoff.ms': 50,
    'retry.backoff.max.ms': 1000,
    'retry.backoff.ms': 100,
    'socket.connection.setup.timeout.max.ms': settings['socket.connection.setup.timeout.max.ms'],
    'socket.connection.setup.timeout.ms': settings['socket.connection.setup.timeout.ms'],
  }
}

// From a cluster link of a scenario to what its parts read inside a broker.

import { ANONYMOUS } from '../../faults/acl-rules.ts'
import type { BrokerConfig } from '../../kafka/broker/broker-config.ts'
import type { OffsetAt } from '../../kafka/messages.ts'
import { namesAcl, parseAclFilters } from '../../kafka/settings/cluster-link-acl-filters.ts'
import { parseFilters, passes } from '../../kafka/settings/cluster-link-filters.ts'
import type { ClusterLinkSettings } from '../../kafka/settings/modelled.ts'
import { startOffsetOf } from '../../kafka/settings/start-offset.ts'
import type { AclSync, LinkConfig } from '../../mirror/cluster-link/link-config.ts'
import type { ClusterLinkSpec } from '../../scenario/links.ts'
import { mirrorsItself } from '../../scenario/resolve/links/remote-topics.ts'
import { MS } from '../../sim/time.ts'
import type { Clock } from '../record/clock.ts'

/** What a link takes over from the broker it lives in. */
export interface BrokerPart {
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
  const fetchBackoff = (settings['replica.fetch.backoff.ms'] ?? broker.replicaFetchBackoffMs) * MS
  const retryTimeout = settings['cluster.link.retry.timeout.ms'] * MS
  const prefix = settings['cluster.link.prefix'] ?? ''
  const groupFilters = parseFilters(settings['consumer.offset.group.filters'], 'groupFilters') ?? []
  const settingNames = settings['topic.config.sync.include'].split(',').map((key) => key.trim())
  return {
    name,
    principal: principal ?? ANONYMOUS,
    prefix,
    fetchers: settings['num.cluster.link.fetchers'],
    fetchBackoff,
    fetchWaitMaxMs: settings['replica.fetch.wait.max.ms'] ?? broker.replicaFetchWaitMaxMs,
    fetchMinBytes: settings['replica.fetch.min.bytes'] ?? broker.replicaFetchMinBytes,
    fetchMaxBytes: settings['replica.fetch.max.bytes'] ?? broker.replicaFetchMaxBytes,
    fetchResponseMaxBytes:
      settings['replica.fetch.response.max.bytes'] ?? broker.replicaFetchResponseMaxBytes,
    appendService: typeof service === 'number' ? [service, service] : service,
    requestTimeoutMs: settings['request.timeout.ms'],
    retries: { kind: 'time', limit: retryTimeout, wait: fetchBackoff },
    missingMax: retryTimeout,
    failing: 'topic',
    availabilityCheck: settings['availability.check.ms'] * MS,
    availabilityFailuresMax: settings['availability.check.consecutive.failure.threshold'],
    startsAt: () => startOf(settings['mirror.start.offset.spec'], clock),
    makesMirror: autoMirrors.length === 0 ? null : (topic) => mirrorsItself(autoMirrors, topic),
    firstState: 'ACTIVE',
    mirrorFactor: replicationFactor ?? broker.defaultReplicationFactor,
    configSync: settings['topic.config.sync.ms'] * MS,
    takesSetting: (name) => settingNames.includes(name),
    removesSettings: true,
    offsetSync: settings['consumer.offset.sync.enable']
      ? settings['consumer.offset.sync.ms'] * MS
      : null,
    aclSync: aclSyncOf(settings),
    takesGroup: (group) => passes(groupFilters, group),
    groupPrefix: settings['consumer.group.prefix.enable'] ? prefix : '',
    clamping: knobs.clampOffsets ? 'at-failover' : 'never',
    epochRule: knobs.epochNotBelowSource ? { lead: 0, raise: 0 } : null,
    cutsOpenTransactions: knobs.cutsOpenTransactions,
    onSourceTruncation: knobs.onSourceTruncation,
    restoreTakes: knobs.restoreTakes,
    onSourceDeletion: 'fail',
    waysBack: [],
    receiveBufferBytes: receiveBuffer < 0 ? null : receiveBuffer,
    settings,
  }
}

function aclSyncOf(settings: ClusterLinkSettings): AclSync | null {
  if (!settings['acl.sync.enable']) return null
  const filters = parseAclFilters(settings['acl.filters']) ?? []
  const interval = settings['acl.sync.ms'] * MS
  return { interval, takes: (acl) => namesAcl(filters, acl), ownsAll: false }
}

/** Records are stamped with the world's time, and a file's times count from the scenario's 0. */
function startOf(text: string, { origin }: Clock): OffsetAt {
  const start = startOffsetOf(text) ?? 'earliest'
  return typeof start === 'string' ? start : { timestampMs: start.timestampMs + origin / MS }
}

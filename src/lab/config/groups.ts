// From the settings of a scenario's consumer to what it reads as a member of a group.

import type { CommitPolicy, GroupSettings } from '../../kafka/clients/group/group-settings.ts'
import { compareVersions, type KafkaVersion } from '../../kafka/version.ts'
import type { ConsumerSpec } from '../../scenario/model.ts'
import { assignorNames } from '../../scenario/resolve/group-rules.ts'
import { retryBackoffMaxMsOf } from './clients.ts'

/** First release whose group leaders watch the racks of replicas (KAFKA-14867). */
const RACK_WATCH_SINCE: KafkaVersion = '3.5'

/** What a member of a group needs of a consumer of a scenario. */
type MemberSpec = Pick<ConsumerSpec, 'config' | 'commit' | 'host'>

/** null for a consumer without a group. */
export function groupSettingsOf(spec: MemberSpec, version: KafkaVersion): GroupSettings | null {
  const group = spec.config['group.id']
  return group === null ? null : memberSettingsOf(spec, group, version)
}

/** Those of a member of `group`, whatever group.id says. */
export function memberSettingsOf(
  spec: MemberSpec,
  group: string,
  version: KafkaVersion,
): GroupSettings {
  const s = spec.config
  const protocol = s['group.protocol'] === 'consumer' ? 'consumer' : 'classic'
  const remote = s['group.remote.assignor']
  const local = assignorNames(s['partition.assignment.strategy']).filter((name) => name !== null)
  return {
    group,
    protocol,
    instance: s['group.instance.id'] ?? '',
    clientId: s['client.id'] === '' ? `consumer-${group}-1` : s['client.id'],
    clientHost: `/${spec.host}`,
    rack: s['client.rack'],
    watchesRacks: s['client.rack'] !== '' && compareVersions(version, RACK_WATCH_SINCE) >= 0,
    assignors: protocol === 'classic' ? local : remote === null ? [] : [remote],
    sessionTimeoutMs: s['session.timeout.ms'],
    heartbeatIntervalMs: s['heartbeat.interval.ms'],
    maxPollIntervalMs: s['max.poll.interval.ms'],
    requestTimeoutMs: s['request.timeout.ms'],
    apiTimeoutMs: s['default.api.timeout.ms'],
    retryBackoffMs: s['retry.backoff.ms'],
    retryBackoffMaxMs: retryBackoffMaxMsOf(s, version),
    commit: commitPolicyOf(spec),
  }
}

function commitPolicyOf({ config, commit }: MemberSpec): CommitPolicy {
  if (config['enable.auto.commit']) {
    return { kind: 'auto', intervalMs: config['auto.commit.interval.ms'] }
  }
  if (commit === null) return { kind: 'none' }
  return { kind: commit.sync ? 'sync' : 'async', interval: commit.every }
}

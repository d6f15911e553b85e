// What Kafka checks of a member of a group, and traps that deserve a note.

import type { ConsumerSettings } from '../../kafka/settings/modelled.ts'
import type { ConsumerDocument } from '../document/load.ts'
import type { ClusterSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import { brokersOf } from './clusters.ts'
import type { Findings } from './findings.ts'
import type { Surroundings } from './surroundings.ts'

const ASSIGNOR = /^(?:org\.apache\.kafka\.clients\.consumer\.)?(\w+)Assignor$/
const ASSIGNOR_NAMES: Readonly<Record<string, string>> = {
  Range: 'range',
  RoundRobin: 'roundrobin',
  Sticky: 'sticky',
  CooperativeSticky: 'cooperative-sticky',
}

/** The protocol names of partition.assignment.strategy; null in the place of an unknown class. */
export function assignorNames(strategy: string): (string | null)[] {
  return strategy.split(',').map((item) => {
    const name = ASSIGNOR.exec(item.trim())?.[1]
    return name === undefined ? null : (ASSIGNOR_NAMES[name] ?? null)
  })
}

/** Of a consumer without `group.id` it only asks that it has no `commit` either. */
export function checkMember(
  path: Path,
  consumer: ConsumerDocument,
  config: ConsumerSettings,
  cluster: ClusterSpec,
  findings: Findings,
): void {
  const here = [...path, 'config']
  if (consumer.commit !== undefined) checkCommit(path, config, findings)
  if (config['group.id'] === null) return
  if (consumer.partitions !== undefined) {
    const fix = 'drop partitions, and the group deals them; or drop group.id'
    findings.error([...path, 'partitions'], 'a member of a group gets its partitions from it', fix)
  }
  if (assignorNames(config['partition.assignment.strategy']).includes(null)) {
    const fix = 'name RangeAssignor, RoundRobinAssignor, StickyAssignor, CooperativeStickyAssignor'
    const value = config['partition.assignment.strategy']
    const name = 'partition.assignment.strategy'
    findings.error([...here, name], 'an assignor that the model does not know', fix, value)
  }
  if (config['group.protocol'] === 'classic') checkSession(here, config, cluster, findings)
  checkOffsetsTopic([...here, 'group.id'], config['group.id'], cluster, findings)
}

/** Whoever keeps groups in a cluster needs as many brokers as their topic has replicas. */
export function checkOffsetsTopic(
  path: Path,
  value: string,
  cluster: ClusterSpec,
  findings: Findings,
): void {
  const factor = cluster.config['offsets.topic.replication.factor']
  const brokers = brokersOf(cluster).length
  if (factor <= brokers) return
  const message = `__consumer_offsets wants ${factor} replicas and there are ${brokers}`
  const fix = `set offsets.topic.replication.factor in the config of ${cluster.name}`
  findings.error(path, message, fix, value)
}

/** A strategy says where a group goes on, and where it comes from must be a cluster. */
export function checkFailover(
  path: Path,
  { failover }: ConsumerDocument,
  config: ConsumerSettings,
  { clusters }: Pick<Surroundings, 'clusters'>,
  findings: Findings,
): void {
  if (failover === undefined) return
  const here = [...path, 'failover']
  if (config['group.id'] === null) {
    findings.error(here, 'there is no group that goes on elsewhere', 'set config: group.id')
  }
  const known = clusters.map(({ name }) => name)
  for (const [key, cluster] of Object.entries({ from: failover.from })) {
    if (cluster === undefined || known.includes(cluster)) continue
    findings.unknown([...here, key], 'cluster', cluster, known)
  }
}

function checkCommit(path: Path, config: ConsumerSettings, findings: Findings): void {
  if (config['group.id'] === null) {
    findings.error([...path, 'commit'], 'there is no group to commit for', 'set config: group.id')
  } else if (config['enable.auto.commit']) {
    const fix = 'set enable.auto.commit: false, or drop commit'
    findings.error([...path, 'commit'], 'commits are automatic already', fix)
  }
}

/** ConsumerConfig.maybeOverride..., Heartbeat, GroupCoordinator's bounds. */
function checkSession(
  path: Path,
  config: ConsumerSettings,
  { config: brokerSettings }: ClusterSpec,
  findings: Findings,
): void {
  const session = config['session.timeout.ms']
  if (config['heartbeat.interval.ms'] >= session) {
    const fix = 'write at most a third of session.timeout.ms'
    const message = 'heartbeat.interval.ms must be below session.timeout.ms'
    const value = config['heartbeat.interval.ms']
    findings.error([...path, 'heartbeat.interval.ms'], message, fix, value)
  }
  const min = brokerSettings['group.min.session.timeout.ms']
  const max = brokerSettings['group.max.session.timeout.ms']
  if (session < min || session > max) {
    const message = `the brokers take sessions of ${min} to ${max} ms only`
    const fix = 'change it, or group.min.session.timeout.ms in cluster.config'
    findings.error([...path, 'session.timeout.ms'], message, fix, session)
  }
}

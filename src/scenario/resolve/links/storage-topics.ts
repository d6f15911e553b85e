// Topics in which Connect's workers keep what they share: where the target has fewer brokers than
// one of them wants replicas, it is never created, and the link waits for it without a word.

import type { LinkSpec } from '../../links.ts'
import type { ClusterSpec } from '../../model.ts'
import type { Path } from '../../problem.ts'
import { brokersOf } from '../clusters.ts'
import type { Findings } from '../findings.ts'

const STORAGE = ['config.storage.replication.factor', 'offset.storage.replication.factor'] as const
const NO_WORK = 'no worker gets to work, and nothing is copied'
/** The model has no topic of statuses, but Kafka's workers do not start without it. */
const STATUS = 'status.storage.replication.factor' as const
const NO_STATUS = 'Kafka’s workers would not start; here they do, without a topic of statuses'

/** Notes which of them cannot be created. */
export function checkStorageTopics(
  path: Path,
  spec: LinkSpec,
  clusters: readonly ClusterSpec[],
  findings: Findings,
): void {
  const target = clusters.find(({ name }) => name === spec.to)
  const brokers = target === undefined ? 0 : brokersOf(target).length
  for (const { name, factor, end } of storageOf(spec)) {
    // -1 asks for the brokers' default; without brokers there is a finding already.
    if (brokers === 0 || factor <= brokers) continue
    const message = `${factor} replicas are more than the brokers of ${spec.to}, ${brokers}: ${end}`
    findings.note([...path, 'worker', name], message)
  }
}

function storageOf(spec: LinkSpec) {
  switch (spec.system) {
    case 'mirror-maker2':
    case 'connect':
    case 'mirus':
    case 'replicator': {
      const stored = STORAGE.map((name) => ({ name, factor: spec.worker[name], end: NO_WORK }))
      return [...stored, { name: STATUS, factor: spec.worker[STATUS], end: NO_STATUS }]
    }
    case 'mirror-maker1':
    case 'brooklin':
    case 'ureplicator':
    case 'flink':
    case 'cluster-link':
    case 'cluster-mirror':
      return []
  }
}

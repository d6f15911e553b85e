// A link of Confluent Replicator: its workers, and the settings of its connector and its clients.

import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import { ReplicatedTopics } from '../../../mirror/replicator/replicated-topics.ts'
import type { ReplicatorDocument } from '../../document/links.ts'
import { type LinkBase, plainNameOf, type ReplicatorSpec } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { resolveConnectClients } from './connect-clients.ts'
import { resolveWorkers } from './workers.ts'

/**
 * A link without a whitelist and an expression is a finding. Its consumer begins at the earliest
 * offset unless the file says otherwise.
 */
export function resolveReplicator(
  path: Path,
  link: ReplicatorDocument,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): ReplicatorSpec {
  const { version } = release
  const defaults = defaultSettings('replicator', version)
  const here = [...path, 'config']
  const config = checkedSettings('replicator', here, link.config, defaults, release, findings)
  if (config['topic.whitelist'] === '' && config['topic.regex'] === null) {
    const fix = 'write topic.whitelist: orders, or topic.regex'
    findings.error(here, 'Replicator copies nothing that no list names', fix)
  }
  try {
    new ReplicatedTopics(config)
  } catch {
    const fix = 'write an expression as Java has them'
    findings.error([...here, 'topic.regex'], 'not a regular expression', fix)
  }
  const workerPath = [...path, 'worker']
  const workerDefaults = defaultSettings('connectWorker', version)
  const consumer = {
    ...defaultSettings('consumer', version),
    ...{ 'enable.auto.commit': false, 'auto.offset.reset': 'earliest' as const },
  }
  const prefix = `replicator-${plainNameOf(base.name)}`
  return {
    system: 'replicator',
    ...base,
    start: link.standby ? Number.POSITIVE_INFINITY : link.start,
    workers: resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings),
    config,
    worker: checkedSettings(
      ...(['connectWorker', workerPath, link.worker, workerDefaults, release, findings] as const),
    ),
    ...resolveConnectClients(path, link, consumer, release, findings),
  }
}

// A link of Mirus: its workers, and the settings of its connector and of their clients.

import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import { TopicChoice } from '../../../mirror/mirus/topic-list.ts'
import type { MirusDocument } from '../../document/links.ts'
import { type LinkBase, type MirusSpec, plainNameOf } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { resolveConnectClients } from './connect-clients.ts'
import { resolveWorkers } from './workers.ts'

/** A link without any list of topics is a finding, and so is an expression that cannot be read. */
export function resolveMirus(
  path: Path,
  link: MirusDocument,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): MirusSpec {
  const { version } = release
  const defaults = defaultSettings('mirus', version)
  const here = [...path, 'config']
  const config = checkedSettings('mirus', here, link.config, defaults, release, findings)
  const written = ['topics.whitelist', 'topics.regex', 'topics.regex.list'] as const
  if (written.every((name) => config[name] === '')) {
    const fix = 'write topics.whitelist: orders, or topics.regex'
    findings.error(here, 'Mirus mirrors nothing that no list names', fix)
  }
  try {
    new TopicChoice(config)
  } catch {
    const fix = 'write expressions as Java has them'
    findings.error([...here, 'topics.regex'], 'not a regular expression', fix)
  }
  const workerDefaults = defaultSettings('mirusWorker', version)
  const workerPath = [...path, 'worker']
  const consumer = { ...defaultSettings('consumer', version), 'enable.auto.commit': false }
  const prefix = `mirus-${plainNameOf(base.name)}`
  return {
    system: 'mirus',
    ...base,
    start: link.standby ? Number.POSITIVE_INFINITY : link.start,
    workers: resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings),
    config,
    worker: checkedSettings(
      ...(['mirusWorker', workerPath, link.worker, workerDefaults, release, findings] as const),
    ),
    startsAtEnd: link.consumer['auto.offset.reset'] === 'latest',
    ...resolveConnectClients(path, link, consumer, release, findings),
  }
}

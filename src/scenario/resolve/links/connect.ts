// A flow of MirrorMaker 2's connectors with transforms, on a Connect cluster.

import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import type { ConnectDocument } from '../../document/links.ts'
import { type ConnectSpec, type LinkBase, plainNameOf, type TransformSpec } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { resolveConnectClients } from './connect-clients.ts'
import { checkFilters, sourceConsumer } from './mirror-maker2.ts'
import { settingsInForce } from './mirror-maker2-traps.ts'
import { resolveWorkers } from './workers.ts'

/** A link that stands by starts at no time of its own: only a command starts it. */
export function resolveConnect(
  path: Path,
  link: ConnectDocument,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): ConnectSpec {
  const { version } = release
  const here = [...path, 'config']
  const defaults = defaultSettings('mirrorMaker2', version)
  const written = checkedSettings('mirrorMaker2', here, link.config, defaults, release, findings)
  const config = settingsInForce(here, link.config, written, version, findings)
  checkFilters(here, config, findings)
  const workerPath = [...path, 'worker']
  const workerDefaults = defaultSettings('connectWorker', version)
  const prefix = `connect-${plainNameOf(base.name)}`
  return {
    system: 'connect',
    ...base,
    start: link.standby ? Number.POSITIVE_INFINITY : link.start,
    guards: link.guards,
    workers: resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings),
    config,
    worker: checkedSettings(
      ...(['connectWorker', workerPath, link.worker, workerDefaults, release, findings] as const),
    ),
    transforms: link.transforms.flatMap((one, index) =>
      transformOf([...path, 'transforms', index], one, findings),
    ),
    ...resolveConnectClients(path, link, sourceConsumer(version), release, findings),
  }
}

function transformOf(
  path: Path,
  one: ConnectDocument['transforms'][number],
  findings: Findings,
): TransformSpec[] {
  if ('filter' in one) return [{ kind: 'filter', drops: one.filter }]
  if ('work' in one) return [{ kind: 'work', perRecord: one.work }]
  try {
    new RegExp(one.route.regex)
    return [{ kind: 'route', ...one.route }]
  } catch {
    const fix = 'write an expression as Java has them'
    findings.error([...path, 'route', 'regex'], 'not a regular expression', fix, one.route.regex)
    return []
  }
}

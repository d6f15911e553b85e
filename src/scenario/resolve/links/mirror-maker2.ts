// A flow of MirrorMaker 2: its workers, and the settings of its connectors and their clients.

import type { ConsumerSettings, MirrorMaker2Settings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import type { KafkaVersion } from '../../../kafka/version.ts'
import { NameFilter } from '../../../mirror/mirror-maker2/name-filter.ts'
import type { MirrorMaker2Document } from '../../document/links.ts'
import { type LinkBase, type MirrorMaker2Spec, plainNameOf } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { connectProducer } from './connect-clients.ts'
import { settingsInForce } from './mirror-maker2-traps.ts'
import { resolveWorkers } from './workers.ts'

/**
 * A link that stands by starts at no time of its own: only a command starts it. Client settings
 * begin with what Connect gives its producers and the flow its source consumer.
 */
export function resolveMirrorMaker2(
  path: Path,
  link: MirrorMaker2Document,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): MirrorMaker2Spec {
  const { version } = release
  const flow = defaultSettings('mirrorMaker2', version)
  const worker = defaultSettings('connectWorker', version)
  const producer = connectProducer(version)
  const consumer = sourceConsumer(version)
  const settings = <C extends 'mirrorMaker2' | 'connectWorker' | 'producer' | 'consumer'>(
    component: C,
    key: 'config' | 'worker' | 'producer' | 'consumer',
    values: Parameters<typeof checkedSettings<C>>[3],
  ) => checkedSettings(component, [...path, key], link[key], values, release, findings)
  const here = [...path, 'config']
  const written = settings('mirrorMaker2', 'config', flow)
  const config = settingsInForce(here, link.config, written, version, findings)
  checkFilters(here, config, findings)
  const prefix = `mm2-${plainNameOf(base.name)}`
  return {
    system: 'mirror-maker2',
    ...base,
    start: link.standby ? Number.POSITIVE_INFINITY : link.start,
    guards: link.guards,
    workers: resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings),
    config,
    worker: settings('connectWorker', 'worker', worker),
    producer: settings('producer', 'producer', producer),
    consumer: settings('consumer', 'consumer', consumer),
  }
}

const FILTERS = [
  ...(['topics', 'topics.exclude', 'groups', 'groups.exclude'] as const),
  'config.properties.exclude',
] as const

/** Names and regular expressions with commas between them. */
export function checkFilters(path: Path, config: MirrorMaker2Settings, findings: Findings): void {
  for (const name of FILTERS) {
    const list = config[name] ?? ''
    try {
      new NameFilter(list, '')
    } catch {
      const fix = 'write names or regular expressions, with commas between them'
      findings.error([...path, name], 'not a list of regular expressions', fix, list)
    }
  }
}

/** MirrorConnectorConfig.sourceConsumerConfig. */
export function sourceConsumer(version: KafkaVersion): ConsumerSettings {
  return {
    ...defaultSettings('consumer', version),
    'enable.auto.commit': false,
    'auto.offset.reset': 'earliest',
  }
}

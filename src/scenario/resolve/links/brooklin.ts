// A link of Brooklin: its instances, the datastream and the clients of its tasks.

import type { ConsumerSettings, ProducerSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import { SourceTopics } from '../../../mirror/brooklin/config.ts'
import type { BrooklinDocument } from '../../document/links.ts'
import { type BrooklinSpec, type LinkBase, plainNameOf } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { NEVER_INT } from './never.ts'
import { resolveWorkers } from './workers.ts'

/**
 * Unset client settings are Brooklin's own: acks all, one request in flight, unbounded
 * max.block.ms.
 */
export function resolveBrooklin(
  path: Path,
  link: BrooklinDocument,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): BrooklinSpec {
  const { version } = release
  checkTopics([...path, 'config'], link, findings)
  // KafkaProducerWrapper.populateDefaultProducerConfigs
  const producer: ProducerSettings = {
    ...defaultSettings('producer', version),
    acks: 'all',
    'max.in.flight.requests.per.connection': 1,
    'max.block.ms': NEVER_INT,
  }
  // KafkaMirrorMakerConnectorTask.createKafkaConsumer
  const consumer: ConsumerSettings = {
    ...defaultSettings('consumer', version),
    'enable.auto.commit': false,
    'auto.offset.reset': 'earliest',
    'group.id': base.name,
  }
  const prefix = `brooklin-${plainNameOf(base.name)}`
  const read = [...path, 'consumer']
  const write = [...path, 'producer']
  return {
    system: 'brooklin',
    ...base,
    start: link.start,
    workers: resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings),
    config: link.config,
    producer: checkedSettings('producer', write, link.producer, producer, release, findings),
    consumer: checkedSettings('consumer', read, link.consumer, consumer, release, findings),
  }
}

function checkTopics(path: Path, { config }: BrooklinDocument, findings: Findings): void {
  try {
    new SourceTopics(config.topics)
  } catch {
    const fix = 'write one as Java has it: orders|paid'
    findings.error([...path, 'topics'], 'not a regular expression', fix, config.topics)
  }
}

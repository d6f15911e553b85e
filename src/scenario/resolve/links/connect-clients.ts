// Clients that a Connect worker makes for the tasks of its connectors.

import type { ConsumerSettings, ProducerSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import type { KafkaVersion } from '../../../kafka/version.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings, type Release } from '../release.ts'
import { NEVER_INT, NEVER_LONG } from './never.ts'

/** Worker.baseProducerConfigs. */
export function connectProducer(version: KafkaVersion): ProducerSettings {
  return {
    ...defaultSettings('producer', version),
    acks: 'all',
    'enable.idempotence': false,
    'max.in.flight.requests.per.connection': 1,
    'delivery.timeout.ms': NEVER_INT,
    'max.block.ms': NEVER_LONG,
  }
}

/** What a file may say of the two clients of a source task. */
interface ClientDocuments {
  readonly producer: Readonly<Record<string, unknown>>
  readonly consumer: Readonly<Record<string, unknown>>
}

/** The settings of both; the consumer's own defaults are the connector's to give. */
export function resolveConnectClients(
  path: Path,
  { producer, consumer }: ClientDocuments,
  consumerDefaults: ConsumerSettings,
  release: Release,
  findings: Findings,
): { readonly producer: ProducerSettings; readonly consumer: ConsumerSettings } {
  const base = connectProducer(release.version)
  const read = [...path, 'consumer']
  return {
    producer: checkedSettings('producer', [...path, 'producer'], producer, base, release, findings),
    consumer: checkedSettings('consumer', read, consumer, consumerDefaults, release, findings),
  }
}

// A producer's settings as an experiment gives them, over Kafka's defaults.

import type { ProducerSettings } from '../../../src/kafka/settings/modelled.ts'
import type { KafkaVersion } from '../../../src/kafka/version.ts'
import { settingsOrRefuse } from './case-settings.ts'
import type { Settings } from './experiment-parts.ts'

/** Idempotent where acks=all, as Kafka does by itself. */
export function producerConfigDefaults(version: KafkaVersion, config: Settings): ProducerSettings {
  const settings = settingsOrRefuse('producer', version, config, 'producer')
  const isAll = settings.acks === 'all' || settings.acks === '-1'
  return { ...settings, 'enable.idempotence': isAll && settings['enable.idempotence'] }
}

// A producer's settings as an experiment gives them, over Kafka's defaults.

import type { ProducerSettings } from '../../../src/kafka/settings/modelled.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import type { KafkaVersion } from '../../../src/kafka/version.ts'
import type { Settings } from './experiment.ts'

/** Idempotent where acks=all, as Kafka does by itself. */
export function producerConfigDefaults(version: KafkaVersion, config: Settings): ProducerSettings {
  const merged = { ...defaultSettings('producer', version), ...config } as ProducerSettings
  const isAll = merged.acks === 'all' || merged.acks === '-1'
  return { ...merged, 'enable.idempotence': isAll }
}

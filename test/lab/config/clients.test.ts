// Source of the expected values: KIP-580, in clients since 3.7.

import { expect, it } from 'vitest'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { guardsFor } from '../../../src/kafka/version.ts'
import { consumerConfigOf, producerConfigOf } from '../../../src/lab/config/clients.ts'
import { memberSettingsOf } from '../../../src/lab/config/groups.ts'
import { NEVER } from '../../../src/sim/time.ts'

it.each([
  ['3.6', 250],
  ['3.7', 1_000],
])('in %s the waits before another try grow to %i ms', (version, max) => {
  const producer = { ...defaultSettings('producer', version), 'retry.backoff.ms': 250 }
  const consumer = { ...defaultSettings('consumer', version), 'retry.backoff.ms': 250 }
  const configs = [
    producerConfigOf({ config: producer, compressionRatio: 1 }, version),
    consumerConfigOf({ config: consumer }, version, guardsFor(version)),
    memberSettingsOf({ config: consumer, commit: null, host: 'h' }, 'g', version),
  ]
  expect(configs.map(({ retryBackoffMaxMs }) => retryBackoffMaxMs)).toEqual([max, max, max])
})

it.each([
  ['3.9', NEVER],
  ['4.0', 20_000],
])('in %s clients that find nobody begin again after %i ms', (version, after) => {
  const trigger = { 'metadata.recovery.rebootstrap.trigger.ms': 20_000 }
  const config = { ...defaultSettings('producer', version), ...trigger }
  const { rebootstrapTriggerMs } = producerConfigOf({ config, compressionRatio: 1 }, version)
  expect(rebootstrapTriggerMs).toBe(after)
})

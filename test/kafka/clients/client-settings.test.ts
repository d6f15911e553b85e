import { describe, expect, it } from 'vitest'
import {
  channelOptionsOf,
  consumerConfigOf,
  producerConfigOf,
} from '../../../src/kafka/clients/client-settings.ts'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import { PRODUCER_DEFAULTS } from '../../../src/kafka/clients/producer-config.ts'
import { CONSUMER_CHANNEL, PRODUCER_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import type { Component, SettingsOf } from '../../../src/kafka/settings/modelled.ts'
import { MODELLED_SETTINGS } from '../../../src/kafka/settings/modelled.ts'
import { guardsFor } from '../../../src/kafka/version.ts'

function defaultsOf<C extends Component>(component: C): SettingsOf<C> {
  const entries = Object.entries(MODELLED_SETTINGS[component])
  return Object.fromEntries(entries.map(([name, rule]) => [name, rule.default])) as SettingsOf<C>
}

const producer = defaultsOf('producer')
const consumer = defaultsOf('consumer')
const guards = guardsFor('4.1')

describe('client settings', () => {
  it('gives the model’s own defaults for Kafka’s defaults', () => {
    expect(producerConfigOf(producer, guards, 1)).toEqual(PRODUCER_DEFAULTS)
    expect(consumerConfigOf(consumer, guards)).toEqual(CONSUMER_DEFAULTS)
    expect({ ...PRODUCER_CHANNEL, ...channelOptionsOf(producer) }).toEqual(PRODUCER_CHANNEL)
    expect({ ...CONSUMER_CHANNEL, ...channelOptionsOf(consumer) }).toEqual(CONSUMER_CHANNEL)
  })

  it('turns idempotence off quietly with acks=1, without retries, and above 5 in flight', () => {
    for (const change of [
      { acks: '1' },
      { retries: 0 },
      { 'max.in.flight.requests.per.connection': 6 },
    ]) {
      expect(producerConfigOf({ ...producer, ...change }, guards, 1).enableIdempotence).toBe(false)
    }
  })

  it('gives old consumers no position validation', () => {
    expect(consumerConfigOf(consumer, guardsFor('2.0')).positionValidation).toBe(false)
  })
})

// Models: which settings of a topic stand at Kafka's own default where the topic says nothing.
// Leaves out: a broker's file that writes that default itself, which counts as written there.
// Source: kafka.server.ConfigHelper.createTopicConfigEntry, ServerTopicConfigSynonyms; ConfigEntry.
// ConfigSource (DEFAULT_CONFIG, and STATIC_BROKER_CONFIG for the rest).

import { exactText } from '../../sim/long-text.ts'
import known from './known-settings.json' with { type: 'json' }
import { BROKER_SETTINGS, type BrokerSettings, TOPIC_DEFAULT_FROM_BROKER } from './modelled.ts'

/** Names with the default as text, but for those that the broker's own file decides. */
export function topicSettingsAtDefault(broker: BrokerSettings): Readonly<Record<string, string>> {
  const written = new Set<string>()
  for (const [topic, name] of Object.entries(TOPIC_DEFAULT_FROM_BROKER)) {
    if (broker[name] !== BROKER_SETTINGS[name].default) written.add(topic)
  }
  // The same setting under three names: hours, minutes and milliseconds.
  const hours = 'log.retention.hours'
  if (broker[hours] !== BROKER_SETTINGS[hours].default) written.add('retention.ms')
  const entries = Object.entries(known.topic.settings).flatMap(([name, { default: value }]) =>
    value === null || written.has(name) ? [] : [[name, exactText(value)] as const],
  )
  return Object.fromEntries(entries)
}

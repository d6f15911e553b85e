// Models: from which release on Kafka has a setting; before, a file may say it and nothing happens.
// Leaves out: settings of releases before 3.0 and of what is modelled in one release only.
// Source: ConfigDef of each release; KIP-899, 1102, 580, 794, 848, 710, 716, 949.

import type { KafkaVersion } from '../version.ts'
import type { Component } from './modelled.ts'

type Since = Readonly<Record<string, KafkaVersion>>

const CLIENT: Since = {
  'metadata.recovery.strategy': '3.8',
  'metadata.recovery.rebootstrap.trigger.ms': '4.0',
  'retry.backoff.max.ms': '3.7',
}

const SINCE: Partial<Record<Component, Since>> = {
  broker: { 'group.coordinator.append.linger.ms': '3.8' },
  producer: {
    ...CLIENT,
    'partitioner.adaptive.partitioning.enable': '3.3',
    'partitioner.availability.timeout.ms': '3.3',
  },
  consumer: { ...CLIENT, 'group.protocol': '3.7', 'group.remote.assignor': '3.7' },
  mirrorMaker2: {
    'dedicated.mode.enable.internal.rest': '3.5',
    'offset-syncs.topic.location': '3.0',
    'replication.policy.internal.topic.separator.enabled': '3.6',
    'use.defaults.from': '3.5',
  },
}

/** The first release that knows the setting; null where all do that are modelled. */
export function knownSince(component: Component, name: string): KafkaVersion | null {
  return SINCE[component]?.[name] ?? null
}

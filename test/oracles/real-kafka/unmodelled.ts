// Settings of an experiment that the model ignores. They change nothing that is simulated, so they
// are said beside the figures: who reads a difference should know what may have caused it.

import type { Component } from '../../../src/kafka/settings/modelled.ts'
import {
  defaultSettings,
  isKafkaDefault,
  isKafkaSetting,
  resolveSettings,
} from '../../../src/kafka/settings/resolve.ts'
import { COMPONENTS } from './case-settings.ts'
import type { Experiment } from './experiment.ts'
import type { Settings } from './experiment-parts.ts'

/** Names of a process and the form of its payload: nothing that is measured depends on them. */
const WITHOUT_EFFECT = [
  'client.id',
  'key.deserializer',
  'key.serializer',
  'value.deserializer',
  'value.serializer',
]

interface Client {
  readonly config?: Settings
}

/** Where files of the kinds with brokers of their own keep settings. */
interface WithSettings {
  readonly broker_config?: Settings
  readonly controller_config?: Settings
  readonly consumer_config?: Settings
  readonly topic?: Client
  readonly producer?: Client
  readonly consumer?: Client
  readonly cases?: readonly Readonly<Record<string, unknown>>[]
}

/** A sentence a setting, each once. */
export function unmodelledSettings(experiment: Experiment): string[] {
  switch (experiment.kind) {
    case 'not modelled':
    case 'mm2-latency':
    case 'mm2-failover':
    case 'mm2-kill':
    case 'mm2-translation':
      return []
    default:
      return [...new Set(sentencesOf(experiment.file))]
  }
}

function sentencesOf(file: WithSettings): string[] {
  return [
    ...ignored('broker', { ...file.controller_config, ...file.broker_config }),
    ...ignored('topic', file.topic?.config),
    ...ignored('producer', file.producer?.config),
    ...ignored('consumer', { ...file.consumer_config, ...file.consumer?.config }),
    ...(file.cases ?? []).flatMap((one) =>
      COMPONENTS.flatMap((component) => ignored(component, namedFor(component, one))),
    ),
  ]
}

/** Of the keys of a case those that Kafka has for this component. */
function namedFor(component: Component, one: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(one).filter(([name]) => isKafkaSetting(component, name))
  return Object.fromEntries(entries)
}

/** One that is given as it is by default asks for nothing. */
function ignored(component: Component, given: Readonly<Record<string, unknown>> = {}): string[] {
  const { notes } = resolveSettings(component, given, defaultSettings(component, '4.1'))
  return notes
    .filter(({ name }) => !WITHOUT_EFFECT.includes(name))
    .filter(({ name }) => !isKafkaDefault(component, name, given[name]))
    .map(({ message }) => message)
}

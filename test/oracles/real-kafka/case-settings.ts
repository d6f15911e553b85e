// The settings of one case of an experiment, from the most general place to the most special: what
// the experimenter's client does by itself, what the claim names, the file, the case. What is no
// setting of Kafka is an error; what the model ignores is said beside the figures (unmodelled.ts).

import {
  type Component,
  MODELLED_SETTINGS,
  type SettingsOf,
} from '../../../src/kafka/settings/modelled.ts'
import {
  defaultSettings,
  isKafkaSetting,
  resolveSettings,
} from '../../../src/kafka/settings/resolve.ts'
import type { KafkaVersion } from '../../../src/kafka/version.ts'
import type { CaseScalar } from './case-schemas.ts'
import { ExperimentError, type Settings } from './experiment-parts.ts'

/**
 * The experimenter's client sends at once unless told otherwise: with Kafka's 5 ms no record with
 * acks=1 could be acknowledged after the 3 ms that two-producers has.
 */
export const CLIENT_HABIT: Settings = { 'linger.ms': 0 }

/** Lays settings over Kafka's defaults. Throws for one that Kafka would refuse. */
export function settingsOrRefuse<C extends Component>(
  component: C,
  version: KafkaVersion,
  given: Settings,
  where: string,
): SettingsOf<C> {
  const base = defaultSettings(component, version)
  const { settings, problems } = resolveSettings(component, given, base)
  const [problem] = problems
  if (problem !== undefined) {
    throw new ExperimentError(`${where}: ${problem.name}: ${problem.message}; ${problem.fix}`)
  }
  return settings
}

/** "acks=all", "linger.ms 0", "fetch.min.bytes 1": the settings of a component in a sentence. */
export function settingsInProse(component: Component, prose: string): Settings {
  const found: Settings = {}
  for (const [, name, value] of prose.matchAll(/([a-z]+(?:\.[a-z]+)*)[ =]([\w-]+)/g)) {
    const isSetting = Object.hasOwn(MODELLED_SETTINGS[component], name)
    if (isSetting && (name === 'acks' || /^-?\d+$/.test(value))) found[name] = value
  }
  return found
}

/** Settings that a case gives beside its own keys, by whom they are for. */
export interface CaseSettings {
  readonly producer: Settings
  readonly consumer: Settings
  readonly broker: Settings
}

/** The keys of a case that tell of the network or of a client, in every kind. */
const COMMON_KEYS = [
  'rtt_ms',
  'intra_region_rtt_ms',
  'bandwidth_bit_s',
  'loss',
  'jitter_ms',
  'client_region',
  'record_bytes',
  'measured',
  'measured_ms',
  'note',
]
/** Whom a setting of a case may be for. */
export const COMPONENTS = ['producer', 'consumer', 'broker'] as const

/** @param own the keys of this kind only, which are no settings */
export function caseSettings(
  one: Readonly<Record<string, unknown>>,
  own: readonly string[],
  where: string,
): CaseSettings {
  const found = { producer: {}, consumer: {}, broker: {} } as Record<string, Settings>
  for (const [name, value] of Object.entries(one)) {
    if (COMMON_KEYS.includes(name) || own.includes(name) || value === undefined) continue
    const takers = COMPONENTS.filter((component) =>
      Object.hasOwn(MODELLED_SETTINGS[component], name),
    )
    const isKnown = COMPONENTS.some((component) => isKafkaSetting(component, name))
    if (!isKnown) throw new ExperimentError(`${where}: ${name} is not understood`)
    // What clients and brokers both have is said of the client: compression.type, time-outs.
    const clients = takers.filter((component) => component !== 'broker')
    for (const component of clients.length > 0 ? clients : takers) {
      found[component][name] = value as CaseScalar
    }
  }
  return found as unknown as CaseSettings
}

/** The number that a sentence of a file's `how` gives. Throws where the sentence is another one. */
export function numbersIn(sentence: string, pattern: RegExp, where: string): number[] {
  const found = pattern.exec(sentence)
  if (found === null) throw new ExperimentError(`${where}: "${sentence}" is not understood`)
  return found.slice(1).map((text) => Number(text.replaceAll(',', '')))
}

// Models: how a user's settings and the release's defaults become the settings in force.
// Leaves out: dynamic defaults of single listeners; config providers; per-client quotas.
// Source: org.apache.kafka.common.config.ConfigDef.parse; ServerTopicConfigSynonyms.

import { invariant } from '../../sim/invariant.ts'
import { LONG_MAX, longText } from '../../sim/long-text.ts'
import { compareVersions, type KafkaVersion } from '../version.ts'
import { CLUSTER_LINK_UNMODELLED } from './cluster-link.ts'
import { CLUSTER_MIRROR_UNMODELLED } from './cluster-mirror.ts'
import { MIRROR_MAKER_UNMODELLED } from './connect.ts'
import { FLINK_UNMODELLED } from './flink.ts'
import known from './known-settings.json' with { type: 'json' }
import { MIRUS_UNMODELLED, MIRUS_WORKER_UNMODELLED } from './mirus.ts'
import {
  type BrokerSettings,
  type Component,
  MODELLED_SETTINGS,
  type SettingsOf,
  TOPIC_DEFAULT_FROM_BROKER,
  type TopicSettings,
  unitOf,
} from './modelled.ts'
import { nearestName } from './nearest.ts'
import { REPLICATOR_UNMODELLED } from './replicator.ts'
import type { ModelledSetting, SettingValue } from './rules.ts'
import { SCHEMA_CLIENT_UNMODELLED, SCHEMA_REGISTRY_UNMODELLED } from './schema-registry.ts'
import { UREPLICATOR_CONTROLLER_UNMODELLED, UREPLICATOR_WORKER_UNMODELLED } from './ureplicator.ts'

/** What keeps a scenario from running: it is shown with its line and how to mend it. */
export interface SettingProblem {
  readonly name: string
  readonly value: unknown
  readonly message: string
  readonly fix: string
}

/** What a run does without: the setting is Kafka’s, and nothing here looks at it. */
export interface SettingNote {
  readonly name: string
  readonly message: string
}

/** Settings that can be run with, and what was wrong or ignored on the way to them. */
export interface ResolvedSettings<C extends Component> {
  readonly settings: SettingsOf<C>
  readonly problems: readonly SettingProblem[]
  readonly notes: readonly SettingNote[]
}

type Rules = Readonly<Record<string, ModelledSetting<SettingValue>>>
/** As Kafka’s ConfigDef lists them: far more than are modelled. */
type KnownSettings = Readonly<Record<string, { readonly type: string; readonly default?: unknown }>>

/** Kafka's own lists of settings; beside them the file names its source. */
const { source: _, ...LISTED } = known
const KNOWN: Readonly<Record<string, { readonly settings: KnownSettings }>> = LISTED

/** The lists in which Kafka keeps a component's settings where they are not one of its name. */
const LISTS: Partial<Record<Component, readonly string[]>> = {
  mirrorMaker2: ['mirrorMaker', 'mirrorSource', 'mirrorCheckpoint', 'mirrorHeartbeat'],
  mirusWorker: ['connectWorker'],
}

/** What others than Kafka know, beside what is modelled of it, is not in Kafka's lists. */
const ADDED: Partial<Record<Component, readonly string[]>> = {
  clusterLink: CLUSTER_LINK_UNMODELLED,
  clusterMirror: CLUSTER_MIRROR_UNMODELLED,
  mirrorMaker2: MIRROR_MAKER_UNMODELLED,
  mirus: MIRUS_UNMODELLED,
  replicator: REPLICATOR_UNMODELLED,
  mirusWorker: MIRUS_WORKER_UNMODELLED,
  flink: FLINK_UNMODELLED,
  schemaRegistry: SCHEMA_REGISTRY_UNMODELLED,
  schemaClient: SCHEMA_CLIENT_UNMODELLED,
  ureplicatorController: UREPLICATOR_CONTROLLER_UNMODELLED,
  ureplicatorWorker: UREPLICATOR_WORKER_UNMODELLED,
}

/**
 * All names of a component. What others than Kafka define has no published list of types, so that
 * its names count and their values are not looked at.
 */
function knownSettings(component: Component): KnownSettings {
  const lists = LISTS[component] ?? [component]
  const listed: KnownSettings = Object.assign({}, ...lists.map((name) => KNOWN[name]?.settings))
  const added = ADDED[component]
  if (added === undefined) return listed
  const all = [...Object.keys(rulesOf(component)), ...added]
  return { ...listed, ...Object.fromEntries(all.map((name) => [name, { type: 'string' }])) }
}

/** Names that the layout of the scenario decides, with the place to write them instead. */
const LAYOUT: Readonly<Record<string, string>> = {
  'node.id': 'id: beside the broker',
  'broker.id': 'id: beside the broker',
  'broker.rack': 'rack: beside the broker',
  'process.roles': 'roles: beside the broker',
}

/** How a connector’s properties name those of the clients that it is given. */
const CLIENT_OVERRIDE = /^(producer|consumer)\.(?:override\.)?(.+)$/

/** The settings of a release, before anybody sets one. */
export function defaultSettings<C extends Component>(
  component: C,
  version: KafkaVersion,
): SettingsOf<C> {
  return wholeSettings(component, defaultsByName(component, version))
}

/**
 * A default that a later release changed counts from that release on: linger.ms was 0 before 4.0,
 * and a run of an older version must wait as little.
 */
function defaultsByName(component: Component, version: KafkaVersion): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = {}
  for (const [name, rule] of Object.entries(rulesOf(component))) {
    const old = rule.before !== undefined && compareVersions(version, rule.before.version) < 0
    values[name] = old && rule.before !== undefined ? rule.before.value : rule.default
  }
  return values
}

/**
 * The settings of a component that were laid together name by name.
 * @throws InvariantViolation where one is missing or is not what its rule makes of a text
 */
export function wholeSettings<C extends Component>(
  component: C,
  values: Readonly<Record<string, SettingValue>>,
): SettingsOf<C> {
  const settings: object = values
  invariant(areSettings(component, settings), 'every setting has a value of its type', {
    component,
  })
  return settings
}

function areSettings<C extends Component>(
  component: C,
  settings: object,
): settings is SettingsOf<C> {
  const values = new Map<string, unknown>(Object.entries(settings))
  return Object.entries(rulesOf(component)).every(([name, rule]) =>
    isOfRule(rule, values.get(name)),
  )
}

/** Types only: bounds were looked at when the value was read, where the user can be told. */
function isOfRule(rule: ModelledSetting<SettingValue>, value: unknown): boolean {
  if (value === null) return rule.default === null
  switch (rule.type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'string':
    case 'list':
      return typeof value === 'string' && (rule.oneOf?.includes(value) ?? true)
    default:
      return typeof value === 'number'
  }
}

/**
 * Lays a user's settings over a base. Names of another component or of nowhere are problems;
 * names that Kafka knows and the model ignores are notes. Problem settings keep the base's value.
 */
export function resolveSettings<C extends Component>(
  component: C,
  user: Readonly<Record<string, unknown>>,
  base: SettingsOf<C>,
): ResolvedSettings<C> {
  const values: Record<string, SettingValue> = { ...base }
  const problems: SettingProblem[] = []
  const notes: SettingNote[] = []
  const rules = rulesOf(component)
  for (const [name, value] of Object.entries(user)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined) {
      // Unknown to Kafka is a mistake that ends the run, unknown to the model only a note.
      const problem = unmodelled(component, name, value)
      if (problem === null) notes.push({ name, message: `${name} is not modelled: no effect` })
      else problems.push(problem)
      continue
    }
    const read = readValue(rule, value)
    if ('message' in read) problems.push({ name, value, ...read })
    else values[name] = read.value
  }
  return { settings: wholeSettings(component, values), problems, notes }
}

/** Whether Kafka has a setting of this name, modelled or not. */
export function isKafkaSetting(component: Component, name: string): boolean {
  return Object.hasOwn(knownSettings(component), name)
}

/** Whether any part of Kafka, or what connects clusters, has a setting of this name. */
export function isSettingOfKafka(name: string): boolean {
  const components = Object.keys(MODELLED_SETTINGS).filter(isComponent)
  return components.some((component) => isKafkaSetting(component, name))
}

function isComponent(name: string): name is Component {
  return Object.hasOwn(MODELLED_SETTINGS, name)
}

/** Whether Kafka would do the same without this setting, as the model does that ignores it. */
export function isKafkaDefault(component: Component, name: string, value: unknown): boolean {
  const setting = knownSettings(component)[name]
  return setting !== undefined && String(setting.default ?? '') === String(value ?? '')
}

/** The settings of a topic that sets none itself, from the cluster's. */
export function topicDefaults(broker: BrokerSettings): TopicSettings {
  const values: Record<string, SettingValue> = {}
  for (const [topic, name] of Object.entries(TOPIC_DEFAULT_FROM_BROKER))
    values[topic] = broker[name]
  if (broker['log.retention.ms'] === null) {
    const hours = broker['log.retention.hours']
    values['retention.ms'] = hours < 0 ? -1 : hours * 3_600_000
  }
  return wholeSettings('topic', values)
}

export interface EffectiveSetting {
  readonly name: string
  readonly value: SettingValue
  readonly unit: string
  readonly isDefault: boolean
}

/** The settings in force as rows, for the report that is printed with each run. */
export function effectiveSettings<C extends Component>(
  component: C,
  settings: SettingsOf<C> & Readonly<Record<string, SettingValue>>,
  version: KafkaVersion,
): EffectiveSetting[] {
  const defaults = defaultsByName(component, version)
  return Object.entries<SettingValue>(settings).map(([name, value]) => ({
    name,
    value,
    unit: unitOf(name),
    isDefault: value === defaults[name],
  }))
}

/** One type for all components, so that a table of any of them can be walked by name. */
function rulesOf(component: Component): Rules {
  return MODELLED_SETTINGS[component]
}

/** What is wrong with a name the model does not use, or null when Kafka knows it. */
function unmodelled(component: Component, name: string, value: unknown): SettingProblem | null {
  const settings = knownSettings(component)
  const place = component === 'broker' && Object.hasOwn(LAYOUT, name) ? LAYOUT[name] : undefined
  if (place !== undefined) {
    const fix = `write ${place}`
    return { name, value, message: `${name} is decided by the layout of the scenario`, fix }
  }
  if (Object.hasOwn(settings, name)) return null
  const message = `${name} is no ${component} setting of Kafka`
  return { name, value, message, fix: elsewhere(name) ?? nearest(component, name, settings) }
}

/** Where a setting belongs that another component has, or a client of this one. */
function elsewhere(name: string): string | null {
  const ownersOf = (own: string) =>
    Object.keys(KNOWN).filter((one) => Object.hasOwn(KNOWN[one]?.settings ?? {}, own))
  const [, client = '', ofClient = ''] = CLIENT_OVERRIDE.exec(name) ?? []
  if (ownersOf(ofClient).includes(client)) {
    return `write ${ofClient} among the settings of the ${client}`
  }
  const owners = ownersOf(name)
  return owners.length === 0
    ? null
    : `it is a setting of Kafka’s ${owners.join(', ')}: write it there`
}

/** A slip of the pen is the likeliest cause of a name that nobody has. */
function nearest(component: Component, name: string, settings: KnownSettings): string {
  const near = nearestName(name, Object.keys(settings))
  return near === null ? `look it up among Kafka’s ${component} settings` : `did you mean ${near}?`
}

/** A value of the rule’s type, or what is wrong with the text and how to mend it. */
type Read = { readonly value: SettingValue } | { readonly message: string; readonly fix: string }

/** Kafka parses every setting from text; YAML may have made a number or a boolean of it before. */
function readValue(rule: ModelledSetting<SettingValue>, raw: unknown): Read {
  switch (rule.type) {
    case 'boolean':
      return readBoolean(raw)
    case 'string':
    case 'list':
      return readWord(rule, raw)
    default:
      return readNumber(rule, raw)
  }
}

/** ConfigDef takes true and false only; yes and on are texts to it. */
function readBoolean(raw: unknown): Read {
  if (typeof raw === 'boolean') return { value: raw }
  if (raw === 'true' || raw === 'false') return { value: raw === 'true' }
  return { message: 'expected true or false', fix: 'write true or false' }
}

/** Empty is a value of its own; none is null, and only where Kafka’s default is none too. */
function readWord(rule: ModelledSetting<SettingValue>, raw: unknown): Read {
  if (raw === null && rule.default === null) return { value: null }
  const text = typeof raw === 'number' && rule.oneOf !== undefined ? String(raw) : raw
  if (typeof text !== 'string') return { message: 'expected a text', fix: 'put it in quotes' }
  if (rule.oneOf === undefined || rule.oneOf.includes(text)) return { value: text }
  const choices = rule.oneOf.map((one) => (one === '' ? '""' : one)).join(', ')
  return { message: `expected one of ${choices}`, fix: `write one of ${choices}` }
}

/**
 * No unit is accepted: Kafka’s names say theirs, and a number with another unit would be a silent
 * factor of a thousand.
 */
function readNumber(rule: ModelledSetting<SettingValue>, raw: unknown): Read {
  if (raw === null && rule.default === null) return { value: null }
  const isDigits = typeof raw === 'string' && /^-?\d{1,19}(\.\d{1,9})?$/.test(raw.trim())
  const value = isDigits ? Number(raw) : raw
  const whole = rule.type === 'double' || Number.isInteger(value)
  if (typeof value !== 'number' || !Number.isFinite(value) || !whole) {
    const fix = 'write the bare number in the unit of the setting’s name'
    return { message: `expected ${rule.type === 'double' ? 'a number' : 'an integer'}`, fix }
  }
  if (rule.min !== undefined && value < rule.min) {
    return { message: `below Kafka’s minimum of ${rule.min}`, fix: `write at least ${rule.min}` }
  }
  if (rule.max !== undefined && value > rule.max) {
    const max = longText(rule.max)
    return { message: `above Kafka’s maximum of ${max}`, fix: `write at most ${max}` }
  }
  if (whole && Math.abs(value) > Number.MAX_SAFE_INTEGER && value !== LONG_MAX) {
    const fix = `write at most ${Number.MAX_SAFE_INTEGER}, or ${longText(LONG_MAX)} for never`
    return { message: 'too large to be kept to its last digit', fix }
  }
  return { value }
}

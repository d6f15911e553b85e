// Every setting that the model reads, with the value in force and where it comes from.

import type { EffectiveSetting } from '../../contract.ts'
import type { Component } from '../../kafka/settings/modelled.ts'
import { defaultSettings, topicDefaults } from '../../kafka/settings/resolve.ts'
import type { SettingValue } from '../../kafka/settings/rules.ts'
import type { ConsumerSpec, ProducerSpec, Scenario } from '../../scenario/model.ts'
import { exactText } from '../../sim/long-text.ts'
import { inCluster } from './in-cluster.ts'
import { overlayConfig } from './overlay-config.ts'

type Values = Readonly<Record<string, SettingValue>>

/**
 * In the order of scopes: clusters and their topics, registries, clients, links, overlay. Nodes
 * list only what differs from their cluster.
 */
export function effectiveConfig(scenario: Scenario): EffectiveSetting[] {
  const { clusters, topics, producers, consumers, links, version, network, registries } = scenario
  const defaultsOf = (component: Component): Values => defaultSettings(component, version)
  const rows: EffectiveSetting[] = []
  for (const { name, config, nodes } of clusters) {
    rows.push(...settingsOf(inCluster(scenario, name, 'broker'), config, defaultsOf('broker')))
    for (const node of nodes) rows.push(...changes(node.name, node.config, config))
    const own = topics.filter(({ cluster }) => cluster === name)
    for (const topic of own) {
      const scope = inCluster(scenario, name, `topic ${topic.name}`)
      rows.push(...settingsOf(scope, topic.config, topicDefaults(config)))
    }
  }
  for (const { name, config } of registries) {
    rows.push(...settingsOf(`schema registry ${name}`, config, defaultsOf('schemaRegistry')))
  }
  const serdes = ({ name, schemas }: ProducerSpec | ConsumerSpec, scope: string) =>
    schemas === undefined
      ? []
      : settingsOf(`${scope} ${name} schemas`, schemas.config, defaultsOf('schemaClient'))
  for (const producer of producers) {
    const { name, config } = producer
    rows.push(...settingsOf(`producer ${name}`, config, defaultsOf('producer')))
    rows.push(...serdes(producer, 'producer'))
  }
  for (const consumer of consumers) {
    const { name, config } = consumer
    rows.push(...settingsOf(`consumer ${name}`, config, defaultsOf('consumer')))
    rows.push(...serdes(consumer, 'consumer'))
  }
  for (const { name, settings = [] } of links) {
    for (const { part, isWritten, ...setting } of settings) {
      const scope = part === 'config' ? `link ${name}` : `link ${name} ${part}`
      rows.push({ scope, ...setting, source: isWritten ? 'scenario' : 'default' })
    }
  }
  if (network.overlay !== null) rows.push(...overlayConfig(network.overlay))
  return rows
}

function settingsOf(scope: string, values: Values, defaults: Values): EffectiveSetting[] {
  return Object.entries(values).map(([name, value]) => ({
    scope,
    name,
    value: exactText(value),
    source: value === defaults[name] ? ('default' as const) : ('scenario' as const),
  }))
}

/** Only what differs: a node's own overrides. */
function changes(scope: string, values: Values, base: Values): EffectiveSetting[] {
  return settingsOf(scope, values, base).filter(({ source }) => source === 'scenario')
}

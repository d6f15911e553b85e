// Models: topic settings that the controller itself obeys: min.insync.replicas, unclean elections.
// Leaves out: checks of values, which whoever orders a change has made.
// Source: org.apache.kafka.controller.ConfigurationControlManager, KafkaConfigSchema.

import type { NodeId } from '../ids.ts'
import { BrokerConfigs } from '../metadata/broker-configs.ts'
import type { ConfigRecord } from '../metadata/records.ts'

export const MIN_IN_SYNC_REPLICAS = 'min.insync.replicas'
const UNCLEAN_LEADER_ELECTION_ENABLE = 'unclean.leader.election.enable'

/** What holds for a topic of which nobody has said anything: the controller's own file. */
export interface ConfigDefaults {
  /** The controller: settings of this node come before those of all. */
  readonly nodeId: NodeId
  /** From the controller's own file: brokers may have another one in theirs. */
  readonly minInsyncReplicas: number
  /** As above; false unless somebody says otherwise. */
  readonly uncleanLeaderElectionEnable: boolean
}

/** Values are the text that a record brought: whoever sets them has checked them. */
export class ConfigControl {
  /** What was changed at run time for brokers, controllers and all of them. */
  readonly brokers: BrokerConfigs
  readonly #defaults: ConfigDefaults
  readonly #topics = new Map<string, Map<string, string>>()

  constructor(defaults: ConfigDefaults, from?: ConfigControl) {
    this.#defaults = defaults
    this.brokers = new BrokerConfigs(from?.brokers)
    if (from === undefined) return
    for (const [topic, configs] of from.#topics) this.#topics.set(topic, new Map(configs))
  }

  /** Independent of this one. */
  copy(): ConfigControl {
    return new ConfigControl(this.#defaults, this)
  }

  /** A topic was created with these settings. */
  setAll(topic: string, configs: Readonly<Record<string, string>>): void {
    this.#topics.set(topic, new Map(Object.entries(configs)))
  }

  /** The topic is gone, and its settings with it. */
  remove(topic: string): void {
    this.#topics.delete(topic)
  }

  /** Sets one value; null takes it away, so that what stands behind it holds again. */
  replay(record: ConfigRecord): void {
    const { resource, name, value } = record
    if (resource.type === 'broker') {
      this.brokers.replay(record)
      return
    }
    let configs = this.#topics.get(resource.name)
    if (configs === undefined) {
      configs = new Map()
      this.#topics.set(resource.name, configs)
    }
    if (value === null) configs.delete(name)
    else configs.set(name, value)
  }

  /** The topic's own value; undefined where it has none. */
  topicValue(topic: string, name: string): string | undefined {
    return this.#topics.get(topic)?.get(name)
  }

  /** As configured; a topic with fewer replicas than that is `effectiveMinIsr`'s concern. */
  minInsyncReplicas(topic: string): number {
    const value = this.#dynamicValue(topic, MIN_IN_SYNC_REPLICAS)
    return value === undefined ? this.#defaults.minInsyncReplicas : Number(value)
  }

  /** Anything but 'true' is false. */
  uncleanLeaderElectionEnable(topic: string): boolean {
    const value = this.#dynamicValue(topic, UNCLEAN_LEADER_ELECTION_ENABLE)
    return value === undefined ? this.#defaults.uncleanLeaderElectionEnable : value === 'true'
  }

  /** The topic's own before this controller's, and that before the cluster's; else its file's. */
  #dynamicValue(topic: string, name: string): string | undefined {
    return this.topicValue(topic, name) ?? this.brokers.valueOf(this.#defaults.nodeId, name)
  }
}

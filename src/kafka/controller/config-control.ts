// Models: topic settings that the controller itself obeys: min.insync.replicas, unclean elections.
// Leaves out: broker settings that change at run time, and checks of values.
// Source: org.apache.kafka.controller.ConfigurationControlManager.

import type { ConfigRecord } from '../metadata/records.ts'

export const MIN_IN_SYNC_REPLICAS = 'min.insync.replicas'
export const UNCLEAN_LEADER_ELECTION_ENABLE = 'unclean.leader.election.enable'

/** What holds for a topic that sets nothing itself. */
export interface ConfigDefaults {
  readonly minInsyncReplicas: number
  readonly uncleanLeaderElectionEnable: boolean
}

/** Values are the text that a record brought: whoever sets them has checked them. */
export class ConfigControl {
  readonly #defaults: ConfigDefaults
  readonly #topics = new Map<string, Map<string, string>>()

  constructor(defaults: ConfigDefaults) {
    this.#defaults = defaults
  }

  /** Independent of this one. */
  copy(): ConfigControl {
    const copy = new ConfigControl(this.#defaults)
    for (const [topic, configs] of this.#topics) copy.#topics.set(topic, new Map(configs))
    return copy
  }

  /** A topic was created with these settings. */
  setAll(topic: string, configs: Readonly<Record<string, string>>): void {
    this.#topics.set(topic, new Map(Object.entries(configs)))
  }

  /** The topic is gone, and its settings with it. */
  remove(topic: string): void {
    this.#topics.delete(topic)
  }

  /** Sets one value; null takes it away, so that the default holds again. */
  replay(record: ConfigRecord): void {
    let configs = this.#topics.get(record.topic)
    if (configs === undefined) {
      configs = new Map()
      this.#topics.set(record.topic, configs)
    }
    if (record.value === null) configs.delete(record.name)
    else configs.set(record.name, record.value)
  }

  /** The topic's own value; undefined where the default holds. */
  topicValue(topic: string, name: string): string | undefined {
    return this.#topics.get(topic)?.get(name)
  }

  /** As configured; a topic with fewer replicas than that is `effectiveMinIsr`'s concern. */
  minInsyncReplicas(topic: string): number {
    const value = this.topicValue(topic, MIN_IN_SYNC_REPLICAS)
    return value === undefined ? this.#defaults.minInsyncReplicas : Number(value)
  }

  /** The topic's own value before the cluster's; anything but 'true' is false. */
  uncleanLeaderElectionEnable(topic: string): boolean {
    const value = this.topicValue(topic, UNCLEAN_LEADER_ELECTION_ENABLE)
    return value === undefined ? this.#defaults.uncleanLeaderElectionEnable : value === 'true'
  }
}

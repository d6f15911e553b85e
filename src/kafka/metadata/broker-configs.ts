// Models: settings of brokers changed at run time: those of one node, and the cluster's default.
// Leaves out: settings of single listeners, and of what is neither a topic nor a broker.
// Source: ConfigurationsImage, DynamicBrokerConfig (KIP-226); KafkaConfigSchema.

import type { NodeId } from '../ids.ts'
import type { ConfigRecord, ConfigResource } from './records.ts'

/** Kafka's name for all brokers of a cluster: that of a broker without one. */
export const CLUSTER_DEFAULT: ConfigResource = { type: 'broker', name: '' }

/** The resource of one node, broker or controller. */
export function nodeResource(id: NodeId): ConfigResource {
  return { type: 'broker', name: String(id) }
}

/**
 * What a new cluster begins with: with eligible leader replicas the minimum of its controllers'
 * file is the cluster's default, which stands above the file of every broker. Kafka's first
 * controller writes it down (ActivationRecordsGenerator); here every node knows it as it starts.
 */
export function firstConfigs(elr: boolean, minInsyncReplicas: number): readonly ConfigRecord[] {
  if (!elr) return []
  const [name, value] = ['min.insync.replicas', String(minInsyncReplicas)]
  return [{ type: 'Config', resource: CLUSTER_DEFAULT, name, value }]
}

/** What the records up to now say: held by every controller and every broker. */
export class BrokerConfigs {
  readonly #byName: Map<string, ReadonlyMap<string, string>>

  /** A copy of `from`, or nothing set at all. */
  constructor(from?: BrokerConfigs) {
    this.#byName = new Map(from === undefined ? [] : from.#byName)
  }

  /** Nobody has changed a setting of a broker, or all of it was taken back. */
  get isEmpty(): boolean {
    return this.#byName.size === 0
  }

  /** Sets or removes one value; a record of a topic is not for this. */
  replay({ resource, name, value }: ConfigRecord): void {
    const configs = new Map(this.#byName.get(resource.name))
    if (value === null) configs.delete(name)
    else configs.set(name, value)
    if (configs.size === 0) this.#byName.delete(resource.name)
    else this.#byName.set(resource.name, configs)
  }

  /** A node's own value, else the cluster's default; undefined where its file decides. */
  valueOf(node: NodeId, name: string): string | undefined {
    return this.#byName.get(String(node))?.get(name) ?? this.clusterValue(name)
  }

  /** The default of all nodes that have no value of their own; undefined where there is none. */
  clusterValue(name: string): string | undefined {
    return this.#byName.get(CLUSTER_DEFAULT.name)?.get(name)
  }
}

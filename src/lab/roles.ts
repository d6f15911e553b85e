// Who holds a role at this moment, by process name, for faults that hit a role.

import type { TargetResolver } from '../faults/fault.ts'
import type { Populace } from '../faults/target.ts'
import type { Cluster } from '../kafka/cluster.ts'
import { partitionForGroup } from '../kafka/groups/offsets-topic.ts'
import { NO_NODE, type NodeId, OFFSETS_TOPIC } from '../kafka/ids.ts'

/** Names of the processes that are no nodes. */
export interface ClientNames {
  readonly producers: readonly string[]
  readonly consumers: readonly string[]
}

export class Roles implements TargetResolver {
  readonly #cluster: Cluster
  readonly #clients: ClientNames

  constructor(cluster: Cluster, clients: ClientNames) {
    this.#cluster = cluster
    this.#clients = clients
  }

  activeController(): string | null {
    return this.#nameOf(this.#cluster.activeControllerId)
  }

  leaderOf(topic: string, partition: number): string | null {
    return this.#nameOf(this.#registration(topic, partition)?.leader ?? NO_NODE)
  }

  /** The leader of the group's partition of the offsets topic. */
  coordinatorOf(group: string): string | null {
    const partitions = this.#cluster.topics.partitionsOf(OFFSETS_TOPIC).length
    if (partitions === 0) return null
    return this.leaderOf(OFFSETS_TOPIC, partitionForGroup(group, partitions))
  }

  replicasOf(topic: string, partition: number): readonly string[] {
    const replicas = this.#registration(topic, partition)?.replicas ?? []
    return replicas.map((id) => this.#nameOf(id)).filter((name) => name !== null)
  }

  populace(what: Populace): readonly string[] {
    const { producers, consumers } = this.#clients
    switch (what) {
      case 'brokers':
        return this.#nodes('broker')
      case 'controllers':
        return this.#nodes('controller')
      case 'nodes':
        return [...this.#cluster.nodes.values()].map((node) => node.process.name)
      case 'producers':
        return producers
      case 'consumers':
        return consumers
      case 'clients':
        return [...producers, ...consumers]
    }
  }

  #registration(topic: string, partition: number) {
    const index = this.#cluster.topics.indexOf(topic, partition)
    return index === null ? null : this.#cluster.lastKnownRegistration(index)
  }

  #nodes(role: 'broker' | 'controller'): string[] {
    const nodes = [...this.#cluster.nodes.values()]
    return nodes.filter((n) => n.config.roles.includes(role)).map((n) => n.process.name)
  }

  #nameOf(node: NodeId): string | null {
    return this.#cluster.nodes.get(node)?.process.name ?? null
  }
}

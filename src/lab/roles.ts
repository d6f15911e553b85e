// Who holds a role at this moment, by process name, for faults that hit a role.

import type { TargetResolver } from '../faults/fault.ts'
import type { Populace } from '../faults/target.ts'
import type { Cluster } from '../kafka/cluster.ts'
import { partitionForGroup } from '../kafka/groups/offsets-topic.ts'
import { NO_NODE, type NodeId, OFFSETS_TOPIC } from '../kafka/ids.ts'
import type { KafkaNode } from '../kafka/node.ts'
import { meantBy, qualified } from './cluster-names.ts'

/** Names of the processes that are no nodes. */
export interface ClientNames {
  readonly producers: readonly string[]
  readonly consumers: readonly string[]
}

/** A cluster and what the scenario calls it. */
export interface NamedCluster {
  readonly name: string
  readonly cluster: Cluster
}

/** Of the clusters that a name may mean, the first that has what is asked for answers. */
export class Roles implements TargetResolver {
  readonly #clusters: readonly NamedCluster[]
  readonly #clients: ClientNames
  readonly #gateways: readonly string[]

  constructor(
    clusters: readonly NamedCluster[],
    clients: ClientNames,
    gateways: readonly string[],
  ) {
    this.#clusters = clusters
    this.#clients = clients
    this.#gateways = gateways
  }

  /** Name of its process; null while there is none. */
  activeController(name: string | null): string | null {
    const [meant] = meantBy(this.#clusters, name)
    return meant === undefined ? null : nameOf(meant.cluster, meant.cluster.activeControllerId)
  }

  /** As the newest registration has it, whoever knows of that; null where nobody leads. */
  leaderOf(topic: string, partition: number): string | null {
    const found = this.#find(topic, partition)
    return found === null ? null : nameOf(found.cluster, found.registration?.leader ?? NO_NODE)
  }

  /** The leader of the group's partition of the offsets topic. */
  coordinatorOf(text: string): string | null {
    const { cluster: owner, name: group } = qualified(text)
    for (const { name, cluster } of meantBy(this.#clusters, owner)) {
      const partitions = cluster.topics.partitionsOf(OFFSETS_TOPIC).length
      if (partitions === 0) continue
      return this.leaderOf(`${name}:${OFFSETS_TOPIC}`, partitionForGroup(group, partitions))
    }
    return null
  }

  /** In the order of assignment; none for a partition that does not exist. */
  replicasOf(topic: string, partition: number): readonly string[] {
    const found = this.#find(topic, partition)
    const replicas = found?.registration?.replicas ?? []
    return replicas.flatMap((id) => found?.cluster.nodes.get(id)?.process.name ?? [])
  }

  /** Nodes of a cluster, running or not. */
  membersOf(cluster: string): readonly string[] {
    return meantBy(this.#clusters, cluster).flatMap((one) =>
      namesOf([...one.cluster.nodes.values()]),
    )
  }

  /** Of all clusters together, running or not. */
  populace(what: Populace): readonly string[] {
    const { producers, consumers } = this.#clients
    switch (what) {
      case 'brokers':
        return namesOf(this.#nodes.filter(({ config }) => config.roles.includes('broker')))
      case 'controllers':
        return namesOf(this.#nodes.filter(({ config }) => config.roles.includes('controller')))
      case 'nodes':
        return namesOf(this.#nodes)
      case 'producers':
        return producers
      case 'consumers':
        return consumers
      case 'clients':
        return [...producers, ...consumers]
      case 'gateways':
        return this.#gateways
    }
  }

  #find(topic: string, partition: number) {
    const { cluster: owner, name } = qualified(topic)
    for (const { cluster } of meantBy(this.#clusters, owner)) {
      const index = cluster.topics.indexOf(name, partition)
      if (index !== null) return { cluster, registration: cluster.lastKnownRegistration(index) }
    }
    return null
  }

  get #nodes(): KafkaNode[] {
    return this.#clusters.flatMap(({ cluster }) => [...cluster.nodes.values()])
  }
}

function namesOf(nodes: readonly KafkaNode[]): string[] {
  return nodes.map(({ process }) => process.name)
}

function nameOf(cluster: Cluster, node: NodeId): string | null {
  return cluster.nodes.get(node)?.process.name ?? null
}

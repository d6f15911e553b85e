// What an operator does, taken to the cluster that it concerns: by the name of a topic, which may
// say its cluster, or by the id of a node.

import type { AclRule } from '../faults/acl-rules.ts'
import type {
  AclOrder,
  ElectionScope,
  ElectionType,
  MirrorCommand,
  Operator,
} from '../faults/fault.ts'
import type { NodeId } from '../kafka/ids.ts'
import { meantBy, qualified } from './cluster-names.ts'
import type { LinkOperator } from './links/link-operator.ts'
import type { LiveCluster } from './live-cluster.ts'

/**
 * An order for a topic that no cluster has is passed over in silence: it may not exist yet, or no
 * more.
 */
export class Operators implements Operator {
  readonly #clusters: readonly LiveCluster[]
  readonly #links: LinkOperator

  constructor(clusters: readonly LiveCluster[], links: LinkOperator) {
    this.#clusters = clusters
    this.#links = links
  }

  /** At the cluster where each mirror is; nothing for a name that is no link in brokers. */
  commandMirrors(command: MirrorCommand, link: string, topics: readonly string[] | null): void {
    this.#links.command(command, link, topics)
  }

  /** At both ends of a bidirectional link. */
  pauseLink(link: string, paused: boolean): void {
    this.#links.pause(link, paused)
  }

  /** null: at every cluster. */
  alterAcls(order: AclOrder, cluster: string | null, acls: readonly AclRule[]): void {
    for (const { operator } of meantBy(this.#clusters, cluster)) operator.alterAcls(order, acls)
  }

  /** Of a topic in the first cluster that has it. */
  electLeaders(type: ElectionType, scope: ElectionScope, numbers: readonly number[] | null): void {
    if ('topic' in scope) {
      const elect = ({ operator }: LiveCluster, name: string) =>
        operator.electLeaders(type, { topic: name }, numbers)
      this.#withTopic(scope.topic, elect)
      return
    }
    for (const { operator } of meantBy(this.#clusters, scope.cluster)) {
      operator.electLeaders(type, scope, numbers)
    }
  }

  /** In the first cluster that has the topic. */
  reassign(
    topic: string,
    partition: number,
    replicas: readonly number[],
    observers: readonly number[],
  ): void {
    this.#withTopic(topic, ({ operator }, name) => {
      operator.reassign(name, partition, replicas, observers)
    })
  }

  /** A topic's in the first cluster that has it, a broker's in its own, a cluster's by its name. */
  alterConfig(
    resource: 'topic' | 'broker' | 'cluster',
    name: string,
    settings: ReadonlyMap<string, string | null>,
  ): void {
    if (resource === 'topic') {
      this.#withTopic(name, (live, topic) => live.operator.alterConfig(resource, topic, settings))
    } else if (resource === 'cluster') {
      for (const { operator } of meantBy(this.#clusters, name === '' ? null : name)) {
        operator.alterConfig(resource, name, settings)
      }
    } else {
      for (const { cluster, operator } of this.#clusters) {
        if (cluster.nodes.has(Number(name))) operator.alterConfig(resource, name, settings)
      }
    }
  }

  /** In the first cluster that has the topic. */
  deleteTopic(text: string): void {
    this.#withTopic(text, ({ operator }, name) => operator.deleteTopic(name))
  }

  /** In the cluster that it names, else in the first. */
  createTopic(text: string, partitions: number, replicationFactor: number): void {
    const { cluster, name } = qualified(text)
    const [found] = meantBy(this.#clusters, cluster)
    found?.operator.createTopic(name, partitions, replicationFactor)
  }

  /** To a topic of the first cluster that has it. */
  addPartitions(text: string, partitions: number): void {
    this.#withTopic(text, ({ operator }, name) => operator.addPartitions(name, partitions))
  }

  /** In the cluster whose node it is. */
  unregisterBroker(id: NodeId): void {
    for (const { cluster, operator } of this.#clusters) {
      if (cluster.nodes.has(id)) operator.unregisterBroker(id)
    }
  }

  /** The first cluster that has the topic. */
  #withTopic(text: string, act: (live: LiveCluster, topic: string) => void): void {
    const { cluster, name } = qualified(text)
    const found = meantBy(this.#clusters, cluster).find((live) => {
      return live.cluster.topics.topics.includes(name)
    })
    if (found !== undefined) act(found, name)
  }
}

// What an operator does to the cluster, delivered to the active controller at once: the admin
// client's own network path is not modelled. Without an active controller it is tried again.

import type { AclRule } from '../faults/acl-rules.ts'
import type { AclOrder, ClusterOperator, ElectionScope, ElectionType } from '../faults/fault.ts'
import type { History } from '../history.ts'
import type { ForwardedRequest } from '../kafka/admin-messages.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { KafkaError } from '../kafka/errors.ts'
import type { NodeId, PartitionIndex } from '../kafka/ids.ts'
import type { Request, Response } from '../kafka/messages.ts'
import { CLUSTER_DEFAULT } from '../kafka/metadata/broker-configs.ts'
import type { ConfigResource } from '../kafka/metadata/records.ts'
import { invariant } from '../sim/invariant.ts'
import type { HandlerId } from '../sim/scheduler.ts'
import { type Micros, MS } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import type { Clock } from './record/clock.ts'

const RETRY: Micros = 100 * MS

interface Outcome {
  readonly error: KafkaError
  readonly message: string
}

interface Order {
  readonly request: Request
  readonly done: (error: KafkaError, message: string) => void
}

/**
 * What came of an order that a fault gives is an event 'operator' of the history, with the
 * controller's error where it was refused.
 */
export class LabOperator implements ClusterOperator {
  /** Unclean elections ordered up to now, whatever came of them. */
  uncleanElectionsOrdered = 0
  readonly #world: World
  readonly #cluster: Cluster
  readonly #history: History
  readonly #clock: Clock
  readonly #retryHandler: HandlerId<Order>

  constructor(world: World, cluster: Cluster, history: History, clock: Clock) {
    this.#world = world
    this.#cluster = cluster
    this.#history = history
    this.#clock = clock
    this.#retryHandler = world.scheduler.register((_a, _b, order: Order) => this.#send(order))
  }

  /** Sends to the active controller now, or as soon as there is one that answers. */
  order(request: Request, done: Order['done'] = () => {}): void {
    this.#send({ request, done })
  }

  /** kafka-leader-election; what is unclean is counted when it is ordered, whatever comes of it. */
  electLeaders(type: ElectionType, scope: ElectionScope, numbers: readonly number[] | null): void {
    const electionType = type === 'unclean' ? 'UNCLEAN' : 'PREFERRED'
    if (type === 'unclean') this.uncleanElectionsOrdered++
    const partitions = this.#partitions('topic' in scope ? scope.topic : null, numbers)
    this.#tell({ api: 'ElectLeaders', electionType, partitions }, `${type} election`)
  }

  /** kafka-reassign-partitions; nothing where the partition does not exist. */
  reassign(
    topic: string,
    partition: number,
    replicas: readonly number[],
    observers: readonly number[],
  ): void {
    const index = this.#cluster.topics.indexOf(topic, partition)
    if (index === null) return
    const watching = observers.length === 0 ? '' : `, observers [${observers}]`
    const what = `reassignment of ${topic}-${partition} to [${replicas}]${watching}`
    this.#tell({ api: 'AlterReassignment', partition: index, replicas, observers }, what)
  }

  /** kafka-configs: of a topic, of one node, or of all nodes that have nothing of their own. */
  alterConfig(
    type: 'topic' | 'broker' | 'cluster',
    name: string,
    settings: ReadonlyMap<string, string | null>,
  ): void {
    const resource: ConfigResource = type === 'cluster' ? CLUSTER_DEFAULT : { type, name }
    const whose = { topic: name, broker: `broker ${name}`, cluster: 'cluster' }[type]
    const changes = [...settings].map(([setting, value]) => `${setting}=${value ?? 'default'}`)
    const configs = Object.fromEntries(settings)
    this.#tell({ api: 'AlterConfig', resource, configs }, `${whose}: ${changes.join(', ')}`)
  }

  /** kafka-cluster unregister, whether the broker runs or not. */
  unregisterBroker(id: NodeId): void {
    this.#tell({ api: 'UnregisterBroker', brokerId: id }, `broker ${id} unregistered`)
  }

  /** kafka-topics --delete, as a broker forwards it. */
  deleteTopic(name: string): void {
    this.#topics({ api: 'DeleteTopics', topics: [{ name }] }, `topic ${name} deleted`)
  }

  /** kafka-topics --create, without settings of its own; the controller places the replicas. */
  createTopic(name: string, partitions: number, replicationFactor: number): void {
    const topics = [{ name, partitions, replicationFactor, configs: {} }]
    this.#topics({ api: 'CreateTopics', topics }, `topic ${name} created`)
  }

  addPartitions(name: string, partitions: number): void {
    const what = `topic ${name} has ${partitions} partitions`
    this.#topics({ api: 'CreatePartitions', topics: [{ name, partitions }] }, what)
  }

  /** As a broker would hand it on to the controller. */
  #topics(request: ForwardedRequest, what: string): void {
    this.#send({ request: { api: 'Envelope', request }, done: this.#teller(what) })
  }

  /** kafka-acls; refused with SECURITY_DISABLED where there is no authorizer. */
  alterAcls(order: AclOrder, acls: readonly AclRule[]): void {
    const what = order === 'CreateAcls' ? 'allowed' : 'taken back'
    this.#tell({ api: order, acls }, `access control: ${acls.map(aclText).join('; ')} ${what}`)
  }

  #partitions(topic: string | null, numbers: readonly number[] | null): PartitionIndex[] {
    const { topics } = this.#cluster
    const names = topic === null ? topics.topics : [topic]
    const all = names.flatMap((name) => topics.partitionsOf(name))
    return numbers === null ? all : all.filter((index) => numbers.includes(topics.numberOf(index)))
  }

  #tell(request: Request, what: string): void {
    this.order(request, this.#teller(what))
  }

  #teller(what: string): Order['done'] {
    return (error, message) => {
      const text = error === 'NONE' ? what : `${what}: ${error} ${message}`
      this.#history.event({ at: this.#clock.now(), actor: 'operator', kind: 'operator', text })
    }
  }

  #send(order: Order): void {
    const controller = this.#cluster.activeController
    if (controller === null) {
      this.#retryLater(order)
      return
    }
    controller.handle(order.request, {
      send: (response) => this.#answered(order, response),
      done: () => {},
    })
  }

  #answered(order: Order, response: Response | null): void {
    if (response === null) {
      this.#retryLater(order)
      return
    }
    const { error, message } = outcomeOf(response)
    if (error === 'NOT_CONTROLLER') this.#retryLater(order)
    else order.done(error, message)
  }

  #retryLater(order: Order): void {
    this.#world.scheduler.schedule(RETRY, this.#retryHandler, 0, 0, order)
  }
}

/** Of one order: a request for topics names one. */
function outcomeOf(response: Response): Outcome {
  if (response.api === 'Envelope') {
    const { response: told, error } = response
    const [topic] = told !== null && 'topics' in told ? told.topics : []
    return topic ?? { error, message: '' }
  }
  const { api } = response
  invariant(api === 'Admin', 'an order is answered as orders are', { api })
  return response
}

/** As kafka-acls lists an entry. */
function aclText(acl: AclRule): string {
  const { principal, operation, permission, resource, name, pattern, host } = acl
  const deny = permission === 'DENY' ? 'DENY ' : ''
  const named = pattern === 'PREFIXED' ? `${name}*` : name
  const from = host === undefined ? '' : ` from ${host}`
  return `${deny}${principal} ${operation} ${resource.toLowerCase()} ${named}${from}`
}

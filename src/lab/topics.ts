// Creates a topic as an administrator would: replicas as written, or placed by Kafka's own rule.

import type { History } from '../history.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { NodeId } from '../kafka/ids.ts'
import type { CreateTopicRequest } from '../kafka/messages.ts'
import { topicDefaults } from '../kafka/settings/resolve.ts'
import type { ReplicaAssignment, Scenario, TopicSpec } from '../scenario/model.ts'
import type { World } from '../sim/world.ts'
import { topicOverridesOf } from './config/nodes.ts'
import type { LabOperator } from './operator.ts'

/** Where a topic is created, and who orders it. */
export interface TopicPlace {
  readonly scenario: Scenario
  readonly world: World
  readonly cluster: Cluster
  readonly operator: LabOperator
  readonly history: History
}

/** Orders the topic from the active controller; throws where Kafka would refuse it. */
export function createTopic(place: TopicPlace, topic: TopicSpec, onDone = () => {}): void {
  const { cluster, operator, history } = place
  const assignment = topic.assignment ?? placeReplicas(place, topic)
  const firstPartition = cluster.topics.add(topic.name, assignment.length)
  for (const [number, { replicas, observers }] of assignment.entries()) {
    history.partitions.push({
      index: firstPartition + number,
      topic: topic.name,
      number,
      replicas,
      observers,
      minIsr: Math.min(topic.config['min.insync.replicas'], replicas.length),
    })
  }
  const defaults = topicDefaults(place.scenario.cluster.config)
  const request: CreateTopicRequest = {
    api: 'CreateTopic',
    name: topic.name,
    firstPartition,
    assignments: assignment.map(({ replicas }) => replicas),
    observers: assignment.map(({ observers }) => observers),
    configs: topicOverridesOf(topic, defaults),
  }
  operator.order(request, (error, message) => {
    if (error !== 'NONE') throw new Error(`topic ${topic.name}: ${error} ${message}`)
    onDone()
  })
}

function placeReplicas(place: TopicPlace, topic: TopicSpec): ReplicaAssignment[] {
  const { cluster, world } = place
  const control = cluster.activeController?.control
  if (control === undefined) throw new Error(`no active controller to place ${topic.name}`)
  const random = world.random.fork(`placement/${topic.name}`)
  const draws = { nextInt: (bound: number) => random.int(0, bound - 1) }
  const placed = control.placeReplicas(topic.partitions, topic.replicationFactor, draws)
  if (placed.error !== 'NONE') throw new Error(`topic ${topic.name}: ${placed.message}`)
  const observers: readonly NodeId[] = []
  return placed.assignments.map((replicas) => ({ replicas, observers }))
}

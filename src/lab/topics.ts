// Creates a topic as an administrator would: replicas as written, or placed by Kafka's own rule.

import type { NodeId } from '../kafka/ids.ts'
import type { CreateTopicRequest } from '../kafka/messages.ts'
import { topicDefaults } from '../kafka/settings/resolve.ts'
import type { ReplicaAssignment, TopicSpec } from '../scenario/model.ts'
import { topicOverridesOf } from './config/nodes.ts'
import type { Simulation } from './simulation.ts'

/** Orders the topic from the active controller; throws where Kafka would refuse it. */
export function createTopic(simulation: Simulation, topic: TopicSpec, onDone = () => {}): void {
  const { cluster, operator, history } = simulation
  const assignment = topic.assignment ?? placeReplicas(simulation, topic)
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
  const defaults = topicDefaults(simulation.scenario.cluster.config)
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

function placeReplicas(simulation: Simulation, topic: TopicSpec): ReplicaAssignment[] {
  const { cluster, world } = simulation
  const control = cluster.activeController?.control
  if (control === undefined) throw new Error(`no active controller to place ${topic.name}`)
  const random = world.random.fork(`placement/${topic.name}`)
  const draws = { nextInt: (bound: number) => random.int(0, bound - 1) }
  const placed = control.placeReplicas(topic.partitions, topic.replicationFactor, draws)
  if (placed.error !== 'NONE') throw new Error(`topic ${topic.name}: ${placed.message}`)
  const observers: readonly NodeId[] = []
  return placed.assignments.map((replicas) => ({ replicas, observers }))
}

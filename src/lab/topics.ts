// Creates a topic as an administrator would: replicas as written, or placed by Kafka's own rule.

import type { NodeId } from '../kafka/ids.ts'
import type { CreateTopicRequest } from '../kafka/messages.ts'
import { topicDefaults } from '../kafka/settings/resolve.ts'
import type { ReplicaAssignment, TopicSpec } from '../scenario/model.ts'
import type { World } from '../sim/world.ts'
import { topicOverridesOf } from './config/nodes.ts'
import type { LiveCluster } from './live-cluster.ts'

/** Where a topic is created, and who orders it. */
export interface TopicPlace {
  readonly world: World
  readonly live: LiveCluster
}

/** Orders the topic from the active controller; throws where Kafka would refuse it. */
export function createTopic(place: TopicPlace, topic: TopicSpec, onDone = () => {}): void {
  const { cluster, operator, spec } = place.live
  const assignment = topic.assignment ?? placeReplicas(place, topic)
  const firstPartition = cluster.topics.add(topic.name, assignment.length)
  const defaults = topicDefaults(spec.config)
  const request: CreateTopicRequest = {
    api: 'CreateTopic',
    name: topic.name,
    firstPartition,
    assignments: assignment.map(({ replicas }) => replicas),
    observers: assignment.map(({ observers }) => observers),
    configs: topicOverridesOf(topic, defaults),
    ...(topic.mirror === undefined ? {} : { mirror: topic.mirror }),
  }
  operator.order(request, (error, message) => {
    if (error !== 'NONE') throw new Error(`topic ${topic.name}: ${error} ${message}`)
    onDone()
  })
}

function placeReplicas(place: TopicPlace, topic: TopicSpec): ReplicaAssignment[] {
  const { world, live } = place
  const control = live.cluster.activeController?.control
  if (control === undefined) throw new Error(`no active controller to place ${topic.name}`)
  const random = world.random.fork(`placement/${topic.name}`)
  const draws = { nextInt: (bound: number) => random.int(0, bound - 1) }
  const placed = control.placeReplicas(topic.partitions, topic.replicationFactor, draws)
  if (placed.error !== 'NONE') throw new Error(`topic ${topic.name}: ${placed.message}`)
  const observers: readonly NodeId[] = []
  return placed.assignments.map((replicas) => ({ replicas, observers }))
}

// Models: which topics of the source a flow mirrors, and how it keeps from going in circles.
// Leaves out: groups and ACLs.
// Source: MirrorSourceConnector.shouldReplicateTopic and isCycle; KAFKA-17534.

import {
  type ClusterAlias,
  isHeartbeatsTopic,
  type ReplicationPolicy,
} from './replication-policy.ts'
import type { TopicFilter } from './topic-filter.ts'

/** A flow towards a cluster. */
export interface MirrorFlow {
  readonly target: ClusterAlias
  readonly policy: ReplicationPolicy
  readonly filter: TopicFilter
  /** heartbeats.replication.enabled */
  readonly heartbeatsReplicationEnabled: boolean
}

/**
 * Heartbeats pass the filter where they are replicated at all. What would come home to the flow's
 * target does not go.
 */
export function shouldReplicateTopic(flow: MirrorFlow, topic: string): boolean {
  const isHeartbeat = flow.heartbeatsReplicationEnabled && isHeartbeatsTopic(flow.policy, topic)
  if (!isHeartbeat && !flow.filter.shouldReplicate(topic)) return false
  return !flow.policy.isInternalTopic(topic) && !isCycle(flow, topic)
}

/**
 * The topic has come through the target. A policy that keeps names shows no way upstream, and then
 * there is no cycle to be seen: mirrored both ways such a topic grows without end.
 */
export function isCycle({ policy, target }: MirrorFlow, topic: string): boolean {
  for (;;) {
    const source = policy.topicSource(topic)
    if (source === null) return false
    if (source === target) return true
    const upstream = policy.upstreamTopic(topic)
    if (upstream === null || upstream === topic) return false
    topic = upstream
  }
}

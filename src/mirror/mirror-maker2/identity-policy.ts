// Models: the policy that keeps topic names; only heartbeats get their source's alias.
// Leaves out: nothing. It cannot see a cycle: flows both ways copy records without end.
// Source: org.apache.kafka.connect.mirror.IdentityReplicationPolicy.

import { DefaultReplicationPolicy, type ReplicationPolicyConfig } from './default-policy.ts'
import type { Mm2Guards } from './guards.ts'
import { type ClusterAlias, HEARTBEATS_TOPIC } from './replication-policy.ts'

export interface IdentityPolicyConfig extends ReplicationPolicyConfig {
  /** source.cluster.alias: where every topic is taken to be from. */
  readonly sourceClusterAlias?: ClusterAlias
}

/**
 * Without `sourceClusterAlias` it does not know where a topic is from, and so of no topic that it
 * is a copy.
 */
export class IdentityReplicationPolicy extends DefaultReplicationPolicy {
  readonly #source: ClusterAlias | null

  constructor(guards: Mm2Guards, config: IdentityPolicyConfig = {}) {
    super(guards, config)
    this.#source = config.sourceClusterAlias ?? null
  }

  /** The name itself, but for heartbeats. */
  override formatRemoteTopic(source: ClusterAlias, topic: string): string {
    return looksLikeHeartbeat(topic) ? super.formatRemoteTopic(source, topic) : topic
  }

  /** Always the flow's source, but for heartbeats: so no cycle is seen. */
  override topicSource(topic: string): ClusterAlias | null {
    return looksLikeHeartbeat(topic) ? super.topicSource(topic) : this.#source
  }

  /** The name itself, but for heartbeats. */
  override upstreamTopic(topic: string): string | null {
    return looksLikeHeartbeat(topic) ? super.upstreamTopic(topic) : topic
  }
}

function looksLikeHeartbeat(topic: string): boolean {
  return topic.endsWith(HEARTBEATS_TOPIC)
}

// Models: how MirrorMaker 2 names topics, its own among them, and reads names back.
// Leaves out: policies of one's own.
// Source: org.apache.kafka.connect.mirror.ReplicationPolicy, MirrorClient; KIP-382, KIP-690.

/** Short name of a cluster, as in the flow A->B. */
export type ClusterAlias = string

export const HEARTBEATS_TOPIC = 'heartbeats'

/** What is known of a topic from its name. */
export interface ReplicationPolicy {
  /** The topic's name where it is mirrored to. */
  formatRemoteTopic(source: ClusterAlias, topic: string): string
  /** The cluster a topic was mirrored from; null for a topic of this cluster. */
  topicSource(topic: string): ClusterAlias | null
  /** The topic's name at its source; null for a topic of this cluster. */
  upstreamTopic(topic: string): string | null
  offsetSyncsTopic(alias: ClusterAlias): string
  checkpointsTopic(alias: ClusterAlias): string
  isCheckpointsTopic(topic: string): boolean
  /** One of MirrorMaker's own. */
  isMm2InternalTopic(topic: string): boolean
  /** Never mirrored, whatever the filters say. */
  isInternalTopic(topic: string): boolean
}

/** The topic's name where its records were produced. */
export function originalTopic(policy: ReplicationPolicy, topic: string): string {
  for (;;) {
    const upstream = policy.upstreamTopic(topic)
    if (upstream === null || upstream === topic) return topic
    topic = upstream
  }
}

/** Heartbeats are copied on from cluster to cluster: a consumer far away sees each hop’s. */
export function isHeartbeatsTopic(policy: ReplicationPolicy, topic: string): boolean {
  return originalTopic(policy, topic) === HEARTBEATS_TOPIC
}

/** How many flows a topic took from a cluster; -1 where it did not come from there. */
export function countHops(policy: ReplicationPolicy, topic: string, from: ClusterAlias): number {
  const sources = sourcesInOrder(policy, topic)
  const at = sources.indexOf(from)
  return at === -1 ? -1 : at + 1
}

/** All clusters a topic came through. */
export function allSources(policy: ReplicationPolicy, topic: string): ReadonlySet<ClusterAlias> {
  return new Set(sourcesInOrder(policy, topic))
}

/**
 * Whether a topic is the copy of another cluster's, as far as its name tells; MirrorMaker's own
 * topics are none.
 */
export function isRemoteTopic(policy: ReplicationPolicy, topic: string): boolean {
  return !policy.isInternalTopic(topic) && policy.topicSource(topic) !== null
}

/** The nearest first; a cluster met again ends the walk, for a name may lead in a circle. */
function sourcesInOrder(policy: ReplicationPolicy, topic: string): ClusterAlias[] {
  const sources: ClusterAlias[] = []
  let name: string | null = topic
  while (name !== null) {
    const source = policy.topicSource(name)
    if (source === null || sources.includes(source)) return sources
    sources.push(source)
    name = policy.upstreamTopic(name)
  }
  return sources
}

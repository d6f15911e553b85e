// Models: what a replicator knows of a cluster: addresses to begin with, and names of partitions.
// Leaves out: security; names and addresses change only with the cluster's own metadata.
// Source: none in Kafka (bootstrap.servers, and what clients learn from it).

import type { NodeId } from '../kafka/ids.ts'
import type { TopicPartitions } from '../kafka/metadata/topic-partitions.ts'
import type { NodeDirectory } from '../kafka/network/client-channel.ts'

export interface ClusterPort {
  /** The cluster's name in the scenario: MirrorMaker's alias. */
  readonly name: string
  /** Reaches its nodes by id. */
  readonly directory: NodeDirectory
  /** Names of its partitions; that one is listed there does not tell that a client knows of it. */
  readonly topics: TopicPartitions
  /** bootstrap.servers */
  readonly bootstrapNodes: readonly NodeId[]
}

import type { NodeId } from '../../../src/kafka/ids.ts'
import type { RaftConfig, RaftGuards } from '../../../src/kafka/raft/raft-config.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'

/** Kafka's defaults. */
export function quorumConfig(
  nodeId: NodeId,
  voters: readonly NodeId[],
  guards: RaftGuards,
): RaftConfig {
  return {
    nodeId,
    voters,
    guards,
    electionTimeout: SECOND,
    fetchTimeout: 2 * SECOND,
    electionBackoffMax: SECOND,
    requestTimeout: 2 * SECOND,
    retryBackoff: 20 * MS,
    appendLinger: 25 * MS,
    raftServiceMicros: 200,
  }
}

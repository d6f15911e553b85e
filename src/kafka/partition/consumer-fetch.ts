// Models: a consumer's fetch at any replica of one partition, and the advice to read elsewhere.
// Leaves out: which records of read_committed were aborted; no client ends a transaction yet.
// Source: ReplicaManager.readFromLog, findPreferredReadReplica; KIP-392, KAFKA-14372.

import { NO_NODE, type NodeId } from '../ids.ts'
import type { FetchPartition, FetchRequest } from '../messages.ts'
import { checkLeaderEpoch } from './epoch-check.ts'
import type { PartitionRead } from './partition-read.ts'
import type { PartitionState } from './partition-state.ts'
import type { ReplicaSelector, ReplicaView } from './replica-selector.ts'

/** How a broker chooses replicas for consumers that name their rack; read once, at its start. */
export interface ReadReplicaAdvice {
  readonly selector: ReplicaSelector
  /** null without broker.rack, or where no consumer could go at present. */
  rackOf(broker: NodeId): string | null
}

/**
 * Serves one partition of a consumer's fetch, below this replica's own high watermark, and for
 * read_committed below the first transaction that is open. Above the watermark, up to the log's
 * end, the answer is empty and does not wait; beyond, the offset is out of range.
 *
 * Why the middle case is no error: a follower hears of the leader's watermark one fetch late.
 *
 * 1. a consumer reads at the leader up to its high watermark, and is sent to a follower (KIP-392);
 * 2. the follower has the records, and an older watermark: the offset is above it;
 * 3. out of range would make the consumer reset its position; empty lets it ask again.
 */
export function replicaHandlesConsumerFetch(
  partition: PartitionState,
  entry: FetchPartition,
  bytesMax: number,
  atLeastOne: boolean,
  read: PartitionRead,
  isolation: FetchRequest['isolation'] = 'read_uncommitted',
): void {
  read.clear()
  const { log, host } = partition
  const epochError = checkLeaderEpoch(partition, entry.currentLeaderEpoch)
  // UNKNOWN where this replica is the one behind: the consumer tries again, metadata comes here.
  if (epochError !== 'NONE' && host.guards.epochFencingOfFetch) {
    read.fail(epochError)
    return
  }
  // Both before the read, as of one moment (Partition.readRecords).
  read.highWatermark = log.highWatermark
  read.logStartOffset = log.logStartOffset
  const end = isolation === 'read_committed' ? log.lastStableOffset : log.highWatermark
  read.fill(log, entry.fetchOffset, end, bytesMax, atLeastOne)
}

/**
 * The replica that a consumer in `clientRack` had better read from; -1 to stay with the leader.
 * Confluent's observers may be read like members of the ISR.
 */
export function preferredReadReplica(
  partition: PartitionState,
  fetchOffset: number,
  clientRack: string,
  advice: ReadReplicaAdvice,
): NodeId {
  if (!partition.isLeader || clientRack === '') return NO_NODE
  const { nodeId, now, guards } = partition.host
  const replicas: ReplicaView[] = [view(nodeId, advice, partition.log.logEndOffset, 0)]
  for (const follower of partition.followers) {
    const isCurrent =
      partition.isrState.isr.includes(follower.id) || partition.observers.includes(follower.id)
    // Who lags would be chosen again at each look, and the consumer would lag with it
    // (KAFKA-14372).
    if (!isCurrent && guards.readReplicaFromIsrOnly) continue
    // As of its last fetch; unknown (-1) until it has fetched from this leader, so it is not
    // chosen.
    if (follower.logStartOffset > fetchOffset || follower.logEndOffset < fetchOffset) continue
    const lag = now - follower.lastCaughtUpTime
    replicas.push(view(follower.id, advice, follower.logEndOffset, lag))
  }
  const chosen = advice.selector(clientRack, nodeId, replicas)
  return chosen === nodeId ? NO_NODE : chosen
}

function view(
  id: NodeId,
  advice: ReadReplicaAdvice,
  logEndOffset: number,
  timeSinceLastCaughtUp: number,
): ReplicaView {
  return { id, rack: advice.rackOf(id), logEndOffset, timeSinceLastCaughtUp }
}

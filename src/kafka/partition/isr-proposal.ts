// Models: a leader's wish for another ISR on its way to the controller.
// Leaves out: nothing; batching and retries are broker/alter-partition-manager.ts.
// Source: Partition.submitAlterPartition, addBrokerEpochToIsr; KIP-497, KIP-903.

import { invariant } from '../../sim/invariant.ts'
import type { BrokerEpoch, NodeId } from '../ids.ts'
import type { PendingIsr } from './isr-state.ts'
import type { IsrProposal } from './partition-ports.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * Makes `pending` the partition's state and sends it to the controller. Where the broker has a
 * proposal of this partition out that it has not forgotten yet, the state stays as it was: Kafka
 * sets it, is refused with OPERATION_NOT_ATTEMPTED on the spot, and takes it back.
 */
export function proposeIsr(partition: PartitionState, pending: PendingIsr): void {
  const { index, isLeader, isrState } = partition
  invariant(isLeader, 'only a leader proposes an ISR', { index })
  invariant(isrState.kind === 'committed', 'one proposal at a time', { index })
  invariant(pending.lastCommitted === isrState, 'a proposal starts from what is committed', {
    index,
  })
  const proposal: IsrProposal = {
    partition: partition.index,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    newIsr: pending.proposed.map((id) => ({ id, brokerEpoch: brokerEpochIn(partition, id) })),
    recovery: pending.recovery,
    pending,
  }
  if (!partition.host.alterPartition.submit(proposal, partition)) return
  partition.isrState = pending
  partition.host.observer?.onIsr(partition.index, pending.isr, pending.maximal)
}

/** The epoch that the member's own fetches carried, so that a newer process is told apart. */
function brokerEpochIn(partition: PartitionState, id: NodeId): BrokerEpoch {
  if (!partition.host.guards.brokerEpochOnIsrAdd) return -1
  // -1 for a member that has not fetched from this leader yet: the controller lets it pass.
  if (id === partition.host.nodeId) return partition.host.brokerEpoch
  return partition.follower(id)?.brokerEpoch ?? -1
}

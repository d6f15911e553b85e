// Models: what the controller's answer to an ISR proposal does: confirmed, refused, overtaken.
// Leaves out: nothing; batching and retries are broker/alter-partition-manager.ts.
// Source: Partition.handleAlterPartitionUpdate, handleAlterPartitionError.

import { invariant } from '../../sim/invariant.ts'
import type { KafkaError } from '../errors.ts'
import { maybeIncrementHighWatermark } from './high-watermark.ts'
import { committedIsr } from './isr-state.ts'
import { maybeDemoteObservers } from './observers.ts'
import type { IsrAnswer, IsrProposal } from './partition-ports.ts'
import type { PartitionState } from './partition-state.ts'

/** What an answer did to the pending state. */
export type IsrOutcome = 'COMMITTED' | 'ROLLED_BACK' | 'STAYS_PENDING' | 'RETRIED' | 'IGNORED'

/** The controller has answered. An answer to a state that metadata has replaced comes too late. */
export function answerIsrProposal(
  partition: PartitionState,
  proposal: IsrProposal,
  answer: IsrAnswer,
): IsrOutcome {
  if (partition.isrState !== proposal.pending) return 'IGNORED'
  return answer.error === 'NONE'
    ? commit(partition, answer)
    : refuse(partition, proposal, answer.error)
}

/** The controller wrote it, or found that nothing had to be changed (equal partition epochs). */
function commit(partition: PartitionState, answer: IsrAnswer): IsrOutcome {
  // Of another term, or older than what metadata has told since: only metadata can go on.
  if (answer.leaderEpoch !== partition.leaderEpoch) return 'STAYS_PENDING'
  if (answer.partitionEpoch < partition.partitionEpoch) return 'STAYS_PENDING'
  const { index, isLeader } = partition
  invariant(isLeader, 'whoever leads no more has no proposal pending', { index })
  partition.isrState = committedIsr(answer.isr, answer.recovery)
  partition.partitionEpoch = answer.partitionEpoch
  partition.host.observer?.onIsr(partition.index, answer.isr, answer.isr)
  if (maybeIncrementHighWatermark(partition))
    partition.host.waiters.onHighWatermark(partition.index)
  maybeDemoteObservers(partition)
  return 'COMMITTED'
}

/**
 * Only two errors say for certain that the change was not made and never will be: then the last
 * committed state holds again. Others leave it open, and only metadata can tell.
 */
function refuse(partition: PartitionState, proposal: IsrProposal, error: KafkaError): IsrOutcome {
  switch (error) {
    // Whichever controller it was, the change was not made with this partition epoch.
    case 'OPERATION_NOT_ATTEMPTED':
    case 'INELIGIBLE_REPLICA':
      return rollBack(partition, proposal)
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'FENCED_LEADER_EPOCH':
    case 'INVALID_REQUEST':
    case 'NEW_LEADER_ELECTED':
      return 'STAYS_PENDING'
    case 'INVALID_UPDATE_VERSION':
      return partition.host.guards.pendingIsrStaysOnVersionError
        ? 'STAYS_PENDING'
        : rollBack(partition, proposal)
    // The leader has lost the partition or will: only metadata can say to whom. Rolling back would
    // let the watermark pass a replica that the controller may have taken in.
    // NOT_CONTROLLER and the like never come so far: the channel looks for another controller.
    default:
      partition.host.alterPartition.submit(proposal, partition)
      return 'RETRIED'
  }
}

/** The state before the proposal; a follower's next fetch may propose the same again. */
function rollBack(partition: PartitionState, proposal: IsrProposal): IsrOutcome {
  const { lastCommitted } = proposal.pending
  partition.isrState = lastCommitted
  partition.host.observer?.onIsr(partition.index, lastCommitted.isr, lastCommitted.isr)
  return 'ROLLED_BACK'
}

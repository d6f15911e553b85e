// Models: what happens to partitions when a broker is fenced, unfenced, shut down or unregistered.
// Leaves out: offline log directories.
// Source: ReplicationControlManager.handleBroker..., generateLeaderAndIsrUpdates; KIP-841, KIP-966.

import { NO_NODE, type NodeId, type PartitionIndex } from '../ids.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { BrokerRegistration } from './broker-registration.ts'
import type { ControllerState } from './controller-state.ts'

/** Brokers that are treated as they will be once the records are replayed; -1 for none. */
interface Upcoming {
  /** Leaves every ISR and cannot lead. */
  readonly remove?: NodeId
  /** Can lead although it is still fenced. */
  readonly add?: NodeId
  /** Leaves every ISR and ELR and cannot lead. */
  readonly unclean?: NodeId
}

/** One change record for each of the partitions that changes. */
function leaderAndIsrUpdates(
  state: ControllerState,
  upcoming: Upcoming,
  partitions: Iterable<PartitionIndex>,
): MetadataRecord[] {
  const { remove = NO_NODE, add = NO_NODE, unclean = NO_NODE } = upcoming
  const isAcceptableLeader = (id: NodeId) =>
    id !== remove && id !== unclean && (id === add || state.cluster.isActive(id))
  const records: MetadataRecord[] = []
  for (const index of partitions) {
    const partition = state.partition(index)
    // Empty where it held that broker alone: what becomes of it then is the builder's business.
    const isr = partition.registration.isr.filter((id) => id !== remove && id !== unclean)
    const wish = {
      election: state.electionFor(partition.topic),
      isr,
      uncleanShutdownReplicas: unclean === NO_NODE ? [] : [unclean],
    }
    // Liveness as it will be: the record that says so comes behind these, in the same batch.
    const change = state.change(partition, wish, isAcceptableLeader)
    if (change !== null) records.push(change)
  }
  return records
}

/** The broker leaves every ISR and leads nothing any more; only then is it marked as fenced. */
export function brokerFenced(state: ControllerState, broker: BrokerRegistration): MetadataRecord[] {
  const { id: brokerId, epoch: brokerEpoch } = broker
  return [
    ...leaderAndIsrUpdates(
      state,
      { remove: brokerId },
      state.index.partitionsWithBrokerInIsr(brokerId),
    ),
    { type: 'BrokerRegistrationChange', brokerId, brokerEpoch, fenced: true },
  ]
}

/** Only leaderless partitions are looked at: the broker gets back into an ISR by catching up. */
export function brokerUnfenced(
  state: ControllerState,
  broker: BrokerRegistration,
): MetadataRecord[] {
  const { id: brokerId, epoch: brokerEpoch } = broker
  return [
    { type: 'BrokerRegistrationChange', brokerId, brokerEpoch, fenced: false },
    ...leaderAndIsrUpdates(state, { add: brokerId }, state.index.partitionsWithNoLeader()),
  ]
}

/** The broker is still up, but leaves every ISR and its leaderships move. */
export function brokerInControlledShutdown(
  state: ControllerState,
  broker: BrokerRegistration,
): MetadataRecord[] {
  const { id: brokerId, epoch: brokerEpoch } = broker
  const records: MetadataRecord[] = []
  if (!broker.inControlledShutdown) {
    records.push({
      type: 'BrokerRegistrationChange',
      brokerId,
      brokerEpoch,
      inControlledShutdown: true,
    })
  }
  const led = state.index.partitionsWithBrokerInIsr(brokerId)
  return [...records, ...leaderAndIsrUpdates(state, { remove: brokerId }, led)]
}

/**
 * A new process of the broker registers, so the old one has gone. If it does not prove that it shut
 * down cleanly, its log may lack its tail: then it is no candidate for leadership at all.
 */
export function brokerRestarted(
  state: ControllerState,
  id: NodeId,
  isClean: boolean,
): MetadataRecord[] {
  // Without ELR an unclean restart is no worse than a fence: the sole member may lead again.
  const inIsr = state.index.partitionsWithBrokerInIsr(id)
  if (isClean || !state.options.guards.uncleanReplicaLeavesElr) {
    return leaderAndIsrUpdates(state, { remove: id }, inIsr)
  }
  const inElr = state.elrIndex.partitionsWithBrokerInElr(id)
  return [
    ...leaderAndIsrUpdates(state, { unclean: id }, inIsr),
    ...leaderAndIsrUpdates(state, { unclean: id }, inElr),
  ]
}

/**
 * The records of kafka-cluster unregister (KIP-631): it leaves every ISR and ELR before it is gone,
 * so that no partition names a broker that is not registered.
 */
export function brokerUnregistered(
  state: ControllerState,
  broker: BrokerRegistration,
): MetadataRecord[] {
  const { id: brokerId, epoch: brokerEpoch } = broker
  const { index, elrIndex } = state
  const remove = { remove: brokerId }
  return [
    ...leaderAndIsrUpdates(state, remove, index.partitionsWithBrokerInIsr(brokerId)),
    ...leaderAndIsrUpdates(state, remove, elrIndex.partitionsWithBrokerInElr(brokerId)),
    { type: 'UnregisterBroker', brokerId, brokerEpoch },
  ]
}

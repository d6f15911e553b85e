// Models: how the controller judges a leader's wish for another ISR, and what it answers.
// Leaves out: request versions below 3 (error codes of old brokers).
// Source: ReplicationControlManager.alterPartition; KIP-497, KIP-841, KIP-903.

import { invariant } from '../../sim/invariant.ts'
import type { KafkaError } from '../errors.ts'
import { type BrokerEpoch, NO_EPOCH, NO_NODE, type NodeId } from '../ids.ts'
import type { AlterPartitionRequest, AlterPartitionResponse } from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { ControlledPartition, ControllerState } from './controller-state.ts'
import { mergeChange, type PartitionRegistration } from './partition-registration.ts'

/** One partition of a leader's request, and of the answer to it: none fails the others. */
type AskedPartition = AlterPartitionRequest['partitions'][number]
type PartitionAnswer = AlterPartitionResponse['partitions'][number]

export interface AlterPartitionDecision {
  readonly records: readonly MetadataRecord[]
  readonly reply: AlterPartitionResponse
}

/** Judges every partition of the request on its own. */
export function alterPartition(
  state: ControllerState,
  request: AlterPartitionRequest,
): AlterPartitionDecision {
  if (!state.cluster.isCurrentEpoch(request.brokerId, request.brokerEpoch)) {
    return {
      records: [],
      reply: { api: 'AlterPartition', error: 'STALE_BROKER_EPOCH', partitions: [] },
    }
  }
  const records: MetadataRecord[] = []
  const partitions = request.partitions.map((asked) =>
    alterOne(state, request.brokerId, asked, records),
  )
  return { records, reply: { api: 'AlterPartition', error: 'NONE', partitions } }
}

/**
 * The new ISR may do more than its sender meant: where it completes a reassignment, the replicas
 * that were to be removed go at once, be it the sender itself.
 */
function alterOne(
  state: ControllerState,
  sender: NodeId,
  asked: AskedPartition,
  records: MetadataRecord[],
): PartitionAnswer {
  const partition = state.partitions.get(asked.partition)
  const error = validate(state, sender, partition, asked)
  if (partition === undefined || error !== 'NONE') return refusal(asked, error)
  // With its sender in the ISR, an election comes only of a reassignment that this ISR completes.
  const change = state.change(partition, {
    election: state.electionFor(partition.topic),
    isr: asked.newIsr.map((member) => member.id),
    recovery: asked.recovery,
  })
  // The same ISR again, as after a lost answer: taken, without a new epoch.
  if (change === null) return acceptance(asked, partition.registration)
  records.push(change)
  // An ISR that completes a reassignment may take the leadership away from its own sender: an
  // error and a record at once, so that the sender waits for metadata.
  if (change.leader !== undefined && change.leader !== sender) {
    return refusal(asked, 'NEW_LEADER_ELECTED')
  }
  const after = mergeChange(partition.registration, change)
  invariant(after.leader === sender, 'whose ISR is taken leads on', {
    leader: after.leader,
    sender,
  })
  return acceptance(asked, after)
}

/**
 * The order of the checks decides which of several errors a leader is told, and so whether it waits
 * for metadata, looks for another controller, or takes its proposal back (only INELIGIBLE_REPLICA).
 */
function validate(
  state: ControllerState,
  sender: NodeId,
  partition: ControlledPartition | undefined,
  asked: AskedPartition,
): KafkaError {
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const known = partition.registration
  // The leader knows more than this controller: it is most likely not the active one any more.
  if (asked.leaderEpoch > known.leaderEpoch) return 'NOT_CONTROLLER'
  if (asked.partitionEpoch > known.partitionEpoch) return 'NOT_CONTROLLER'
  if (asked.leaderEpoch < known.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (sender !== known.leader) return 'INVALID_REQUEST'
  // Decided on an ISR that is not the present one: the sender waits for metadata (KIP-497).
  if (asked.partitionEpoch < known.partitionEpoch) return 'INVALID_UPDATE_VERSION'
  const isr = asked.newIsr.map((member) => member.id)
  if (!isSubset(isr, known.replicas) || !isr.includes(sender)) return 'INVALID_REQUEST'
  // Who was elected uncleanly leads alone until it has recovered: nobody else is known to share
  // its log, and no leader goes back to recovering.
  if (asked.recovery === 'RECOVERING') {
    if (isr.length > 1 || known.recovery === 'RECOVERED') return 'INVALID_REQUEST'
  }
  const areEligible = asked.newIsr.every(({ id, brokerEpoch }) =>
    isEligible(state, id, brokerEpoch),
  )
  return areEligible ? 'NONE' : 'INELIGIBLE_REPLICA'
}

/** Whether a replica may be in an ISR: up, staying, and still the process that the leader saw. */
function isEligible(state: ControllerState, id: NodeId, brokerEpoch: BrokerEpoch): boolean {
  const { guards } = state.options
  const broker = state.cluster.broker(id)
  if (broker === undefined) return false
  if (guards.fencedReplicaBarredFromIsr && !state.cluster.isActive(id)) return false
  // -1 comes from a leader that does not send epochs: it cannot tell one process from the next.
  return !guards.brokerEpochOnIsrAdd || brokerEpoch === -1 || brokerEpoch === broker.epoch
}

/** Members of `replicas`, each once. */
function isSubset(ids: readonly NodeId[], replicas: readonly NodeId[]): boolean {
  return new Set(ids).size === ids.length && ids.every((id) => replicas.includes(id))
}

/** A refusal tells nothing of the partition: what the sender lacks comes with its metadata. */
function refusal({ partition }: AskedPartition, error: KafkaError): PartitionAnswer {
  return {
    partition,
    error,
    leader: NO_NODE,
    leaderEpoch: NO_EPOCH,
    partitionEpoch: -1,
    isr: [],
    recovery: 'RECOVERED',
  }
}

/** As it will be when the record is committed: the answer goes out no earlier. */
function acceptance({ partition }: AskedPartition, is: PartitionRegistration): PartitionAnswer {
  const { leader, leaderEpoch, partitionEpoch, isr, recovery } = is
  return { partition, error: 'NONE', leader, leaderEpoch, partitionEpoch, isr, recovery }
}

// I3 to I6 and I17: what the controller has committed of a partition.

import type { PartitionRegistration } from '../../kafka/controller/partition-registration.ts'
import type { NodeId } from '../../kafka/ids.ts'
import type { CommittedBrokers } from './committed-brokers.ts'
import type { WatchedPartition } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/**
 * Kafka keeps in the ELR who leaves the assignment while the ISR is below its minimum: candidates
 * are the ISR and ELR as they were, whatever the replicas are to be (maybePopulateTargetElr).
 * @param minIsr the topic’s effective one when this record was decided
 */
export function checkRegistration(
  run: WatchedRun,
  watched: WatchedPartition,
  before: PartitionRegistration | null,
  minIsr: number,
): void {
  const { registration } = watched
  if (registration === null) return
  const { isr, elr, replicas, leader } = registration
  const facts = { isr, elr, replicas, leader }
  const members = [...isr, ...elr]
  const wereCandidates = [...(before?.isr ?? []), ...(before?.elr ?? [])]
  const isPart =
    isr.every((id) => replicas.includes(id)) &&
    elr.every((id) => replicas.includes(id) || wereCandidates.includes(id))
  const isDisjoint = new Set(members).size === members.length
  if (!isPart || !isDisjoint || (leader >= 0 && !isr.includes(leader))) {
    run.violations.report('I3', watched.name, null, facts)
  }
  if (isr.length >= minIsr && elr.length > 0 && !isElectedOfMany(registration, before, minIsr)) {
    run.violations.report('I4', watched.name, null, { ...facts, minIsr })
  }
  if (isr.length === 0) run.violations.report('I5', watched.name, null, facts)
}

/**
 * Whether a leader was taken out of an ELR that is larger than the minimum by now. The ELR is
 * settled before the election, while the ISR is empty, and not again after it (tryElection):
 *
 * 1. Of two replicas with a minimum of 2 one leaves, and is eligible.
 * 2. The partition is reassigned to the other alone: a minimum of 1 counts from now on.
 * 3. That one is fenced, and both are eligible. It comes back, and is elected: the first one stays
 *    in the ELR until the next change.
 */
function isElectedOfMany(
  { isr, elr, leader }: PartitionRegistration,
  before: PartitionRegistration | null,
  minIsr: number,
): boolean {
  if (before === null || before.isr.length > 0 || before.elr.length <= minIsr) return false
  const rest = before.elr.filter((id) => id !== leader)
  return isr.length === 1 && rest.length === elr.length && elr.every((id) => rest.includes(id))
}

/** Asked when all records of a commit are replayed: a fence is the last of its own. */
export function checkFenced(
  run: WatchedRun,
  watched: WatchedPartition,
  brokers: CommittedBrokers,
): void {
  const isr = watched.registration?.isr ?? []
  if (isr.length === 1 && !run.guards.elr) return
  for (const id of isr) {
    if (brokers.isFenced(id)) run.violations.report('I6', watched.name, null, { fenced: id, isr })
  }
}

/** `broker` is registered anew, and its last process did not end in order. */
export function checkExcluded(run: WatchedRun, watched: WatchedPartition, broker: NodeId): void {
  const { registration } = watched
  if (registration === null) return
  const { isr, elr } = registration
  const isOnlyMember = isr.length === 1 && !run.guards.elr
  if (!elr.includes(broker) && (isOnlyMember || !isr.includes(broker))) return
  run.violations.report('I17', watched.name, null, { broker, isr, elr })
}

/**
 * Replicas that a leader has taken into its ISR. One that lost records is complete again only if
 * it lost them before the process that is registered now: the leader saw that one fetch.
 *
 * 1. A replica fetches to the leader’s end. 2. Its machine loses power. 3. The fetch arrives, and
 * the leader proposes it. 4. The controller still takes its broker for alive: it becomes a member
 * without its records, and leaves when it is fenced.
 */
export function checkReadmitted(
  run: WatchedRun,
  watched: WatchedPartition,
  before: PartitionRegistration,
  brokers: CommittedBrokers,
): void {
  const { registration } = watched
  if (registration === null || registration.leaderEpoch !== before.leaderEpoch) return
  for (const id of registration.isr) {
    if (before.isr.includes(id)) continue
    const lostAs = watched.lostAs(id)
    if (lostAs !== undefined && lostAs === brokers.epochOf(id)) continue
    const floor = admissionFloor(watched)
    const logEndOffset = watched.replica(id).log?.logEndOffset ?? 0
    if (logEndOffset >= floor) watched.readmit(id)
    else {
      const facts = { broker: id, logEndOffset, needed: floor, isr: registration.isr }
      run.violations.report('I17', watched.name, null, facts)
    }
  }
}

/** What a replica must have reached: its leader’s high watermark and the start of its epoch. */
function admissionFloor(watched: WatchedPartition): number {
  const { registration } = watched
  if (registration === null) return 0
  const { partition, epochLed } = watched.replica(registration.leader)
  if (partition === null || epochLed !== registration.leaderEpoch) return 0
  return Math.max(partition.log.highWatermark, partition.leaderEpochStartOffset ?? 0)
}

// Models: elections by request and by the controller's periodic tasks.
// Leaves out: the time at which the tasks run; that is the quorum controller's business.
// Source: ReplicationControlManager.electLeader, maybeBalancePartitionLeaders.

import type { KafkaError } from '../errors.ts'
import { NO_NODE, type PartitionIndex } from '../ids.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'

/** How many elections one pass of a periodic task makes at most. */
const ELECTIONS_PER_PASS_MAX = 1000

/** Records of one pass, and whether the task should run again soon. */
export interface TaskResult {
  readonly records: readonly MetadataRecord[]
  readonly hasMore: boolean
}

/** An election by request. The topic's own setting is not asked: UNCLEAN is the operator's word. */
export function electLeaderByRequest(
  state: ControllerState,
  index: PartitionIndex,
  type: 'PREFERRED' | 'UNCLEAN',
): { readonly record: MetadataRecord | null; readonly error: KafkaError } {
  const partition = state.partitions.get(index)
  if (partition === undefined) return { record: null, error: 'UNKNOWN_TOPIC_OR_PARTITION' }
  const { leader, replicas } = partition.registration
  // Where a leader is there an unclean election has nothing to mend, be it far from preferred.
  const isNeeded = type === 'PREFERRED' ? leader !== replicas[0] : leader === NO_NODE
  if (!isNeeded) return { record: null, error: 'ELECTION_NOT_NEEDED' }
  const record = state.change(partition, { election: type })
  if (record !== null) return { record, error: 'NONE' }
  return {
    record,
    error:
      type === 'PREFERRED' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE',
  }
}

/** auto.leader.rebalance.enable: every partition goes back to its first replica where it can. */
export function balanceLeaders(state: ControllerState): TaskResult {
  const records: MetadataRecord[] = []
  for (const index of state.index.imbalancedPartitions()) {
    if (records.length >= ELECTIONS_PER_PASS_MAX) break
    const change = state.change(state.partition(index), { election: 'PREFERRED' })
    if (change !== null) records.push(change)
  }
  return { records, hasMore: records.length >= ELECTIONS_PER_PASS_MAX }
}

/** Finds leaders for partitions that became leaderless before their topic allowed unclean ones. */
export function electUncleanLeaders(state: ControllerState): TaskResult {
  const records: MetadataRecord[] = []
  for (const index of state.index.partitionsWithNoLeader()) {
    if (records.length >= ELECTIONS_PER_PASS_MAX) break
    // Asked at each pass: an operator may have allowed it since the last one.
    if (!state.configs.uncleanLeaderElectionEnable(state.partition(index).topic)) continue
    const { record } = electLeaderByRequest(state, index, 'UNCLEAN')
    if (record !== null) records.push(record)
  }
  return { records, hasMore: records.length >= ELECTIONS_PER_PASS_MAX }
}

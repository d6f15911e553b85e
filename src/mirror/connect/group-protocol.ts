// Models: what the workers of a Connect cluster tell each other through their group.
// Leaves out: encoding; URLs, but for the leader's; versions of the protocol before sessions.
// Source: connect.runtime.distributed.ExtendedWorkerState, ExtendedAssignment,
// IncrementalCooperativeConnectProtocol.

import type { MemberId } from '../../kafka/ids.ts'
import type { Micros } from '../../sim/time.ts'
import { NO_WORK, type Work } from './work.ts'

/** connect.protocol=sessioned also offers what older workers speak. */
export const CONNECT_PROTOCOLS: readonly string[] = ['sessioned', 'compatible', 'default']

/** How far a worker has read the config topic. */
export type ConfigOffset = number

/** What a worker is given, or what it has. */
export interface ConnectAssignment {
  /** The leader had not read as much of the config topic as another member. */
  readonly isFailed: boolean
  readonly leader: MemberId
  /** Where the leader takes calls; absent where workers make none. */
  readonly leaderUrl?: string | undefined
  readonly configOffset: ConfigOffset
  readonly work: Work
  /** Only in what it is given: to be stopped. */
  readonly revoked: Work
  /** All join again after so long; 0 for never. */
  readonly delay: Micros
}

/** What a worker tells when it joins. */
export interface WorkerState {
  readonly configOffset: ConfigOffset
  readonly assignment: ConnectAssignment | null
}

/** What a worker tells the group with its JoinGroup (ExtendedWorkerState), as user data. */
export function workerStateText(state: WorkerState): string {
  return JSON.stringify(state)
}

/** The inverse; a worker that told nothing has read nothing and runs nothing. */
export function workerStateOf(text: string | undefined): WorkerState {
  return text === undefined ? { configOffset: -1, assignment: null } : JSON.parse(text)
}

/** What the leader sends to a worker through SyncGroup (ExtendedAssignment), as user data. */
export function assignmentText(assignment: ConnectAssignment): string {
  return JSON.stringify(assignment)
}

/** The same for every member: the leader could not assign. */
export function failedAssignment(
  leader: MemberId,
  configOffset: ConfigOffset,
  leaderUrl?: string,
): ConnectAssignment {
  const nothing = { work: NO_WORK, revoked: NO_WORK, delay: 0 }
  return { isFailed: true, leader, leaderUrl, configOffset, ...nothing }
}

/** The inverse; a worker that was sent nothing takes it for a failed assignment, and rejoins. */
export function assignmentOf(text: string | undefined): ConnectAssignment {
  return text === undefined ? failedAssignment('', -1) : JSON.parse(text)
}

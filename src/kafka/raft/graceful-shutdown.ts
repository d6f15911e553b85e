// Models: the orderly end of a quorum node: what it still does, and when its process may go on.
// Leaves out: what the process closes after its raft client.
// Source: KafkaRaftManager.shutdown, TimingWheelExpirationService, KafkaRaftClientDriver,
// KafkaRaftClient (GracefulShutdown, maybeCompleteShutdown).

import type { Random } from '../../sim/random.ts'
import { type Micros, MS, SECOND } from '../../sim/time.ts'
import { NO_NODE } from '../ids.ts'
import type { RaftNode } from './raft-node.ts'

/** KafkaRaftClientDriver.initiateShutdown: who leads no more waits for a successor no longer. */
export const SHUTDOWN_TIME_MAX: Micros = 5 * SECOND

/** TimingWheelExpirationService.WORK_TIMEOUT_MS: how long its reaper sleeps at a time. */
const REAPER_SLEEP: Micros = 200 * MS

/**
 * The reaper of parked requests is joined before the raft client hears of anything, and nothing
 * interrupts its sleep: for what is left of it the node goes on, also as the leader.
 */
export function drawReaperSleep(random: Random): Micros {
  return random.int(0, REAPER_SLEEP)
}

/**
 * Whether an orderly shutdown is over: nobody needs this node, or its time is up. A leader resigns
 * first, and waits until it hears who leads after it.
 */
export function isShutDown(node: RaftNode): boolean {
  if (node.shutdownDeadline === null) return false
  if (node.shutdownDeadline <= node.now || !node.isVoter || node.isOnlyVoter) return true
  return node.leaderId !== NO_NODE && node.leaderId !== node.config.nodeId
}

// Models: what becomes of members that keep quiet for too long, under both protocols.
// Leaves out: nothing.
// Source: GroupMetadataManager (expireClassicGroupMemberHeartbeat, expirePendingSync,
// scheduleConsumerGroupSessionTimeout).

import { expireSession } from './classic-membership.ts'
import { expirePendingSyncs } from './classic-rebalance.ts'
import { expireConsumerMember } from './consumer-heartbeat.ts'
import type { GroupExpiry } from './group-shard.ts'

/** The coordinator's answers to the timers of its groups. */
export const GROUP_EXPIRY: GroupExpiry = {
  session: expireSession,
  syncs: expirePendingSyncs,
  consumer: expireConsumerMember,
}

// Models: a coordinator's first and last act for the groups of a partition.
// Leaves out: nothing.
// Source: GroupCoordinatorShard.onLoaded, onUnloaded; GroupMetadataManager of the same names.

import { refuseWaiting } from './classic-join.ts'
import { watchRevocation } from './consumer-heartbeat.ts'
import type { GroupShard } from './group-shard.ts'

/** Everything is read. Every session begins anew, however old its member's last sign of life. */
export function shardLoaded(shard: GroupShard): void {
  shard.offsets.commitUpTo(shard.log.lastCommitted)
  for (const group of shard.groups.values()) {
    if (group.kind === 'consumer') {
      for (const member of group.members.values()) {
        shard.keepConsumerAlive(group, member.id)
        const isRevoking = member.current.state === 'unrevoked-partitions'
        if (isRevoking) watchRevocation(shard, group, member.id)
      }
      continue
    }
    for (const member of group.members.values()) member.keepAlive()
  }
  shard.observer?.onLoaded([...shard.groups.keys()])
}

/** Another broker coordinates from now on. Whoever waits learns that it is not this one. */
export function shardUnloaded(shard: GroupShard): void {
  for (const group of shard.groups.values()) {
    if (group.kind === 'classic') {
      for (const member of group.members.values()) refuseWaiting(member, 'NOT_COORDINATOR')
    }
    group.cancelTimers()
  }
  // Timers first: nothing of what follows may write any more.
  shard.log.close()
}

// Models: the order in which range and round robin deal to members.
// Leaves out: nothing.
// Source: AbstractPartitionAssignor.MemberInfo.compareTo, group.assignor.RangeAssignor; KIP-345.

import type { MemberId } from '../../ids.ts'
import type { GroupMembers } from './assignor.ts'

/** Static members first, by instance id, so that a restart moves nothing; then by member id. */
export function inMemberOrder(members: GroupMembers): MemberId[] {
  const rank = (id: MemberId) => {
    const instance = members.get(id)?.instance ?? ''
    return instance === '' ? { isDynamic: true, key: id } : { isDynamic: false, key: instance }
  }
  return [...members.keys()].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)]
    if (x.isDynamic !== y.isDynamic) return x.isDynamic ? 1 : -1
    return compareText(x.key, y.key)
  })
}

/** String.compareTo: by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

// Models: the request for what a group has committed, as a member or from outside.
// Leaves out: several groups in a request; stable offsets of transactions.
// Source: ConsumerCoordinator.sendOffsetFetchRequest.

import type { OffsetFetchRequest } from '../../group-messages.ts'
import type { PartitionIndex } from '../../ids.ts'
import type { GroupSettings } from './group-settings.ts'
import type { Membership } from './membership.ts'

/** Under the consumer protocol the coordinator checks who asks. */
export function offsetFetch(
  { protocol, group }: GroupSettings,
  membership: Membership,
  partitions: readonly PartitionIndex[],
): OffsetFetchRequest {
  const identity = protocol === 'consumer' ? membership.identity : null
  return {
    api: 'OffsetFetch',
    group,
    member: identity?.member ?? '',
    memberEpoch: identity?.generation ?? -1,
    partitions,
  }
}

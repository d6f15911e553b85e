// Models: asking for what a group has committed, as a member or from outside.
// Leaves out: several groups in a request; stable offsets of transactions.
// Source: ConsumerCoordinator.sendOffsetFetchRequest, OffsetFetchResponseHandler.

import type { CommittedOffset, OffsetFetchRequest } from '../../group-messages.ts'
import type { PartitionIndex } from '../../ids.ts'
import type { Response } from '../../messages.ts'
import type { RpcFailure } from '../../network/rpc.ts'
import type { CoordinatorLookup } from './coordinator-lookup.ts'
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
    // Consumers since 2.5 ask so (KIP-447): an offset that a transaction may still take back is not
    // told.
    requireStable: true,
  }
}

/** What an answer holds; null for an error, and who is no coordinator any more is forgotten. */
export function fetchedOffsets(
  lookup: CoordinatorLookup,
  response: Response | null,
  failure: RpcFailure | null,
): readonly CommittedOffset[] | null {
  if (failure !== null) lookup.markUnknown(failure !== 'timed-out')
  if (response?.api !== 'OffsetFetch') return null
  const { error, offsets } = response
  if (error === 'NONE') return offsets
  if (error === 'NOT_COORDINATOR' || error === 'COORDINATOR_NOT_AVAILABLE') {
    lookup.markUnknown(false)
  }
  return null
}

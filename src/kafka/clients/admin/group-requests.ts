// Models: what an administrator asks the coordinators of groups: state, members and offsets.
// Leaves out: the two requests that a description of unknown type takes; deletion of groups.
// Source: clients.admin.internals.CoordinatorStrategy, DescribeConsumerGroupsHandler,
// ListConsumerGroupOffsetsHandler, AlterConsumerGroupOffsetsHandler.

import type { KafkaError } from '../../errors.ts'
import type { CommittedOffset, GroupDescription } from '../../group-messages.ts'
import type { GroupId, NodeId } from '../../ids.ts'
import { NO_GENERATION } from '../../ids.ts'
import type { Response } from '../../messages.ts'
import type { Fulfilled, KeyedApi, Located } from './keyed-request.ts'

/** What all of them share; they differ in what is asked of the coordinator once it is known. */
type Lookup = Pick<KeyedApi<GroupId, never>, 'lookup' | 'located'>

/** A coordinator that is not there (yet) is looked for again. */
const COORDINATORS: Lookup = {
  lookup: (groups) => ({ api: 'FindCoordinators', groups }),
  located: (_groups, response): Located<GroupId> | null => {
    if (response.api !== 'FindCoordinators') return null
    const nodes = new Map<GroupId, NodeId>()
    const failed = new Map<GroupId, KafkaError>()
    for (const { group, error, coordinator } of response.coordinators) {
      if (error === 'NONE') nodes.set(group, coordinator)
      // Neither here nor failed: the group is looked up again.
      else if (error !== 'COORDINATOR_NOT_AVAILABLE' && error !== 'COORDINATOR_LOAD_IN_PROGRESS') {
        failed.set(group, error)
      }
    }
    return { nodes, failed }
  },
}

/**
 * What is said of one group: its value, or an error that is judged by what it asks for. While its
 * coordinator loads or its members rebalance, the same broker is asked again.
 */
function fulfilledBy<V>(
  answers: readonly { readonly group: GroupId; readonly error: KafkaError; readonly value: V }[],
): Fulfilled<GroupId, V> {
  const values = new Map<GroupId, V>()
  const failed = new Map<GroupId, KafkaError>()
  const unmapped: GroupId[] = []
  for (const { group, error, value } of answers) {
    if (error === 'NONE') values.set(group, value)
    else if (error === 'COORDINATOR_NOT_AVAILABLE' || error === 'NOT_COORDINATOR') {
      unmapped.push(group)
    } else if (error !== 'COORDINATOR_LOAD_IN_PROGRESS' && error !== 'REBALANCE_IN_PROGRESS') {
      failed.set(group, error)
    }
  }
  return { values, failed, unmapped }
}

export const DESCRIBE_GROUPS: KeyedApi<GroupId, GroupDescription> = {
  ...COORDINATORS,
  request: (groups) => ({ api: 'DescribeGroups', groups }),
  fulfilled: (_groups, response) =>
    response.api === 'DescribeGroups'
      ? fulfilledBy(
          response.groups.map((value) => ({ group: value.group, error: value.error, value })),
        )
      : null,
}

/** Everything that groups have committed. */
export const GROUPS_OFFSETS: KeyedApi<GroupId, readonly CommittedOffset[]> = {
  ...COORDINATORS,
  request: (groups) => ({ api: 'GroupsOffsetFetch', groups }),
  fulfilled: (_groups, response) =>
    response.api === 'GroupsOffsetFetch'
      ? fulfilledBy(response.groups.map((one) => ({ ...one, value: one.offsets })))
      : null,
}

/** A commit from outside the group: refused with UNKNOWN_MEMBER_ID while it has members. */
export function groupCommit(
  group: GroupId,
  offsets: readonly CommittedOffset[],
): KeyedApi<GroupId, null> {
  const from = { group, member: '', generation: NO_GENERATION, instance: '' }
  return {
    ...COORDINATORS,
    request: () => ({ api: 'OffsetCommit', ...from, offsets }),
    fulfilled: (_groups, response: Response) =>
      response.api === 'OffsetCommit'
        ? fulfilledBy([{ group, error: response.error, value: null }])
        : null,
  }
}

// Models: the groups of a cluster, asked of every broker.
// Leaves out: filters by state, type and protocol.
// Source: KafkaAdminClient.listConsumerGroups.

import type { Micros } from '../../../sim/time.ts'
import type { GroupState } from '../../group-messages.ts'
import type { GroupId, NodeId } from '../../ids.ts'
import type { AdminCallback, AdminError, CallWork } from './call.ts'
import type { CallRunner } from './call-runner.ts'

export interface GroupListing {
  readonly group: GroupId
  readonly state: GroupState
}

/** First the brokers, then the groups that each of them coordinates. */
export function listGroups(
  runner: CallRunner,
  deadline: Micros,
  onDone: AdminCallback<readonly GroupListing[]>,
): void {
  const failed = (error: AdminError) => onDone(error, [])
  runner.call(
    {
      node: 'least-loaded',
      request: { api: 'Metadata', topics: [] },
      answered: (response) => {
        if (response.api !== 'Metadata') return 'UNKNOWN_SERVER_ERROR'
        // A broker that has just started knows of none.
        if (response.brokers.length === 0) return 'COORDINATOR_NOT_AVAILABLE'
        const nodes = response.brokers.map(({ id }) => id)
        askEach(runner, deadline, nodes, onDone)
        return 'NONE'
      },
      failed,
    },
    deadline,
  )
}

/**
 * A group that moves while brokers are asked may be listed by two of them or by none: each answers
 * for the partitions of the offsets topic that it leads at its own moment.
 */
function askEach(
  runner: CallRunner,
  deadline: Micros,
  nodes: readonly NodeId[],
  onDone: AdminCallback<readonly GroupListing[]>,
): void {
  const groups = new Map<GroupId, GroupListing>()
  let open = nodes.length
  let firstError: AdminError = 'NONE'
  const ended = (error: AdminError) => {
    // What the others have told is handed over all the same.
    if (firstError === 'NONE') firstError = error
    open--
    if (open === 0) onDone(firstError, [...groups.values()])
  }
  for (const node of nodes) {
    const work: CallWork = {
      node,
      request: { api: 'ListGroups' },
      answered: (response) => {
        if (response.api !== 'ListGroups') return 'UNKNOWN_SERVER_ERROR'
        if (response.error !== 'NONE') return response.error
        for (const listing of response.groups) groups.set(listing.group, listing)
        ended('NONE')
        return 'NONE'
      },
      failed: ended,
    }
    runner.call(work, deadline)
  }
}

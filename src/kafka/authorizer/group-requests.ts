// Models: what it takes to be a member of a group, to commit for it, and to look at it.
// Leaves out: deletion of groups and offsets.
// Source: KafkaApis (handleFindCoordinatorRequest, handleJoinGroupRequest, handleListGroupsRequest,
// handleOffsetCommitRequest, handleOffsetFetchRequest, handleDescribeGroupsRequest,
// handleConsumerGroupHeartbeat).

import type { KafkaError } from '../errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  GroupReply,
  GroupRequest,
  OffsetCommitRequest,
  OffsetFetchRequest,
} from '../group-messages.ts'
import { NO_GENERATION, NO_NODE } from '../ids.ts'
import type { Asker } from './authorizer.ts'
import { type BrokerView, partedByTopic } from './data-requests.ts'
import { parted, refusal, type Verdict } from './verdict.ts'

const REFUSED = 'GROUP_AUTHORIZATION_FAILED'

/**
 * Null: all of it is allowed. To look at a group takes DESCRIBE, to be of it or to commit for it
 * READ; positions are judged by the topics that they are in, too.
 */
export function judgeGroupRequest(
  request: GroupRequest,
  asker: Asker,
  view: BrokerView,
): Verdict | null {
  switch (request.api) {
    case 'FindCoordinator':
      return asker.may('DESCRIBE', 'GROUP', request.group) ? null : refusal(refusedReply(request))
    // READ, as for the topics themselves: who may only describe a group must not be able to take
    // partitions away from those that read.
    case 'JoinGroup':
    case 'SyncGroup':
    case 'Heartbeat':
    case 'LeaveGroup':
      return asker.may('READ', 'GROUP', request.group) ? null : refusal(refusedReply(request))
    case 'ConsumerGroupHeartbeat':
      return judgeHeartbeat(request, asker)
    case 'OffsetCommit':
      return judgeCommit(request, asker, view)
    case 'OffsetFetch':
      return judgeOffsetFetch(request, asker, view)
    case 'FindCoordinators':
    case 'DescribeGroups':
    case 'GroupsOffsetFetch':
      return judgeGroups(request, asker, view)
    // Nobody is refused here: without a right on the cluster one hears of the groups that one may
    // describe, which may be none.
    case 'ListGroups':
      return asker.mayOnCluster('DESCRIBE') ? null : listed(request, asker)
  }
}

/** Refused as a whole; the others answer group by group. */
type OneGroup = Exclude<
  GroupRequest,
  { readonly api: 'FindCoordinators' | 'DescribeGroups' | 'GroupsOffsetFetch' | 'ListGroups' }
>

/** As Kafka fills an answer that tells nothing but the error. */
function refusedReply(request: OneGroup, error: KafkaError = REFUSED): GroupReply {
  switch (request.api) {
    case 'FindCoordinator':
      return { api: 'FindCoordinator', error, coordinator: NO_NODE }
    case 'JoinGroup': {
      const nothing = { generation: NO_GENERATION, protocol: '', leader: '', members: [] }
      return { api: 'JoinGroup', error, ...nothing, member: request.member, skipAssignment: false }
    }
    case 'SyncGroup':
      return { api: 'SyncGroup', error, partitions: [] }
    case 'Heartbeat':
    case 'LeaveGroup':
      return { api: request.api, error }
    case 'ConsumerGroupHeartbeat': {
      const { member, memberEpoch } = request
      const nothing = { heartbeatIntervalMs: 0, assignment: null }
      return { api: 'ConsumerGroupHeartbeat', error, member, memberEpoch, ...nothing }
    }
    case 'OffsetCommit':
      return { api: 'OffsetCommit', error }
    case 'OffsetFetch':
      return { api: 'OffsetFetch', error, offsets: [] }
  }
}

/**
 * The coordinator assigns by the names that a member gives, and would tell of topics that it may
 * not see: one of them, and the whole heartbeat is refused. One without names is not.
 */
function judgeHeartbeat(request: ConsumerGroupHeartbeatRequest, asker: Asker): Verdict | null {
  if (!asker.may('READ', 'GROUP', request.group)) return refusal(refusedReply(request))
  const maySeeAll = (request.topics ?? []).every((topic) => asker.may('DESCRIBE', 'TOPIC', topic))
  return maySeeAll ? null : refusal(refusedReply(request, 'TOPIC_AUTHORIZATION_FAILED'))
}

/** Positions in topics that the group may read are committed, whatever becomes of the others. */
function judgeCommit(request: OffsetCommitRequest, asker: Asker, view: BrokerView): Verdict | null {
  if (!asker.may('READ', 'GROUP', request.group)) return refusal(refusedReply(request))
  const [allowed, refused] = partedByTopic(request.offsets, 'READ', asker, view)
  if (refused.length === 0) return null
  const answer = refusedReply(request, 'TOPIC_AUTHORIZATION_FAILED')
  if (allowed.length === 0) return refusal(answer)
  return {
    allowed: { ...request, offsets: allowed },
    answer: (served) =>
      served?.api === 'OffsetCommit' && served.error !== 'NONE' ? served : answer,
  }
}

/** Who asks for all that is committed hears only of topics that he may describe. */
function judgeOffsetFetch(
  request: OffsetFetchRequest,
  asker: Asker,
  view: BrokerView,
): Verdict | null {
  if (!asker.may('DESCRIBE', 'GROUP', request.group)) return refusal(refusedReply(request))
  const mayDescribe = (partition: number) => maySee(partition, asker, view)
  // Who names a topic that he may not see is told so; who names none learns nothing of its being.
  if (request.partitions !== null) {
    if (request.partitions.every(mayDescribe)) return null
    return refusal(refusedReply(request, 'TOPIC_AUTHORIZATION_FAILED'))
  }
  return {
    allowed: request,
    answer: (served) => {
      if (served?.api !== 'OffsetFetch') return served
      return { ...served, offsets: served.offsets.filter((one) => mayDescribe(one.partition)) }
    },
  }
}

function maySee(partition: number, asker: Asker, view: BrokerView): boolean {
  return asker.may('DESCRIBE', 'TOPIC', view.topicOf(partition))
}

type SeveralGroups = Extract<GroupRequest, { readonly groups: readonly string[] }>

/** Each group for itself: a tool that asks about many gets those that it may see. */
function judgeGroups(request: SeveralGroups, asker: Asker, view: BrokerView): Verdict | null {
  const [allowed, refused] = parted(request.groups, (group) => {
    return asker.may('DESCRIBE', 'GROUP', group)
  })
  if (refused.length === 0 && request.api !== 'GroupsOffsetFetch') return null
  return {
    allowed: { ...request, groups: allowed },
    answer: (served) => {
      if (served?.api === 'FindCoordinators') {
        const told = refused.map(
          (group) => ({ group, error: REFUSED, coordinator: NO_NODE }) as const,
        )
        return { ...served, coordinators: [...served.coordinators, ...told] }
      }
      if (served?.api === 'GroupsOffsetFetch') {
        const told = refused.map((group) => ({ group, error: REFUSED, offsets: [] }) as const)
        const seen = served.groups.map((one) => ({
          ...one,
          offsets: one.offsets.filter(({ partition }) => maySee(partition, asker, view)),
        }))
        return { ...served, groups: [...seen, ...told] }
      }
      if (served?.api !== 'DescribeGroups') return served
      const told = refused.map((group) => {
        return { group, error: REFUSED, state: 'DEAD', members: [] } as const
      })
      return { ...served, groups: [...served.groups, ...told] }
    },
  }
}

/** Hidden, not refused: a listing does not tell that there are others. */
function listed(request: GroupRequest, asker: Asker): Verdict {
  return {
    allowed: request,
    answer: (served) => {
      if (served?.api !== 'ListGroups') return served
      return {
        ...served,
        groups: served.groups.filter((one) => asker.may('DESCRIBE', 'GROUP', one.group)),
      }
    },
  }
}

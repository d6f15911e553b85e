// Models: what it takes to write to topics, to read them, and to ask where they lie.
// Leaves out: transactions; fetches of followers, which come from the cluster's own nodes.
// Source: KafkaApis (handleProduceRequest, handleFetchRequest, handleListOffsetRequest,
// handleTopicMetadataRequest, handleInitProducerIdRequest, handleOffsetForLeaderEpochRequest).

import {
  NO_EPOCH,
  NO_FETCH_SESSION,
  NO_NODE,
  NO_OFFSET,
  NO_PRODUCER,
  type PartitionIndex,
} from '../ids.ts'
import type {
  FetchPartitionResponse,
  FetchRequest,
  ListOffsetsRequest,
  MetadataRequest,
  OffsetsForLeaderEpochRequest,
  ProduceRequest,
  Response,
} from '../messages.ts'
import type { AclOperation } from '../metadata/acls.ts'
import type { Asker } from './authorizer.ts'
import { parted, refusal, type Verdict } from './verdict.ts'

/** What the rules must know of the broker that asks them. */
export interface BrokerView {
  topicOf(partition: PartitionIndex): string
  hasTopic(name: string): boolean
  /** auto.create.topics.enable */
  readonly createsTopics: boolean
}

const REFUSED = 'TOPIC_AUTHORIZATION_FAILED'

/** Parts entries for partitions by the right to do so to the topic of each. */
export function partedByTopic<T extends { readonly partition: PartitionIndex }>(
  entries: readonly T[],
  operation: AclOperation,
  asker: Asker,
  view: BrokerView,
): readonly [T[], T[]] {
  return parted(entries, ({ partition }) => asker.may(operation, 'TOPIC', view.topicOf(partition)))
}

/**
 * Partitions that may be written are, whatever becomes of the others. With acks=0 nobody waits for
 * an answer, so that a refusal ends the connection (KafkaApis.handleProduceRequest).
 */
export function judgeProduce(
  request: ProduceRequest,
  asker: Asker,
  view: BrokerView,
): Verdict | null {
  const [allowed, refused] = partedByTopic(request.partitions, 'WRITE', asker, view)
  if (refused.length === 0) return null
  const told = refused.map(({ partition }) => {
    return { partition, error: REFUSED, baseOffset: NO_OFFSET, currentLeader: null } as const
  })
  return {
    allowed: allowed.length === 0 ? null : { ...request, partitions: allowed },
    answer: (served) => {
      if (request.acks === 0) return null
      const rest = served?.api === 'Produce' ? served.partitions : []
      return { api: 'Produce', partitions: [...rest, ...told] }
    },
  }
}

/** Refused partitions are told with the others: a long poll for those that are allowed goes on. */
export function judgeFetch(request: FetchRequest, asker: Asker, view: BrokerView): Verdict | null {
  const [allowed, refused] = partedByTopic(request.partitions, 'READ', asker, view)
  if (refused.length === 0) return null
  const told = refused.map(({ partition }) => unread(partition))
  return {
    allowed: allowed.length === 0 ? null : { ...request, partitions: allowed },
    answer: (served) => {
      const rest = served?.api === 'Fetch' ? served.partitions : []
      const sessionId = served?.api === 'Fetch' ? served.sessionId : NO_FETCH_SESSION
      return { api: 'Fetch', error: 'NONE', sessionId, partitions: [...rest, ...told] }
    },
  }
}

/** Nothing of the partition is told, not even where its log ends. */
function unread(partition: PartitionIndex): FetchPartitionResponse {
  return {
    partition,
    error: REFUSED,
    highWatermark: NO_OFFSET,
    lastStableOffset: NO_OFFSET,
    logStartOffset: NO_OFFSET,
    diverging: null,
    currentLeader: null,
    preferredReadReplica: NO_NODE,
    batches: [],
  }
}

/** DESCRIBE of each topic; refused ones come with offset and epoch -1 (handleListOffsetRequest). */
export function judgeListOffsets(
  request: ListOffsetsRequest,
  asker: Asker,
  view: BrokerView,
): Verdict | null {
  const [allowed, refused] = partedByTopic(request.partitions, 'DESCRIBE', asker, view)
  if (refused.length === 0) return null
  const told = refused.map(({ partition }) => {
    return { partition, error: REFUSED, offset: NO_OFFSET, leaderEpoch: NO_EPOCH } as const
  })
  return {
    allowed: { ...request, partitions: allowed },
    answer: (served) => {
      const rest = served?.api === 'ListOffsets' ? served.partitions : []
      return { api: 'ListOffsets', partitions: [...rest, ...told] }
    },
  }
}

/**
 * DESCRIBE of each topic; refused ones come with epoch and end offset -1
 * (handleOffsetForLeaderEpochRequest).
 */
export function judgeOffsetsForLeaderEpoch(
  request: OffsetsForLeaderEpochRequest,
  asker: Asker,
  view: BrokerView,
): Verdict | null {
  const [allowed, refused] = partedByTopic(request.partitions, 'DESCRIBE', asker, view)
  if (refused.length === 0) return null
  const told = refused.map(({ partition }) => {
    return { partition, error: REFUSED, leaderEpoch: NO_EPOCH, endOffset: NO_OFFSET } as const
  })
  return {
    allowed: { ...request, partitions: allowed },
    answer: (served) => {
      const rest = served?.api === 'OffsetsForLeaderEpoch' ? served.partitions : []
      return { api: 'OffsetsForLeaderEpoch', partitions: [...rest, ...told] }
    },
  }
}

/**
 * Who asks about all topics hears of those only that he may describe. Who asks by name hears that
 * he may not, of topics that are there and of others, and where the question would create one.
 */
export function judgeMetadata(
  request: MetadataRequest,
  asker: Asker,
  view: BrokerView,
): Verdict | null {
  const { topics: asked, mayCreateTopics } = request
  if (asked === null) return { allowed: request, answer: (served) => ofThose(served, asker) }
  // CREATE on the cluster covers all names; without it each unknown one is judged by itself.
  const creates = mayCreateTopics === true && view.createsTopics && !asker.mayOnCluster('CREATE')
  const [allowed, refused] = parted(asked, (name) => {
    if (!asker.may('DESCRIBE', 'TOPIC', name)) return false
    return !creates || view.hasTopic(name) || asker.may('CREATE', 'TOPIC', name)
  })
  if (refused.length === 0) return null
  const told = refused.map((name) => ({ name, error: REFUSED, partitions: [] }) as const)
  return {
    allowed: { ...request, topics: allowed },
    answer: (served) =>
      served?.api === 'Metadata' ? { ...served, topics: [...served.topics, ...told] } : served,
  }
}

/** A listing hides what may not be described; it does not say that something was hidden. */
function ofThose(served: Response | null, asker: Asker): Response | null {
  if (served?.api !== 'Metadata') return served
  const topics = served.topics.filter(({ name }) => asker.may('DESCRIBE', 'TOPIC', name))
  return { ...served, topics }
}

/** Any topic to write to will do, since 2.8; before it took the right to write idempotently. */
export function judgeInitProducerId(asker: Asker): Verdict | null {
  if (asker.mayOnCluster('IDEMPOTENT_WRITE') || asker.mayWriteSomewhere()) return null
  return refusal({
    api: 'InitProducerId',
    error: 'CLUSTER_AUTHORIZATION_FAILED',
    producerId: NO_PRODUCER,
    producerEpoch: -1,
  })
}

// Models: how many bytes each message takes on the wire, header and record batches included.
// Leaves out: exact varint lengths of messages (a record's are in record-sizes.ts); names are taken
// as ids of 16 bytes (KIP-516), client ids as 12.
// Source: Kafka's message schemas.

import { keptElements } from '../../sim/kept-elements.ts'
import { INITIAL_SESSION_EPOCH, NO_NODE, type NodeId, type Offset } from '../ids.ts'
import type { FetchPartition, FetchRequest, FetchResponse, Request, Response } from '../messages.ts'
import { BATCH_HEADER_BYTES } from './record-sizes.ts'

/** Length prefix, api key, version, correlation id, client id, tag buffer. */
const REQUEST_HEADER = 27
/** Length prefix, correlation id, tag buffer. */
const RESPONSE_HEADER = 9
/** Topic id, count of partitions, tag buffer. */
const TOPIC = 18

/** The partitions of a request count as of one topic, whose id goes once. */
function perPartition(count: number, bytes: number): number {
  return TOPIC + count * bytes
}

/** Bytes of a request on the wire. A follower's or consumer's fetch is counted by its session. */
export function requestBytes(request: Request, session: FetchSessionSize | null = null): number {
  switch (request.api) {
    case 'Produce': {
      let bytes = REQUEST_HEADER + 9 + TOPIC
      for (const entry of request.partitions) bytes += 9 + entry.batch.bytes
      return bytes
    }
    case 'Fetch': {
      const listed = session === null ? request.partitions.length : session.changed(request)
      return REQUEST_HEADER + 31 + request.clientRack.length + perPartition(listed, 45)
    }
    case 'ListOffsets':
      return REQUEST_HEADER + 8 + perPartition(request.partitions.length, 17)
    case 'OffsetsForLeaderEpoch':
      return REQUEST_HEADER + 6 + perPartition(request.partitions.length, 13)
    case 'InitProducerId':
      return REQUEST_HEADER + 20
    case 'Metadata':
      return REQUEST_HEADER + 6 + (request.topics === null ? 0 : request.topics.length * 30)
    case 'ApiVersions':
      return REQUEST_HEADER + 26
    case 'AlterPartition': {
      let bytes = REQUEST_HEADER + 13 + TOPIC
      for (const entry of request.partitions) bytes += 15 + entry.newIsr.length * 13
      return bytes
    }
    // Listeners, features and log directories, whose names go along.
    case 'BrokerRegistration':
      return REQUEST_HEADER + 420
    case 'BrokerHeartbeat':
      return REQUEST_HEADER + 26
    // Cluster id, directory id and the topic's name: more than what is asked.
    case 'QuorumFetch':
      return REQUEST_HEADER + 110
    case 'Vote':
      return REQUEST_HEADER + 105
    case 'CreateTopic':
      return REQUEST_HEADER + 60 + request.assignments.length * 24
    case 'ElectLeaders':
      return REQUEST_HEADER + 8 + perPartition(request.partitions.length, 4)
    // Requests of administration and of groups: rare, and small beside what they bring about.
    default:
      return REQUEST_HEADER + 60
  }
}

/** Bytes of a response on the wire. */
export function responseBytes(response: Response): number {
  switch (response.api) {
    case 'Produce':
      return RESPONSE_HEADER + 6 + perPartition(response.partitions.length, 36)
    case 'Fetch':
      return fetchResponseBytes(response)
    case 'ListOffsets':
      return RESPONSE_HEADER + 6 + perPartition(response.partitions.length, 28)
    case 'OffsetsForLeaderEpoch':
      return RESPONSE_HEADER + 6 + perPartition(response.partitions.length, 20)
    case 'Metadata': {
      let bytes = RESPONSE_HEADER + 40 + response.brokers.length * 40
      for (const topic of response.topics) {
        bytes += 40
        for (const p of topic.partitions) bytes += 24 + 4 * (p.replicas.length + p.isr.length)
      }
      return bytes
    }
    // An entry for each kind of request, with the versions that the broker takes of it.
    case 'ApiVersions':
      return RESPONSE_HEADER + 480
    case 'QuorumFetch':
      return (
        RESPONSE_HEADER +
        90 +
        (response.entries.length === 0 ? 0 : BATCH_HEADER_BYTES) +
        response.entries.length * 60
      )
    case 'AlterPartition':
      return RESPONSE_HEADER + 8 + perPartition(response.partitions.length, 40)
    default:
      return RESPONSE_HEADER + 50
  }
}

/** Nearly all of what brokers send: batches as they lie in the log, headers included. */
export function fetchResponseBytes(response: FetchResponse): number {
  let bytes = RESPONSE_HEADER + 12
  if (response.partitions.length > 0) bytes += TOPIC
  for (const entry of response.partitions) {
    bytes += 44
    for (const batch of entry.batches) bytes += batch.bytes
  }
  return bytes
}

/**
 * What an incremental fetch session saves (KIP-227): of a connection's fetches only the partitions
 * travel whose offset changed since the one before. One object a connection and fetching node.
 */
export class FetchSessionSize {
  private offsets: (Offset | undefined)[] = []
  private listed: readonly FetchPartition[] = []
  private replicaId: NodeId | null = null

  /** Number of partitions that the wire carries for `request`; remembers its offsets. */
  changed(request: FetchRequest): number {
    const { replicaId, sessionEpoch } = request
    const isFull = replicaId !== NO_NODE && sessionEpoch <= INITIAL_SESSION_EPOCH
    if (isFull || this.replicaId !== replicaId) {
      this.offsets = []
      this.listed = []
      this.replicaId = replicaId
    }
    const { partitions } = request
    let count = 0
    for (let i = keptElements(this.listed, partitions); i < partitions.length; i++) {
      const entry = partitions[i]
      if (entry === undefined || this.offsets[entry.partition] === entry.fetchOffset) continue
      this.offsets[entry.partition] = entry.fetchOffset
      count++
    }
    this.listed = partitions
    return count
  }
}

import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Request } from '../../../../src/kafka/messages.ts'
import type {
  QuorumFetchRequest,
  QuorumFetchResponse,
  VoteRequest,
  VoteResponse,
} from '../../../../src/kafka/quorum-messages.ts'
import type { TraceMessage } from './format.ts'
import { entryOf, traceEntryOf } from './traced-voter.ts'

/** A message as it is compared, without its id. */
export type Shown = Readonly<Record<string, unknown>>

export function shownMessage({ id: _, ...message }: TraceMessage): Shown {
  return message
}

/** A request in the trace's words. */
export function shownRequest(from: NodeId, to: NodeId, request: Request): Shown {
  switch (request.api) {
    case 'Vote': {
      const { preVote, epoch, lastEpoch, lastEpochEndOffset } = request
      return { type: 'VoteRequest', from, to, preVote, epoch, lastEpoch, lastEpochEndOffset }
    }
    case 'QuorumFetch': {
      const { epoch: currentLeaderEpoch, fetchOffset, lastFetchedEpoch } = request
      return { type: 'FetchRequest', from, to, currentLeaderEpoch, fetchOffset, lastFetchedEpoch }
    }
    case 'BeginQuorumEpoch': {
      const { leader: leaderId, epoch } = request
      return { type: 'BeginQuorumEpochRequest', from, to, leaderId, epoch }
    }
    default:
      return { type: request.api, from, to }
  }
}

export function shownVoteResponse(
  { from: to, to: from, preVote }: TraceMessage,
  { error, epoch, leader: leaderId, granted: voteGranted }: VoteResponse,
): Shown {
  return { type: 'VoteResponse', from, to, preVote, error, epoch, leaderId, voteGranted }
}

/** One record a response; the leader cuts the high watermark to what the follower will have. */
export function shownFetchResponse(
  { from: to, to: from, fetchOffset = 0 }: TraceMessage,
  { error, epoch, leader: leaderId, highWatermark: known, diverging, entries }: QuorumFetchResponse,
): Shown {
  const type = 'FetchResponse'
  const shown = { type, from, to, error, epoch, leaderId, highWatermark: known }
  if (error !== 'NONE') return shown
  const records = diverging === null ? entries.slice(0, 1).map(traceEntryOf) : []
  const highWatermark = known < 0 ? known : Math.min(known, fetchOffset + records.length)
  if (diverging !== null) return { ...shown, highWatermark, divergingEpoch: diverging }
  return { ...shown, highWatermark, records }
}

export function voteRequestOf(message: TraceMessage): VoteRequest {
  const { from: candidate, epoch = -1, lastEpoch = -1, lastEpochEndOffset = -1 } = message
  const preVote = message.preVote === true
  return { api: 'Vote', candidate, epoch, lastEpoch, lastEpochEndOffset, preVote }
}

/** Answered at once: the traces know no long poll. */
export function fetchRequestOf(message: TraceMessage): QuorumFetchRequest {
  const { from: replicaId, currentLeaderEpoch: epoch = -1, fetchOffset = -1 } = message
  const { lastFetchedEpoch = -1 } = message
  const rest = { highWatermark: -1, maxWaitMs: 0 }
  return { api: 'QuorumFetch', replicaId, epoch, fetchOffset, lastFetchedEpoch, ...rest }
}

export function fetchResponseOf(message: TraceMessage): QuorumFetchResponse {
  return {
    api: 'QuorumFetch',
    error: message.error as QuorumFetchResponse['error'],
    leader: message.leaderId ?? -1,
    epoch: message.epoch ?? -1,
    highWatermark: message.highWatermark ?? -1,
    diverging: message.divergingEpoch ?? null,
    entries: (message.records ?? []).map(entryOf),
  }
}

export function voteResponseOf(message: TraceMessage): VoteResponse {
  return {
    api: 'Vote',
    error: message.error as VoteResponse['error'],
    leader: message.leaderId ?? -1,
    epoch: message.epoch ?? -1,
    granted: message.voteGranted === true,
  }
}

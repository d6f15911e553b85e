import { FINAL_SESSION_EPOCH, NO_FETCH_SESSION, type NodeId } from '../../../../src/kafka/ids.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  BrokerRegistrationRequest,
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
  RecordBatch,
  Request,
} from '../../../../src/kafka/messages.ts'
import { produced } from '../../../kafka/log/batches.ts'
import { ascending, type TraceMessage } from './format.ts'
import type { Values } from './traced-broker.ts'

/** A message as it is compared: what both sides know of it. */
export type Shown = Readonly<Record<string, unknown>>

/** A trace's message without its id and without what an error makes meaningless. */
export function wantedMessage(message: TraceMessage): Shown {
  const { type, from, to } = message
  switch (type) {
    case 'FetchRequest': {
      const { brokerEpoch, currentLeaderEpoch, fetchOffset } = message
      const lastFetchedEpoch = message.kafkaLastFetchedEpoch ?? message.lastFetchedEpoch
      return { type, from, to, brokerEpoch, currentLeaderEpoch, fetchOffset, lastFetchedEpoch }
    }
    case 'FetchResponse': {
      const { error, highWatermark, records, divergingEpoch: diverging } = message
      if (error !== 'NONE') return { type, from, to, error }
      if (diverging !== undefined) return { type, from, to, error, diverging }
      return { type, from, to, error, highWatermark, records }
    }
    case 'AlterPartitionRequest': {
      const { brokerEpoch, leaderEpoch, partitionEpoch, newIsrWithEpochs } = message
      const newIsr = [...newIsrWithEpochs].sort(([a], [b]) => a - b)
      return { type, from, brokerEpoch, leaderEpoch, partitionEpoch, newIsr }
    }
    case 'AlterPartitionResponse': {
      const { error, isr, leader, leaderEpoch, partitionEpoch } = message
      if (error !== 'NONE') return { type, to, error }
      return { type, to, error, isr: ascending(isr), leader, leaderEpoch, partitionEpoch }
    }
    case 'BrokerRegistrationRequest': {
      const { incarnation, previousBrokerEpoch } = message
      return { type, from, incarnation, previousBrokerEpoch }
    }
    case 'BrokerRegistrationResponse':
      return { type, to, brokerEpoch: message.brokerEpoch }
  }
}

/** A request of a broker in the same form; `unnamed` are those whose epoch the trace leaves out. */
export function shownRequest(
  from: NodeId,
  to: NodeId | null,
  request: Request,
  unnamed: readonly NodeId[] = [],
): Shown {
  switch (request.api) {
    case 'Fetch': {
      const [entry] = request.partitions
      return {
        type: 'FetchRequest',
        from,
        to,
        brokerEpoch: request.brokerEpoch,
        currentLeaderEpoch: entry?.currentLeaderEpoch,
        fetchOffset: entry?.fetchOffset,
        lastFetchedEpoch: entry?.lastFetchedEpoch,
      }
    }
    case 'AlterPartition': {
      const { brokerEpoch, partitions } = request
      const { leaderEpoch, partitionEpoch, newIsr = [] } = partitions[0] ?? {}
      const members = newIsr.map(({ id, brokerEpoch: epoch }) => {
        return [id, unnamed.includes(id) ? -1 : epoch] as const
      })
      return {
        type: 'AlterPartitionRequest',
        from,
        brokerEpoch,
        leaderEpoch,
        partitionEpoch,
        newIsr: [...members].sort(([a], [b]) => a - b),
      }
    }
    case 'BrokerRegistration': {
      const { incarnation, previousBrokerEpoch } = request
      return { type: 'BrokerRegistrationRequest', from, incarnation, previousBrokerEpoch }
    }
    default:
      return { type: request.api, from, to }
  }
}

export function shownFetchResponse(
  from: NodeId,
  to: NodeId,
  response: FetchResponse,
  values: Values,
): Shown {
  const type = 'FetchResponse'
  const [answer] = response.partitions
  const error = answer?.error ?? response.error
  if (answer === undefined || error !== 'NONE') return { type, from, to, error }
  const { diverging, highWatermark, batches } = answer
  if (diverging !== null) return { type, from, to, error, diverging }
  const records = batches.map((b) => [b.leaderEpoch, values.valueOf(b.firstRecordId)])
  return { type, from, to, error, highWatermark, records }
}

export function shownAlterPartitionResponse(to: NodeId, response: AlterPartitionResponse): Shown {
  const type = 'AlterPartitionResponse'
  const [answer] = response.partitions
  if (answer === undefined) return { type, to, error: response.error }
  const { error, isr, leader, leaderEpoch, partitionEpoch } = answer
  if (error !== 'NONE') return { type, to, error }
  return { type, to, error, isr: ascending(isr), leader, leaderEpoch, partitionEpoch }
}

// ---- the production message that a trace's stands for ------------------------------------------

/** Every partition is answered, as outside of a session, for the epoch of the trace. */
export function deliveredFetch(request: FetchRequest, message: TraceMessage): FetchRequest {
  const { lastFetchedEpoch } = message
  const partitions = request.partitions.map((entry) => ({ ...entry, lastFetchedEpoch }))
  const sessionEpoch = FINAL_SESSION_EPOCH
  return { ...request, sessionId: NO_FETCH_SESSION, sessionEpoch, partitions }
}

/** Of an ISR's members the traces name only the epochs of the leader and of who joins. */
export function deliveredProposal(
  request: AlterPartitionRequest,
  message: TraceMessage,
): AlterPartitionRequest {
  const newIsr = message.newIsrWithEpochs.map(([id, brokerEpoch]) => ({ id, brokerEpoch }))
  return { ...request, partitions: request.partitions.map((asked) => ({ ...asked, newIsr })) }
}

export function fetchRequestOf(message: TraceMessage): FetchRequest {
  const { from: replicaId, brokerEpoch, currentLeaderEpoch, fetchOffset } = message
  const { lastFetchedEpoch } = message
  const rest = { partition: 0, logStartOffset: 0, maxBytes: 1 }
  return {
    api: 'Fetch',
    replicaId,
    brokerEpoch,
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 1,
    isolation: 'read_uncommitted',
    clientRack: '',
    sessionId: NO_FETCH_SESSION,
    sessionEpoch: FINAL_SESSION_EPOCH,
    partitions: [{ ...rest, currentLeaderEpoch, fetchOffset, lastFetchedEpoch }],
  }
}

export function fetchResponseOf(message: TraceMessage, values: Values): FetchResponse {
  const { error, highWatermark, records, fetchOffset, divergingEpoch } = message
  const batches: RecordBatch[] = records.map(([leaderEpoch, value], i) => ({
    ...produced({ firstRecordId: values.idOf(value) }),
    baseOffset: fetchOffset + i,
    leaderEpoch,
  }))
  const answer: FetchPartitionResponse = {
    partition: 0,
    error,
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: 0,
    diverging: divergingEpoch ?? null,
    currentLeader: null,
    preferredReadReplica: -1,
    batches,
  }
  return { api: 'Fetch', error: 'NONE', sessionId: NO_FETCH_SESSION, partitions: [answer] }
}

export function alterPartitionRequestOf(message: TraceMessage): AlterPartitionRequest {
  const { from: brokerId, brokerEpoch, leaderEpoch, partitionEpoch } = message
  const newIsr = message.newIsrWithEpochs.map(([id, epoch]) => ({ id, brokerEpoch: epoch }))
  const rest = { partition: 0, leaderEpoch, partitionEpoch, newIsr }
  const partitions = [{ ...rest, recovery: 'RECOVERED' as const }]
  return { api: 'AlterPartition', brokerId, brokerEpoch, partitions }
}

export function alterPartitionResponseOf(message: TraceMessage): AlterPartitionResponse {
  const { error, leader = -1, leaderEpoch = -1, partitionEpoch = -1, isr = [] } = message
  const answer = { partition: 0, error, leader, leaderEpoch, partitionEpoch, isr }
  const partitions = [{ ...answer, recovery: 'RECOVERED' as const }]
  return { api: 'AlterPartition', error: 'NONE', partitions }
}

export function registrationOf(message: TraceMessage): BrokerRegistrationRequest {
  const { from: brokerId, incarnation, previousBrokerEpoch = -1 } = message
  return { api: 'BrokerRegistration', brokerId, incarnation, rack: null, previousBrokerEpoch }
}

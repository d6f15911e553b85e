import type { FetchOutcome } from '../../../../src/kafka/broker/replica-fetcher.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Response } from '../../../../src/kafka/messages.ts'
import type { TraceMessage, TraceStep } from './format.ts'
import { deliveredFetch, fetchRequestOf, fetchResponseOf, shownFetchResponse } from './messages.ts'
import { NOTHING, type Performed } from './performed.ts'
import type { TracedBroker } from './traced-broker.ts'
import type { TracedCluster } from './traced-cluster.ts'
import type { TracedWire } from './traced-wire.ts'

export const NO_METADATA = 'without metadata a broker answers UNKNOWN_TOPIC_OR_PARTITION'
export const GIVEN_UP = 'after FENCED_LEADER_EPOCH a fetcher asks no more in its epoch'
export const ONE_REQUEST = 'a leader has one AlterPartition request on its way'

/** The leader's fetch handler; a fetch without data is answered when its wait is over. */
export function leaderHandlesFetch(
  cluster: TracedCluster,
  wire: TracedWire,
  step: TraceStep,
): Performed {
  const { values } = cluster
  const message = wire.consumed(step)
  const leader = cluster.broker(step.broker)
  const own = wire.request(message.id)
  const request = own?.api === 'Fetch' ? own : fetchRequestOf(message)
  const wasOvertaken = leader.settleOvertaken()
  let response = leader.serve(deliveredFetch(request, message))
  let explanation = wasOvertaken && leader.sent.length > 0 ? ONE_REQUEST : null
  const [sent] = step.sent ?? []
  const isUnknown = response.partitions[0]?.error === 'UNKNOWN_TOPIC_OR_PARTITION'
  const isBlank = leader.broker.replicas.image === null
  if (isUnknown && isBlank && sent?.error === 'NOT_LEADER_OR_FOLLOWER') {
    response = fetchResponseOf(sent, values)
    explanation = NO_METADATA
  }
  wire.answered(step, response)
  const shown = shownFetchResponse(step.broker, message.from, response, values)
  return { ...NOTHING, sent: [shown], explanation }
}

/** The follower's fetcher takes the answer. */
export function followerHandlesFetchResponse(
  cluster: TracedCluster,
  wire: TracedWire,
  step: TraceStep,
): Performed {
  const { values } = cluster
  const message = wire.consumed(step)
  const follower = cluster.broker(step.broker)
  const response = wire.response(message.id) ?? fetchResponseOf(message, values)
  const { fetcher } = follower
  let outcome: FetchOutcome = 'IGNORED'
  const handle = fetcher?.handle.bind(fetcher)
  if (fetcher !== undefined && handle !== undefined) {
    fetcher.handle = (entry, answer) => {
      outcome = handle(entry, answer)
      return outcome
    }
  }
  answerFetch(follower, wire, message.id, message.from, response)
  if (fetcher !== undefined && handle !== undefined) fetcher.handle = handle
  // Which of two reasons made an error without effect go unheard the trace cannot tell.
  if (message.error === 'NONE') return { ...NOTHING, outcome }
  return { ...NOTHING, explanation: revive(follower, message) }
}

/**
 * To the fetcher that asked, which may have stopped since; after a load, to the one that runs.
 * @param id of the request or of its response; without a response the connection was closed
 */
export function answerFetch(
  follower: TracedBroker,
  wire: TracedWire,
  id: number,
  leader: NodeId,
  response: Response | null,
): void {
  const failure = response === null ? 'disconnected' : null
  const call = wire.callOf(id)
  const asked = wire.asked(id)
  const { fetcher } = follower
  if (call !== undefined) call.caller.onReply(call.request, response, failure, leader)
  else if (fetcher?.source === leader && asked !== undefined) {
    fetcher.onReply(fetchRequestOf(asked), response, failure)
  }
}

function revive(follower: TracedBroker, message: TraceMessage): string | null {
  const state = follower.fetcher?.states.get(0)
  if (message.error !== 'FENCED_LEADER_EPOCH' || state?.phase !== 'failed') return null
  state.phase = 'fetching'
  return GIVEN_UP
}

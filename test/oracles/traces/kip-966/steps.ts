import type { Response } from '../../../../src/kafka/messages.ts'
import {
  answerFetch,
  followerHandlesFetchResponse,
  leaderHandlesFetch,
  ONE_REQUEST,
} from './fetch.ts'
import type { Action, TraceStep } from './format.ts'
import {
  alterPartitionRequestOf,
  alterPartitionResponseOf,
  deliveredProposal,
  registrationOf,
  shownAlterPartitionResponse,
} from './messages.ts'
import { NOTHING, type Performed } from './performed.ts'
import { CONTROLLER } from './traced-broker.ts'
import type { TracedCluster } from './traced-cluster.ts'
import type { TracedWire } from './traced-wire.ts'

/** Every action that `perform` knows. */
export const ACTIONS: ReadonlySet<string> = new Set<Action>([
  'BrokerStart',
  'ControllerHandlesBrokerRegistration',
  'BrokerHandlesRegistrationResponse',
  'ControllerFencesBroker',
  'ControllerUnfencesBroker',
  'BrokerCrash',
  'BrokerShutdown',
  'BrokerAppliesMetadata',
  'LeaderAppends',
  'FollowerSendsFetch',
  'LeaderHandlesFetch',
  'FollowerHandlesFetchResponse',
  'LeaderSendsAlterPartition',
  'ControllerHandlesAlterPartition',
  'LeaderHandlesAlterPartitionResponse',
  'ControllerReassignsPartition',
])

/** Calls the production handler that a step names, with the very message that it consumes. */
export function perform(cluster: TracedCluster, wire: TracedWire, step: TraceStep): Performed {
  const { controller } = cluster
  switch (step.action) {
    case 'BrokerStart':
      cluster.broker(step.broker).start(step.sent?.[0]?.incarnation ?? 0)
      return NOTHING
    case 'ControllerHandlesBrokerRegistration':
      return controllerHandlesRegistration(cluster, wire, step)
    case 'BrokerHandlesRegistrationResponse':
      return brokerHandlesRegistration(cluster, wire, step)
    case 'ControllerFencesBroker':
      controller.fence(step.broker)
      return NOTHING
    case 'ControllerUnfencesBroker':
      controller.unfence(step.broker)
      return NOTHING
    case 'ControllerReassignsPartition':
      controller.reassign(step.targetReplicas ?? [])
      return NOTHING
    case 'BrokerCrash':
    case 'BrokerShutdown':
      return stop(cluster, wire, step)
    case 'BrokerAppliesMetadata':
      return applyMetadata(cluster, step)
    case 'LeaderAppends':
      cluster.broker(step.broker).produce(step.value ?? '')
      return NOTHING
    case 'FollowerSendsFetch':
      cluster.broker(step.broker).fetcher?.run()
      return NOTHING
    case 'LeaderHandlesFetch':
      return leaderHandlesFetch(cluster, wire, step)
    case 'FollowerHandlesFetchResponse':
      return followerHandlesFetchResponse(cluster, wire, step)
    case 'LeaderSendsAlterPartition':
      return shrink(cluster, step)
    case 'ControllerHandlesAlterPartition':
      return controllerHandlesAlterPartition(cluster, wire, step)
    case 'LeaderHandlesAlterPartitionResponse':
      return leaderHandlesAlterPartition(cluster, wire, step)
  }
}

function controllerHandlesRegistration(
  { controller }: TracedCluster,
  wire: TracedWire,
  step: TraceStep,
): Performed {
  const message = wire.consumed(step)
  const own = wire.request(message.id)
  const request = own?.api === 'BrokerRegistration' ? own : registrationOf(message)
  const response = controller.register(request, step.sent?.[0]?.brokerEpoch ?? -1)
  if (response.error !== 'NONE') throw new Error(`the registration is refused: ${response.error}`)
  wire.answered(step, response)
  const { brokerEpoch } = response
  const type = 'BrokerRegistrationResponse'
  return { ...NOTHING, sent: [{ type, to: request.brokerId, brokerEpoch }] }
}

/** The broker's image begins one partition record before the registration. */
function brokerHandlesRegistration(
  cluster: TracedCluster,
  wire: TracedWire,
  step: TraceStep,
): Performed {
  const { controller } = cluster
  const message = wire.consumed(step)
  const { brokerEpoch } = message
  const rebuilt: Response = { api: 'BrokerRegistration', error: 'NONE', brokerEpoch }
  const metadataOffset = message.metadataOffset - 1
  const broker = cluster.broker(step.broker)
  const past = controller.recordsUpTo(metadataOffset)
  broker.registered(wire.response(message.id) ?? rebuilt, controller.brokerIds, past)
  broker.metadataOffset = metadataOffset
  return NOTHING
}

/** The process ends and is fenced in one step; peers see their connections closed. */
function stop(cluster: TracedCluster, wire: TracedWire, step: TraceStep): Performed {
  const kept = step.clean ? 'clean' : 'unclean'
  cluster.broker(step.broker).stop(step.action === 'BrokerCrash' ? 'lossy' : kept)
  cluster.controller.fence(step.broker)
  const dropped: number[] = []
  for (const [id, { fetcher, leader }] of wire.fetches) {
    if (fetcher !== step.broker && leader !== step.broker) continue
    wire.fetches.delete(id)
    dropped.push(id)
    if (fetcher !== step.broker) {
      answerFetch(cluster.broker(fetcher), wire, id, leader, null)
    }
  }
  return { ...NOTHING, dropped }
}

/** The next partition records as one publication, of which only the last state shows. */
function applyMetadata(cluster: TracedCluster, step: TraceStep): Performed {
  const { controller } = cluster
  const broker = cluster.broker(step.broker)
  const records = []
  for (let i = 0; i < (step.records ?? 0); i++) {
    const record = controller.recordAt(++broker.metadataOffset)
    if (record !== undefined) records.push(record)
  }
  broker.applyMetadata(records)
  return NOTHING
}

/** The ISR expiry; members that the trace keeps in spite of their lag count as lately caught up. */
function shrink(cluster: TracedCluster, step: TraceStep): Performed {
  const leader = cluster.broker(step.broker)
  const kept = step.sent?.[0]?.newIsrWithEpochs.map(([id]) => id) ?? []
  for (const id of kept) {
    const follower = leader.partition?.follower(id)
    follower?.fetchesBy({ lastFetchTime: cluster.now })
  }
  const wasOvertaken = leader.settleOvertaken()
  leader.broker.replicas.shrinkIsrs()
  return { ...NOTHING, explanation: wasOvertaken ? ONE_REQUEST : null }
}

function controllerHandlesAlterPartition(
  { controller }: TracedCluster,
  wire: TracedWire,
  step: TraceStep,
): Performed {
  const message = wire.consumed(step)
  const own = wire.request(message.id)
  const request = own?.api === 'AlterPartition' ? own : alterPartitionRequestOf(message)
  const response = controller.alterPartition(deliveredProposal(request, message))
  wire.answered(step, response)
  return { ...NOTHING, sent: [shownAlterPartitionResponse(request.brokerId, response)] }
}

/** An answer to a proposal that metadata has overtaken goes to the partition all the same. */
function leaderHandlesAlterPartition(
  cluster: TracedCluster,
  wire: TracedWire,
  step: TraceStep,
): Performed {
  const message = wire.consumed(step)
  const leader = cluster.broker(step.broker)
  const response = wire.response(message.id) ?? alterPartitionResponseOf(message)
  const call = wire.callOf(message.id)
  const overtaken = leader.overtakenBy(call)
  const [answer] = response.api === 'AlterPartition' ? response.partitions : []
  if (overtaken !== undefined && answer !== undefined) {
    overtaken.proposer.onIsrAnswer(overtaken.proposal, answer)
  } else if (call !== undefined) call.caller.onReply(call.request, response, null, CONTROLLER)
  else leader.answerProposal(response)
  return NOTHING
}

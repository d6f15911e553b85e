// Models: which requests the controller serves, and how each is told that this is not the one.
// Leaves out: requests of other managers (quotas, features).
// Source: kafka.server.ControllerApis; ControllerExceptions.newWrongControllerException.

import type { AlterAclsRequest } from '../acl-messages.ts'
import type {
  AlterConfigRequest,
  AlterReassignmentRequest,
  ElectLeadersRequest,
  EnvelopeRequest,
  UnregisterBrokerRequest,
} from '../admin-messages.ts'
import type { KafkaError } from '../errors.ts'
import type {
  AllocateProducerIdsRequest,
  AlterPartitionRequest,
  BrokerHeartbeatRequest,
  BrokerRegistrationRequest,
  CreateTopicRequest,
  Request,
  Response,
} from '../messages.ts'
import type { MirrorControlRequest } from '../mirror-messages.ts'

/**
 * What comes from brokers, from operators and, in an envelope, from clients (KIP-590). All of it
 * waits in the one queue of the controller; only the active one decides.
 */
export type ControllerRequest =
  | AlterAclsRequest
  | AllocateProducerIdsRequest
  | AlterConfigRequest
  | AlterPartitionRequest
  | AlterReassignmentRequest
  | BrokerHeartbeatRequest
  | BrokerRegistrationRequest
  | CreateTopicRequest
  | ElectLeadersRequest
  | EnvelopeRequest
  | UnregisterBrokerRequest
  | MirrorControlRequest

/** By name: a controller closes the connection of whoever asks for anything else. */
const APIS: ReadonlySet<Request['api']> = new Set<ControllerRequest['api']>([
  'AllocateProducerIds',
  'AlterClusterLink',
  'AlterConfig',
  'AlterMirror',
  'AlterPartition',
  'AlterReassignment',
  'BrokerHeartbeat',
  'BrokerRegistration',
  'BumpLeaderEpoch',
  'CreateAcls',
  'CreateTopic',
  'DeleteAcls',
  'ElectLeaders',
  'Envelope',
  'ReportMirror',
  'UnregisterBroker',
])

/** Whether a controller serves it; the raft layer answers the quorum’s own requests before. */
export function isControllerRequest(request: Request): request is ControllerRequest {
  return APIS.has(request.api)
}

/**
 * An answer of the right kind that tells nothing but the error. NOT_CONTROLLER stands for three
 * things that the asker cannot tell apart: never active, active no more, or active no more before
 * the records were committed. In the last case they may be committed all the same by the next.
 */
export function errorResponse(request: ControllerRequest, error: KafkaError): Response {
  switch (request.api) {
    case 'AllocateProducerIds':
      return { api: 'AllocateProducerIds', error, firstProducerId: -1, count: 0 }
    case 'AlterPartition':
      return { api: 'AlterPartition', error, partitions: [] }
    // Fields that a broker reads only without an error; fenced, should one ever read them.
    case 'BrokerHeartbeat':
      return {
        api: 'BrokerHeartbeat',
        error,
        isCaughtUp: false,
        isFenced: true,
        shouldShutDown: false,
      }
    case 'BrokerRegistration':
      return { api: 'BrokerRegistration', error, brokerEpoch: -1 }
    case 'Envelope':
      return { api: 'Envelope', error, response: null }
    default:
      return { api: 'Admin', error, message: '' }
  }
}

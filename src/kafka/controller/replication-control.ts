// Models: the controller's state machine: a request or a periodic task in, records and a reply out.
// Leaves out: the log, timers and waiting for commits: the quorum controller on top of it.
// Source: ReplicationControlManager, ClusterControlManager, QuorumController.

import {
  type AdminResponse,
  type AlterConfigRequest,
  type AlterReassignmentRequest,
  adminReply,
  type ElectLeadersRequest,
  type ForwardedRequest,
  type ForwardedResponse,
  type UnregisterBrokerRequest,
} from '../admin-messages.ts'
import type { KafkaError } from '../errors.ts'
import type { BrokerEpoch, MetadataOffset, NodeId, PartitionIndex } from '../ids.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
  CreateTopicRequest,
} from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { TopicNumbering } from '../metadata/topic-partitions.ts'
import { alterAcls } from './acl-control.ts'
import { alterConfig, alterTopicConfigs } from './alter-config.ts'
import { alterPartition } from './alter-partition.ts'
import {
  brokerFenced,
  brokerInControlledShutdown,
  brokerRestarted,
  brokerUnfenced,
  brokerUnregistered,
} from './broker-fencing.ts'
import type { BrokerControlState } from './broker-heartbeats.ts'
import type { BrokerRegistration } from './broker-registration.ts'
import { type ControllerOptions, ControllerState } from './controller-state.ts'
import {
  balanceLeaders,
  electLeaderByRequest,
  electUncleanLeaders,
  type TaskResult,
} from './leader-tasks.ts'
import { alterReassignment } from './reassignment.ts'
import { type Placement, type PlacementRandom, placeReplicas } from './replica-placer.ts'
import { createTopic } from './topic-creation.ts'
import { createPartitions, createTopics, deleteTopics } from './topic-requests.ts'

/** Records to append, then to replay at once; the reply goes out when they are committed. */
export interface Decision<Reply> {
  readonly records: readonly MetadataRecord[]
  readonly reply: Reply
}

export interface FenceResult extends TaskResult {
  /** The broker that these records fence, -1 for none and for one that was fenced already. */
  readonly fenced: NodeId
}

export interface HeartbeatDecision extends Decision<BrokerHeartbeatResponse> {
  /** The caller must hand the end of the batch to `updateControlledShutdownOffset`. */
  readonly isInControlledShutdown: boolean
}

/**
 * Decides on what has been replayed, committed or not. No method but `replay` and the soft state of
 * heartbeats changes anything: the caller appends a decision's records and replays each of them
 * before it asks again. `now` and the session time-out share one unit of the caller's choice.
 */
export class ReplicationControl {
  readonly state: ControllerState

  constructor(options: ControllerOptions, from?: ReplicationControl) {
    this.state = new ControllerState(options, from?.state)
  }

  /** An independent state machine in the same state: what to go back to after a resignation. */
  copy(): ReplicationControl {
    return new ReplicationControl(this.state.options, this)
  }

  /** @throws ReplayFault for a record that does not fit what came before it */
  replay(record: MetadataRecord, offset: MetadataOffset): void {
    this.state.replay(record, offset)
  }

  /** This controller leads the quorum: from now on it hears heartbeats. */
  activate(now: number): void {
    this.state.cluster.activate(now, this.state.options.guards.sessionsRestartAtActivation)
  }

  /** No heartbeat may be asked about until the next `activate`. */
  deactivate(): void {
    this.state.cluster.deactivate()
  }

  /**
   * The registration comes behind what becomes of the process before: where a controller dies in
   * between, the broker asks again and the next one finishes it.
   * @param nextOffset where the first record will lie: it becomes the epoch of a new process
   */
  registerBroker(
    request: BrokerRegistrationRequest,
    nextOffset: MetadataOffset,
    now: number,
  ): Decision<BrokerRegistrationResponse> {
    const { cluster } = this.state
    const answer = (error: KafkaError, brokerEpoch: BrokerEpoch) =>
      ({ api: 'BrokerRegistration', error, brokerEpoch }) as const
    if (cluster.isDuplicate(request, now)) {
      return { records: [], reply: answer('DUPLICATE_BROKER_REGISTRATION', -1) }
    }
    const existing = cluster.broker(request.brokerId)
    const brokerEpoch: number = nextOffset
    const record = cluster.registrationRecord(request, brokerEpoch)
    cluster.heartbeats.register(request.brokerId, record.fenced)
    const records: MetadataRecord[] = []
    if (existing?.incarnation !== request.incarnation) {
      const isClean = existing?.epoch === request.previousBrokerEpoch
      records.push(...brokerRestarted(this.state, request.brokerId, isClean))
    }
    records.push(record)
    return { records, reply: answer('NONE', record.brokerEpoch) }
  }

  /**
   * A heartbeat has come and is not handled yet; one of an incarnation that is not the registered
   * one counts for nothing. @returns false where this controller is not active
   */
  trackBrokerHeartbeat(brokerId: NodeId, brokerEpoch: BrokerEpoch, now: number): boolean {
    return this.state.cluster.trackHeartbeat(brokerId, brokerEpoch, now)
  }

  /** One heartbeat: the broker's session runs from now, and it may change its state. */
  processBrokerHeartbeat(request: BrokerHeartbeatRequest, now: number): HeartbeatDecision {
    const { cluster, index, options } = this.state
    const { brokerId, brokerEpoch, currentMetadataOffset } = request
    const broker = cluster.broker(brokerId)
    const registrationOffset = cluster.registrationOffset(brokerId)
    if (broker?.epoch !== brokerEpoch || registrationOffset === undefined) {
      const reply = heartbeatReply('STALE_BROKER_EPOCH', 'fenced', false)
      return { records: [], reply, isInControlledShutdown: false }
    }
    const { heartbeats } = cluster
    // From 4.0 on it was heard when it came (trackBrokerHeartbeat).
    if (!options.guards.staleCheckEveryEighth) {
      heartbeats.updateContactTime(brokerId, brokerEpoch, now)
    }
    const { current, next } = heartbeats.nextState(brokerId, request, registrationOffset, () =>
      index.hasLeaderships(brokerId),
    )
    const records = current === next ? [] : this.#enterState(broker, next)
    const isFenced = next === 'fenced' || next === 'shutdown-now'
    heartbeats.touch(brokerId, isFenced, currentMetadataOffset)
    const keepsSession = options.guards.duplicateRegistrationAfterControlledShutdown
    if (next === 'shutdown-now' && !keepsSession) heartbeats.removeSession(brokerId)
    const isCaughtUp = currentMetadataOffset >= registrationOffset
    const reply = heartbeatReply('NONE', next, isCaughtUp)
    return { records, reply, isInControlledShutdown: next === 'controlled-shutdown' }
  }

  /** @param batchEndOffset offset of the last record that the heartbeat appended */
  updateControlledShutdownOffset(brokerId: NodeId, batchEndOffset: MetadataOffset): void {
    this.state.cluster.heartbeats.maybeUpdateControlledShutdownOffset(brokerId, batchEndOffset)
  }

  /**
   * A leader proposes an ISR: taken, or refused with an error of its own for each partition
   * (KIP-497).
   */
  alterPartition(request: AlterPartitionRequest): Decision<AlterPartitionResponse> {
    return alterPartition(this.state, request)
  }

  /** Elections for several partitions; the reply names the first error. */
  electLeaders(request: ElectLeadersRequest): Decision<AdminResponse> {
    const results = request.partitions.map((index) => this.electLeader(index, request.electionType))
    const failed = results.find((result) => result.reply !== 'NONE')
    const records = results.flatMap((result) => result.records)
    return { records, reply: adminReply(failed?.reply ?? 'NONE', '') }
  }

  /**
   * An operator's wish. ELECTION_NOT_NEEDED where the preferred leader leads already, and for
   * UNCLEAN where anybody does.
   */
  electLeader(index: PartitionIndex, type: 'PREFERRED' | 'UNCLEAN'): Decision<KafkaError> {
    const { record, error } = electLeaderByRequest(this.state, index, type)
    return { records: record === null ? [] : [record], reply: error }
  }

  /**
   * With replica lists given by the caller, as the lab does; `forwarded` places those of clients.
   */
  createTopic(request: CreateTopicRequest): Decision<AdminResponse> {
    const { records, error, message } = createTopic(this.state, request)
    return { records, reply: adminReply(error, message) }
  }

  /** What a client asks for; topics are judged each for itself. */
  forwarded(
    request: ForwardedRequest,
    numbering: TopicNumbering,
    random: PlacementRandom,
  ): Decision<ForwardedResponse> {
    switch (request.api) {
      case 'CreateTopics':
        return createTopics(this.state, request, numbering, random)
      case 'CreatePartitions':
        return createPartitions(this.state, request, numbering, random)
      case 'DeleteTopics':
        return deleteTopics(this.state, request)
      case 'IncrementalAlterConfigs':
        return alterTopicConfigs(this.state, request)
      case 'CreateAcls':
      case 'DeleteAcls':
        return alterAcls(this.state, request)
    }
  }

  /** Replica lists for a topic that gives none. */
  placeReplicas(partitions: number, replicas: number, random: PlacementRandom): Placement {
    return placeReplicas(this.state.cluster.usableBrokers(), partitions, replicas, random)
  }

  /** Settings of a topic, of one node or of the whole cluster. */
  alterConfig(request: AlterConfigRequest): Decision<AdminResponse> {
    return alterConfig(this.state, request)
  }

  /**
   * Begins, changes or cancels the move of a partition (KIP-455). Its end comes by itself, with the
   * AlterPartition that brings the last new replica into the ISR.
   */
  alterReassignment(request: AlterReassignmentRequest): Decision<AdminResponse> {
    const { record, error, message } = alterReassignment(this.state, request)
    return { records: record === null ? [] : [record], reply: adminReply(error, message) }
  }

  /** Takes it out of every ISR for good. BROKER_ID_NOT_REGISTERED for a stranger. */
  unregisterBroker({ brokerId }: UnregisterBrokerRequest): Decision<AdminResponse> {
    const broker = this.state.cluster.broker(brokerId)
    if (broker === undefined) {
      const message = `broker ${brokerId} is not registered`
      return { records: [], reply: adminReply('BROKER_ID_NOT_REGISTERED', message) }
    }
    return { records: brokerUnregistered(this.state, broker), reply: adminReply('NONE', '') }
  }

  /**
   * Fences at most one broker whose session has ended, so that the next is judged on the outcome.
   * `hasMore` is true as long as a session was found: the task runs again at once. One that has
   * been fenced already, by its controlled shutdown, is written down as fenced once more.
   */
  maybeFenceStaleBroker(now: number): FenceResult {
    const { cluster, options } = this.state
    const inTable = options.guards.staleCheckEveryEighth
    const stale = cluster.heartbeats.removeOneExpired(now, inTable)
    if (stale === undefined) return { records: [], hasMore: false, fenced: -1 }
    const broker = cluster.broker(stale.id)
    // Of a process that was replaced: nobody is fenced, and the next look comes as soon.
    if (broker?.epoch !== stale.epoch) return { records: [], hasMore: true, fenced: -1 }
    const records = brokerFenced(this.state, broker)
    cluster.heartbeats.touch(stale.id, true, -1)
    return { records, hasMore: true, fenced: broker.fenced ? -1 : stale.id }
  }

  /** The time after which the next silent broker is stale; undefined if none is tracked. */
  nextSessionExpiry(): number | undefined {
    return this.state.cluster.heartbeats.nextExpiry()
  }

  /** Preferred leaders back in office, so many at a time (maybeBalancePartitionLeaders). */
  maybeBalanceLeaders(): TaskResult {
    return balanceLeaders(this.state)
  }

  /**
   * Leaders outside the ISR where the topic allows it and there is none (maybeElectUncleanLeaders).
   */
  maybeElectUncleanLeaders(): TaskResult {
    return electUncleanLeaders(this.state)
  }

  #enterState(broker: BrokerRegistration, next: BrokerControlState): MetadataRecord[] {
    switch (next) {
      case 'fenced':
      case 'shutdown-now':
        return brokerFenced(this.state, broker)
      case 'unfenced':
        return brokerUnfenced(this.state, broker)
      case 'controlled-shutdown':
        return brokerInControlledShutdown(this.state, broker)
    }
  }
}

function heartbeatReply(
  error: KafkaError,
  next: BrokerControlState,
  isCaughtUp: boolean,
): BrokerHeartbeatResponse {
  return {
    api: 'BrokerHeartbeat',
    error,
    isCaughtUp,
    isFenced: next === 'fenced' || next === 'shutdown-now',
    shouldShutDown: next === 'shutdown-now',
  }
}

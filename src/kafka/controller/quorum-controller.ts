// Models: the controller on one quorum voter: active while it leads, else a hot standby.
// Leaves out: snapshots, bootstrap records, transactions of records, migration from ZooKeeper.
// Source: org.apache.kafka.controller.QuorumController; KIP-631.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import { type Micros, MS, SECOND } from '../../sim/time.ts'
import type {
  EnvelopeRequest,
  EnvelopeResponse,
  ForwardedRequest,
  ForwardedResponse,
} from '../admin-messages.ts'
import type { MetadataOffset, NodeId, QuorumEpoch } from '../ids.ts'
import type { AllocateProducerIdsRequest, Request, Response } from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { TopicNumbering } from '../metadata/topic-partitions.ts'
import type { Reply, RequestHandler } from '../network/rpc.ts'
import type { QuorumLog } from '../raft/quorum-log.ts'
import type { QuorumStore } from '../raft/quorum-store.ts'
import type { RaftListener } from '../raft/raft-node.ts'
import { alterAcls, judgeEnvelope } from './acl-control.ts'
import { ControllerQueue } from './controller-queue.ts'
import {
  type ControllerRequest,
  errorResponse,
  isControllerRequest,
} from './controller-requests.ts'
import type { ControllerOptions } from './controller-state.ts'
import { DeferredReplies } from './deferred-replies.ts'
import type { TaskResult } from './leader-tasks.ts'
import { controlMirror } from './mirror-control.ts'
import { PeriodicTasks, type TaskName } from './periodic-tasks.ts'
import { PRODUCER_ID_BLOCK_SIZE, ProducerIdControl } from './producer-id-control.ts'
import { type Decision, type HeartbeatDecision, ReplicationControl } from './replication-control.ts'

export interface QuorumControllerConfig {
  readonly nodeId: NodeId
  /** Its session time-out is in micros, as every time here. */
  readonly options: ControllerOptions
  /** Guard staleCheckEveryEighth: look for stale brokers every eighth of the session time-out. */
  readonly staleCheckEveryEighth: boolean
  /** metadata.max.idle.interval.ms, 0 for never */
  readonly maxIdleIntervalMs: number
  /** auto.leader.rebalance.enable */
  readonly autoLeaderRebalanceEnable: boolean
  /** leader.imbalance.check.interval.seconds */
  readonly leaderImbalanceCheckIntervalSeconds: number
  /** unclean.leader.election.interval.ms */
  readonly uncleanLeaderElectionIntervalMs: number
  /** The controller's work on one event, a knob. */
  readonly controllerServiceMicros: number
}

/** The raft thread as the controller sees it. */
export interface RecordLog {
  /** Offset of the first record, or null where this node does not lead. */
  append(records: readonly MetadataRecord[]): MetadataOffset | null
  /** Offset that the next record would get. */
  readonly nextOffset: MetadataOffset
  resign(): void
}

/** For whoever records what the controller decides, at the moment of the decision. */
export interface ControllerObserver {
  onActive(nodeId: NodeId, epoch: QuorumEpoch): void
  onInactive(nodeId: NodeId): void
  /** Records appended by one event; committed later or never. */
  onDecision(nodeId: NodeId, records: readonly MetadataRecord[], baseOffset: MetadataOffset): void
}

/** What waits in the queue: somebody's request, or a task of the controller's own. */
type ControllerEvent =
  | { readonly request: ControllerRequest; readonly reply: Reply; readonly task?: undefined }
  | { readonly task: TaskName; readonly request?: undefined }

/** Of a request of which nothing is allowed. */
const NOTHING_DONE: Decision<null> = { records: [], reply: null }

/** -1 while this controller is not active. */
const NOT_CLAIMED: QuorumEpoch = -1

/**
 * Decides on its in-memory state, which runs ahead of what is committed, and answers when it is.
 * Losing leadership throws away what was not committed: the state is rebuilt from the log.
 */
export class QuorumController implements RequestHandler, RaftListener {
  control: ReplicationControl
  observer: ControllerObserver | null = null
  /** Epoch in which this controller is active, -1 while it is not. */
  claimEpoch: QuorumEpoch = NOT_CLAIMED
  readonly #config: QuorumControllerConfig
  readonly #context: ProcessContext
  readonly #store: QuorumStore
  readonly #numbering: TopicNumbering
  readonly #queue: ControllerQueue<ControllerEvent>
  readonly #tasks: PeriodicTasks
  readonly #deferred = new DeferredReplies()
  #log: RecordLog | null = null
  #producerIds = new ProducerIdControl()
  /** Exclusive end of what this controller has heard to be committed. */
  #committedEnd: MetadataOffset = 0

  constructor(
    config: QuorumControllerConfig,
    context: ProcessContext,
    store: QuorumStore,
    numbering: TopicNumbering,
  ) {
    this.#config = config
    this.#numbering = numbering
    this.#context = context
    this.#store = store
    this.control = new ReplicationControl(config.options)
    this.#queue = new ControllerQueue(context, config.controllerServiceMicros, (event) =>
      event.request === undefined ? this.#runTask(event.task) : this.#serve(event),
    )
    this.#tasks = new PeriodicTasks(context, periodsOf(config), (task) =>
      this.#queue.append({ task }),
    )
  }

  /** Believes to be: a leader that is cut off does until its quorum check ends it. */
  get isActive(): boolean {
    return this.claimEpoch !== NOT_CLAIMED
  }

  /** The raft thread, which needs this controller as its listener, comes second. */
  connect(log: RecordLog): void {
    this.#log = log
  }

  /** Queues it, also on a standby: who is not active by then answers NOT_CONTROLLER. */
  handle(request: Request, reply: Reply): void {
    if (isControllerRequest(request)) this.#queue.append({ request, reply })
    else reply.send(null)
  }

  // ---- from the quorum ------------------------------------------------------------------------

  /** Active: answers go out that waited for it. Standby: replays. @throws ReplayFault */
  onCommit({ log }: QuorumStore, from: MetadataOffset, to: MetadataOffset): void {
    const heard = this.#committedEnd
    invariant(from === heard && to > from, 'each commit is heard once', { heard, from, to })
    this.#committedEnd = to
    if (this.isActive) {
      // What the active controller appended it replayed at once.
      this.#noteCommitted(log, from, to)
      this.#deferred.completeUpTo(to)
      return
    }
    for (let offset = from; offset < to; offset++) {
      this.#replay(log.entryAt(offset).record, offset)
    }
    this.#noteCommitted(log, from, to)
  }

  /** Claims or renounces the office (claim, renounce). What was not committed is lost with it. */
  onLeaderChange(leaderId: NodeId, epoch: QuorumEpoch): void {
    if (leaderId !== this.#config.nodeId) {
      if (this.isActive) this.#renounce()
      return
    }
    // A resignation and a new claim may come as one: the epoch is another, the state is still good.
    const wasActive = this.isActive
    this.claimEpoch = epoch
    if (wasActive) return
    this.control.activate(this.#context.now)
    this.#tasks.activate()
    this.#scheduleStaleCheck()
    this.observer?.onActive(leaderId, epoch)
  }

  #noteCommitted(log: QuorumLog, from: MetadataOffset, to: MetadataOffset): void {
    for (let offset = from; offset < to; offset++) {
      const { record } = log.entryAt(offset)
      if (record.type === 'Partition') this.#numbering.onCommitted(record.partition)
    }
  }

  // ---- events -----------------------------------------------------------------------------------

  #serve({ request, reply }: { request: ControllerRequest; reply: Reply }): void {
    const notController = errorResponse(request, 'NOT_CONTROLLER')
    if (!this.isActive) {
      reply.send(notController)
      return
    }
    const decision = this.#decide(request)
    const { records, reply: response } = decision
    const lastOffset = this.#append(records)
    if (lastOffset === null) {
      reply.send(notController)
      return
    }
    // The others must have replayed that the broker's leaderships have moved before it may go.
    if (request.api === 'BrokerHeartbeat' && isShuttingDown(decision)) {
      this.control.updateControlledShutdownOffset(request.brokerId, lastOffset)
    }
    this.#scheduleStaleCheck()
    // An answer without records was read from state that may not be committed yet.
    const waitFor = records.length > 0 ? lastOffset : this.#deferred.highestPendingOffset
    if (waitFor < this.#committedEnd) reply.send(response)
    else this.#deferred.add(waitFor, reply, response, notController)
  }

  #decide(request: ControllerRequest): Decision<Response> {
    const { control } = this
    const { now } = this.#context
    // A broker's epoch is the offset of its registration, the first record of the decision.
    const nextOffset: number = this.#log?.nextOffset ?? 0
    switch (request.api) {
      case 'AllocateProducerIds':
        return this.#allocateProducerIds(request)
      case 'AlterClusterLink':
      case 'AlterMirror':
      case 'BumpLeaderEpoch':
      case 'ReportMirror':
        return controlMirror(control.state, request)
      case 'CreateAcls':
      case 'DeleteAcls':
        return alterAcls(control.state, request)
      case 'AlterConfig':
        return control.alterConfig(request)
      case 'AlterPartition':
        return control.alterPartition(request)
      case 'AlterReassignment':
        return control.alterReassignment(request)
      case 'BrokerHeartbeat':
        return control.processBrokerHeartbeat(request, now)
      case 'BrokerRegistration':
        return control.registerBroker(request, nextOffset, now)
      case 'CreateTopic':
        return control.createTopic(request)
      case 'ElectLeaders':
        return control.electLeaders(request)
      case 'Envelope':
        return this.#decideForwarded(request)
      case 'UnregisterBroker':
        return control.unregisterBroker(request)
    }
  }

  #decideForwarded(envelope: EnvelopeRequest): Decision<EnvelopeResponse> {
    const verdict = judgeEnvelope(this.control.state, envelope)
    const request = verdict === null ? envelope.request : verdict.allowed
    const { records, reply } = request === null ? NOTHING_DONE : this.#forwarded(request)
    const response = verdict === null ? reply : verdict.answer(reply)
    return { records, reply: { api: 'Envelope', error: 'NONE', response } }
  }

  #forwarded(request: ForwardedRequest): Decision<ForwardedResponse> {
    const random = this.#context.random('placement')
    const draws = { nextInt: (bound: number) => random.int(0, bound - 1) }
    return this.control.forwarded(request, this.#numbering, draws)
  }

  #allocateProducerIds(request: AllocateProducerIdsRequest): Decision<Response> {
    const { brokerId, brokerEpoch } = request
    if (!this.control.state.cluster.isCurrentEpoch(brokerId, brokerEpoch)) {
      return { records: [], reply: errorResponse(request, 'STALE_BROKER_EPOCH') }
    }
    const firstProducerId = this.#producerIds.nextProducerId
    const count = PRODUCER_ID_BLOCK_SIZE
    return {
      records: [this.#producerIds.nextBlock(brokerId)],
      reply: { api: 'AllocateProducerIds', error: 'NONE', firstProducerId, count },
    }
  }

  #runTask(task: TaskName): void {
    if (!this.isActive) return
    const { records, hasMore } = this.#taskResult(task)
    this.#tasks.done(task, hasMore)
    const lastOffset = this.#append(records)
    if (lastOffset === null) return
    if (lastOffset >= this.#committedEnd && records.length > 0) this.#deferred.addTask(lastOffset)
    if (task === 'maybeFenceStaleBroker' && !hasMore) this.#scheduleStaleCheck()
  }

  #taskResult(task: TaskName): TaskResult {
    switch (task) {
      case 'maybeFenceStaleBroker':
        return this.control.maybeFenceStaleBroker(this.#context.now)
      case 'writeNoOpRecord':
        return { records: [{ type: 'NoOp' }], hasMore: false }
      case 'electPreferred':
        return this.control.maybeBalanceLeaders()
      case 'electUnclean':
        return this.control.maybeElectUncleanLeaders()
    }
  }

  /** Before 4.0 a broker is fenced at its deadline, which moves with every heartbeat. */
  #scheduleStaleCheck(): void {
    if (this.#config.staleCheckEveryEighth || !this.isActive) return
    const expiry = this.control.nextSessionExpiry()
    if (expiry !== undefined) this.#tasks.at('maybeFenceStaleBroker', expiry + 1)
  }

  // ---- records ----------------------------------------------------------------------------------

  /** Hands records to the quorum and replays them; the last offset, or null if it leads no more. */
  #append(records: readonly MetadataRecord[]): MetadataOffset | null {
    const log = this.#log
    if (log === null) return null
    if (records.length === 0) return log.nextOffset - 1
    const base = log.append(records)
    if (base === null) {
      this.#renounce()
      return null
    }
    this.observer?.onDecision(this.#config.nodeId, records, base)
    for (const [i, record] of records.entries()) this.#replay(record, base + i)
    return base + records.length - 1
  }

  #replay(record: MetadataRecord, offset: MetadataOffset): void {
    if (record.type === 'ProducerIds') this.#producerIds.replay(record)
    else this.control.replay(record, offset)
  }

  /** Back to what is committed: whoever waits must ask the next controller. */
  #renounce(): void {
    this.claimEpoch = NOT_CLAIMED
    this.#tasks.deactivate()
    this.#log?.resign()
    this.control = new ReplicationControl(this.#config.options)
    this.#producerIds = new ProducerIdControl()
    for (let offset = 0; offset < this.#committedEnd; offset++) {
      this.#replay(this.#store.log.entryAt(offset).record, offset)
    }
    this.#deferred.failAll()
    this.observer?.onInactive(this.#config.nodeId)
  }
}

function isShuttingDown(decision: Decision<Response> | HeartbeatDecision): boolean {
  return 'isInControlledShutdown' in decision && decision.isInControlledShutdown
}

function periodsOf(config: QuorumControllerConfig): Partial<Record<TaskName, Micros>> {
  const { options, staleCheckEveryEighth, autoLeaderRebalanceEnable } = config
  return {
    maybeFenceStaleBroker: staleCheckEveryEighth ? Math.floor(options.sessionTimeout / 8) : 0,
    writeNoOpRecord: config.maxIdleIntervalMs * MS,
    electPreferred: autoLeaderRebalanceEnable
      ? config.leaderImbalanceCheckIntervalSeconds * SECOND
      : 0,
    electUnclean: config.uncleanLeaderElectionIntervalMs * MS,
  }
}

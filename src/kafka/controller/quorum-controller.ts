// Models: the controller on one quorum voter: active while it leads, else a hot standby.
// Leaves out: snapshots, bootstrap records, transactions of records, migration from ZooKeeper.
// Source: org.apache.kafka.controller.QuorumController; KIP-631.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type {
  EnvelopeRequest,
  EnvelopeResponse,
  ForwardedRequest,
  ForwardedResponse,
} from '../admin-messages.ts'
import type { MetadataOffset, NodeId, QuorumEpoch } from '../ids.ts'
import type {
  AllocateProducerIdsRequest,
  BrokerHeartbeatRequest,
  Request,
  Response,
} from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import { ReplayFault } from '../metadata/replay-fault.ts'
import type { TopicNumbering } from '../metadata/topic-partitions.ts'
import type { Reply, RequestHandler } from '../network/rpc.ts'
import type { QuorumLog } from '../raft/quorum-log.ts'
import type { QuorumStore } from '../raft/quorum-store.ts'
import type { RaftListener } from '../raft/raft-node.ts'
import { alterAcls, judgeEnvelope } from './acl-control.ts'
import { periodsOf, type QuorumControllerConfig } from './controller-config.ts'
import { type ControllerEvent, isFromRaft } from './controller-event.ts'
import { ControllerQueue, NO_TIME } from './controller-queue.ts'
import {
  type ControllerRequest,
  errorResponse,
  isControllerRequest,
} from './controller-requests.ts'
import { DeferredReplies } from './deferred-replies.ts'
import type { TaskResult } from './leader-tasks.ts'
import { controlMirror } from './mirror-control.ts'
import { PeriodicTasks, type TaskName } from './periodic-tasks.ts'
import { PRODUCER_ID_BLOCK_SIZE, ProducerIdControl } from './producer-id-control.ts'
import { type Decision, type HeartbeatDecision, ReplicationControl } from './replication-control.ts'

/** The raft thread as the controller sees it. */
export interface RecordLog {
  /** Offset of the first record, or null where this node does not lead in that epoch. */
  append(epoch: QuorumEpoch, records: readonly MetadataRecord[]): MetadataOffset | null
  /** Offset that the next record would get. */
  readonly nextOffset: MetadataOffset
  /** Nothing where this node does not lead in that epoch. */
  resign(epoch: QuorumEpoch): void
}

/** For whoever records what the controller decides, at the moment of the decision. */
export interface ControllerObserver {
  onActive(nodeId: NodeId, epoch: QuorumEpoch): void
  onInactive(nodeId: NodeId): void
  /** Records appended by one event; committed later or never. */
  onDecision(nodeId: NodeId, records: readonly MetadataRecord[], baseOffset: MetadataOffset): void
}

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
  /** Ends the process where a committed record does not fit; without it that is a bug. */
  onFault: ((fault: ReplayFault) => void) | null = null
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
  /** A committed record did not fit: the process is about to end. */
  #hasFailed = false

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
    const { controllerServiceMicros } = config
    this.#queue = new ControllerQueue(
      context,
      (event) => (isFromRaft(event) ? NO_TIME : controllerServiceMicros),
      (event) => this.#run(event),
    )
    this.#tasks = new PeriodicTasks(context, periodsOf(config), (task) =>
      this.#queue.appendDue({ kind: 'task', task }),
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
    if (!isControllerRequest(request)) reply.send(null)
    else if (request.api === 'BrokerHeartbeat' && !this.#track(request)) {
      reply.send(errorResponse(request, 'NOT_CONTROLLER'))
    } else this.#queue.append({ kind: 'request', request, reply })
  }

  /**
   * From 4.0 on a heartbeat counts when it comes, not when its turn comes: a queue that is long
   * ends no session. @returns whether this controller hears heartbeats
   */
  #track({ brokerId, brokerEpoch }: BrokerHeartbeatRequest): boolean {
    if (!this.#config.staleCheckEveryEighth) return true
    return this.control.trackBrokerHeartbeat(brokerId, brokerEpoch, this.#context.now)
  }

  // ---- from the quorum ------------------------------------------------------------------------

  /** Queues it behind what came before (appendRaftEvent). */
  onCommit(_: QuorumStore, from: MetadataOffset, to: MetadataOffset): void {
    this.#queue.append({ kind: 'commit', from, to })
  }

  /** Queues it, too: until its turn comes this controller takes itself for what it was. */
  onLeaderChange(leaderId: NodeId, epoch: QuorumEpoch): void {
    this.#queue.append({ kind: 'leader', leaderId, epoch })
  }

  /** Active: answers go out that waited for it. Standby: replays. */
  #committed(from: MetadataOffset, to: MetadataOffset): void {
    const { log } = this.#store
    const heard = this.#committedEnd
    invariant(from === heard && to > from, 'each commit is heard once', { heard, from, to })
    this.#committedEnd = to
    if (this.isActive) {
      // What the active controller appended it replayed at once.
      this.#noteCommitted(log, from, to)
      this.#deferred.completeUpTo(to)
      return
    }
    if (this.#replayCommitted(from, to)) this.#noteCommitted(log, from, to)
  }

  /** @returns whether the node goes on */
  #replayCommitted(from: MetadataOffset, to: MetadataOffset): boolean {
    try {
      for (let offset = from; offset < to; offset++) {
        this.#replay(this.#store.log.entryAt(offset).record, offset)
      }
      return true
    } catch (fault) {
      if (!(fault instanceof ReplayFault) || this.onFault === null) throw fault
      this.#hasFailed = true
      this.onFault(fault)
      return false
    }
  }

  /** Claims or renounces the office (claim, renounce). What was not committed is lost with it. */
  #leaderChanged(leaderId: NodeId, epoch: QuorumEpoch): void {
    if (leaderId !== this.#config.nodeId) {
      if (this.isActive) this.#renounce()
      return
    }
    // A resignation and a new claim may come as one: the epoch is another, the state is still good.
    const wasActive = this.isActive
    this.claimEpoch = epoch
    if (wasActive) return
    this.control.activate(this.#context.now)
    // Before any request that has come meanwhile: the first of them finds a whole controller.
    this.#queue.prepend({ kind: 'activation' })
    this.observer?.onActive(leaderId, epoch)
  }

  #completeActivation(): void {
    if (!this.isActive) return
    this.#tasks.activate()
    this.#scheduleStaleCheck()
  }

  #noteCommitted(log: QuorumLog, from: MetadataOffset, to: MetadataOffset): void {
    for (let offset = from; offset < to; offset++) {
      const { record } = log.entryAt(offset)
      if (record.type === 'Partition') this.#numbering.onCommitted(record.partition)
    }
  }

  // ---- events -----------------------------------------------------------------------------------

  #run(event: ControllerEvent): void {
    if (this.#hasFailed) return
    switch (event.kind) {
      case 'request':
        this.#serve(event.request, event.reply)
        break
      case 'task':
        this.#runTask(event.task)
        break
      case 'commit':
        this.#committed(event.from, event.to)
        break
      case 'leader':
        this.#leaderChanged(event.leaderId, event.epoch)
        break
      case 'activation':
        this.#completeActivation()
    }
  }

  #serve(request: ControllerRequest, reply: Reply): void {
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
    // A broker's epoch is where its registration begins: the offset of the decision's first record.
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
    const base = log.append(this.claimEpoch, records)
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
    this.#log?.resign(this.claimEpoch)
    this.claimEpoch = NOT_CLAIMED
    this.#tasks.deactivate()
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

// Models: a consumer's fetches: one in flight a broker, long polls, the closest replica's lease.
// Leaves out: fetch session errors.
// Source: consumer.internals.AbstractFetch, FetchCollector (KIP-74, KIP-392, KIP-951).

import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import {
  FINAL_SESSION_EPOCH,
  NO_EPOCH,
  NO_FETCH_SESSION,
  NO_NODE,
  NO_OFFSET,
  type NodeId,
  type Offset,
} from '../ids.ts'
import type {
  FetchPartition,
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
  RecordBatch,
  Response,
} from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import type { RpcCaller, RpcFailure } from '../network/rpc.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { ConsumerObserver } from './consumer-observer.ts'
import { Deserialization, type Unread } from './deserialization.ts'
import type { ClientMetadata } from './metadata.ts'
import type { Deserializer } from './serializer.ts'
import type { Subscription } from './subscription.ts'
import type { AssignedPartition } from './subscription-state.ts'

/** How long an application is busy with what a poll returned. */
export interface ProcessTime {
  readonly perPoll: Micros
  readonly perRecord: Micros
}

const NO_PROCESS_TIME: ProcessTime = { perPoll: 0, perRecord: 0 }

const NO_NODES: ReadonlySet<NodeId> = new Set()

/** An answer that waits for the application, whole; polls take their share of it one by one. */
interface Buffered {
  readonly assigned: AssignedPartition
  /** Position when it came, or after what earlier polls took of it. */
  offset: Offset
  readonly batches: readonly RecordBatch[]
  readonly node: NodeId
}

/**
 * Keeps one fetch under way with every broker that a position is read from. An answer whose
 * position has moved on meanwhile is thrown away: it answers a question nobody asks any more.
 */
export class Fetcher implements RpcCaller<FetchRequest> {
  private readonly config: ConsumerConfig
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly subscription: Subscription
  private readonly observer: ConsumerObserver
  private readonly wake: () => void
  /**
   * Nodes with a fetch under way; one each, so that answers of a node come in the order of asking
   * (nodesWithPendingFetchRequests).
   */
  private readonly pending = new Set<NodeId>()
  /** The application’s, not the client’s: heartbeats go on meanwhile. */
  private readonly processTime: ProcessTime
  /** The application works on what its last poll returned, and polls again then. */
  busyUntil: Micros = 0
  /** Records that the last call of `poll` handed over. */
  polled = 0
  /** The application waits for something else: nothing is handed over. */
  isHeld = false
  /** The owner says when: what comes waits for its next poll, also while it stands in one. */
  isPolledByOwner = false
  /** null where records are made of bytes without asking anybody. */
  private readonly deserialization: Deserialization | null
  /** Came while the application was busy; handed over by its next poll. */
  private buffered: Buffered[] = []

  constructor(
    config: ConsumerConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    subscription: Subscription,
    observer: ConsumerObserver,
    wake: () => void,
    processTime: ProcessTime = NO_PROCESS_TIME,
    deserializer: Deserializer | null = null,
  ) {
    this.processTime = processTime
    this.deserialization = deserializer === null ? null : this.deserializationBy(deserializer)
    this.config = config
    this.client = client
    this.metadata = metadata
    this.subscription = subscription
    this.observer = observer
    this.wake = wake
  }

  /**
   * The application polls as soon as it is free, and gets all that has come. The next fetches leave
   * before it works on that. @returns when to call again.
   */
  poll(now: Micros): Micros {
    this.polled = 0
    if (this.buffered.length === 0 || this.isHeld) return NEVER
    if (now < this.busyUntil) return this.busyUntil
    const { maxPollRecords } = this.config
    const { deserialization } = this
    const most =
      deserialization === null
        ? maxPollRecords
        : deserialization.room(this.unread(), maxPollRecords)
    if (most === null) return NEVER
    let room = most
    while (room > 0) {
      const first = this.buffered.find(isWanted)
      if (first === undefined) break
      room -= this.take(first, room)
      if (!first.assigned.isBuffered) this.buffered.splice(this.buffered.indexOf(first), 1)
    }
    this.polled = most - room
    const { perPoll, perRecord } = this.processTime
    if (room < most) {
      this.busyUntil = now + perPoll + Math.floor(perRecord * (most - room))
    }
    return this.buffered.some(isWanted) ? this.busyUntil : NEVER
  }

  /** While a schema is asked for, poll() stands still, but max.poll.interval.ms runs. */
  private deserializationBy(deserializer: Deserializer): Deserialization {
    return new Deserialization({
      deserializer,
      // Heartbeats go on, and the time to the next poll() runs.
      onAsking: () => {
        this.busyUntil = NEVER
      },
      onAnswered: () => {
        this.busyUntil = this.client.now
        this.wake()
      },
      onFailed: (partition, offset) =>
        this.observer.onDeserializationFailed?.(partition, offset, this.client.now),
    })
  }

  /** What the next poll would hand over, in its order. */
  private *unread(): Generator<Unread> {
    for (const ready of this.buffered) {
      if (!isWanted(ready) || !this.isCurrent(ready)) continue
      const { assigned, offset, batches } = ready
      yield { partition: assigned.partition, offset, batches }
    }
  }

  /**
   * Records whose position has moved, by a seek, a rebalance or a truncation, are dropped: they
   * would be handed over a second time, or out of order.
   */
  private isCurrent({ assigned, offset }: Buffered): boolean {
    const isAssigned = this.subscription.of(assigned.partition) === assigned
    return isAssigned && assigned.state === 'fetch' && assigned.offset === offset
  }

  /** Hands over up to `room` records of what came; none where the position has moved meanwhile. */
  private take(ready: Buffered, room: number): number {
    const { assigned, batches, node } = ready
    const before = assigned.offset
    if (this.isCurrent(ready)) {
      this.deliver(assigned, batches, node, room)
    }
    ready.offset = assigned.offset
    const last = batches[batches.length - 1]
    const isRest = last !== undefined && assigned.offset < last.baseOffset + last.count
    assigned.isBuffered = isRest && assigned.offset > before
    return assigned.offset - before
  }

  /** Sends a fetch to every broker that has something to read from and none under way. */
  sendFetches(now: Micros): Micros {
    let byNode: Map<NodeId, FetchPartition[]> | null = null
    const spared = this.sparedNodes(now)
    let next = NEVER
    for (const assigned of this.subscription.partitions) {
      if (assigned.state !== 'fetch' || assigned.isBuffered || assigned.isPaused) continue
      const node = this.readReplica(assigned, now)
      if (node === NO_NODE) {
        this.metadata.requestUpdate()
        continue
      }
      if (this.pending.has(node) || spared.has(node)) continue
      const retryAt = this.client.retryAt(node)
      if (retryAt !== null && retryAt > now) {
        next = Math.min(next, retryAt)
        continue
      }
      byNode ??= new Map()
      const list = byNode.get(node)
      if (list === undefined) byNode.set(node, [this.entryOf(assigned)])
      else list.push(this.entryOf(assigned))
    }
    if (byNode !== null) for (const [node, partitions] of byNode) this.send(node, partitions)
    return next
  }

  /** Where the positions are read from whose records wait for the application (bufferedNodes). */
  private sparedNodes(now: Micros): ReadonlySet<NodeId> {
    if (this.buffered.length === 0 || !this.config.sparesBufferedNodes) return NO_NODES
    const nodes = new Set<NodeId>()
    for (const { assigned } of this.buffered) {
      const isFetchable = assigned.state === 'fetch' && !assigned.isPaused
      if (isFetchable && assigned.isBuffered) nodes.add(this.readReplica(assigned, now))
    }
    return nodes
  }

  /**
   * With the leader epoch by which the position was checked: a broker of another epoch refuses
   * instead of answering from a log that parts from it (KIP-320). -1 asks for no such check.
   */
  private entryOf(assigned: AssignedPartition): FetchPartition {
    return {
      partition: assigned.partition,
      currentLeaderEpoch: this.config.positionValidation ? assigned.leaderEpoch : NO_EPOCH,
      fetchOffset: assigned.offset,
      lastFetchedEpoch: NO_EPOCH,
      logStartOffset: NO_OFFSET,
      maxBytes: this.config.maxPartitionFetchBytes,
    }
  }

  /**
   * Sessions are for followers here: a consumer’s only save bytes on the wire, and each request
   * names all of its partitions, as Kafka’s does without KIP-227.
   */
  private send(node: NodeId, partitions: readonly FetchPartition[]): void {
    const request: FetchRequest = {
      api: 'Fetch',
      replicaId: NO_NODE,
      brokerEpoch: -1,
      maxWaitMs: this.config.fetchMaxWaitMs,
      minBytes: this.config.fetchMinBytes,
      maxBytes: this.config.fetchMaxBytes,
      isolation: this.config.isolationLevel,
      clientRack: this.config.clientRack,
      sessionId: NO_FETCH_SESSION,
      sessionEpoch: FINAL_SESSION_EPOCH,
      partitions,
    }
    this.pending.add(node)
    this.client.send(node, request, this.config.requestTimeoutMs, this)
  }

  /** The replica under lease while metadata has it alive, else the leader. */
  private readReplica(assigned: AssignedPartition, now: Micros): NodeId {
    const preferred = assigned.preferredAt(now)
    if (preferred === NO_NODE) return assigned.leader
    const offline = this.metadata.partition(assigned.partition)?.offline.includes(preferred)
    if (this.metadata.racks.has(preferred) && offline !== true) return preferred
    assigned.clearPreferred()
    this.metadata.requestUpdate()
    return assigned.leader
  }

  /**
   * An answer of records goes on at once or waits for the next poll. A failure ends the leases of
   * what was asked for: the next fetch goes to the leader.
   */
  onReply(
    request: FetchRequest,
    response: Response | null,
    failure: RpcFailure | null,
    node: NodeId,
  ): void {
    this.pending.delete(node)
    if (response?.api === 'Fetch') this.takeResponse(request, response, node)
    else if (failure !== null) {
      for (const { partition } of request.partitions)
        this.subscription.of(partition)?.clearPreferred()
    }
    this.wake()
  }

  /** Partition by partition: what came of one says nothing about the others. */
  private takeResponse(request: FetchRequest, response: FetchResponse, node: NodeId): void {
    for (const entry of response.partitions) {
      const assigned = this.subscription.of(entry.partition)
      if (assigned === null || assigned.state !== 'fetch') continue
      // The position moved on while the answer was under way: it answers another question.
      if (fetchOffsetOf(request, entry) !== assigned.offset) continue
      if (entry.error === 'NONE') this.takeRecords(assigned, entry, node)
      else this.takeError(assigned, entry, node)
    }
  }

  /**
   * An application that is free gets them at once; one that works, or whose owner has not called
   * poll(), gets them with its next poll, at most max.poll.records of them.
   */
  private takeRecords(
    assigned: AssignedPartition,
    entry: FetchPartitionResponse,
    node: NodeId,
  ): void {
    const now = this.client.now
    if (entry.preferredReadReplica !== NO_NODE) {
      const lease = this.config.metadataMaxAgeMs * 1_000
      assigned.preferReplica(entry.preferredReadReplica, now + lease)
    }
    const { batches } = entry
    if (batches.length === 0) return
    const { perPoll, perRecord } = this.processTime
    const isIdle = !this.isPolledByOwner && perPoll === 0 && perRecord === 0
    if (isIdle && !this.isHeld && this.deserialization === null) {
      this.deliver(assigned, batches, node, Number.POSITIVE_INFINITY)
      return
    }
    assigned.isBuffered = true
    this.buffered.push({ assigned, offset: assigned.offset, batches, node })
  }

  /** Moves the position behind what was handed over: from now on it may be committed. */
  private deliver(
    assigned: AssignedPartition,
    batches: readonly RecordBatch[],
    node: NodeId,
    room: number,
  ): void {
    const last = batches[batches.length - 1]
    if (last === undefined) return
    const from = assigned.offset
    const to = Math.min(last.baseOffset + last.count, from + room)
    if (to <= from) return
    const reached = batches.find((batch) => batch.baseOffset + batch.count >= to) ?? last
    assigned.advance(to, reached.leaderEpoch)
    this.observer.onDelivered(assigned.partition, batches, from, to, this.client.now, node)
  }

  /**
   * FetchCollector.handleInitializeErrors. Which errors ask for metadata decides how soon a
   * consumer finds a new leader; which of them end a lease, whether it still reads from a replica.
   */
  private takeError(
    assigned: AssignedPartition,
    entry: FetchPartitionResponse,
    node: NodeId,
  ): void {
    const { error } = entry
    this.observer.onError?.(assigned.partition, error, node, this.client.now)
    switch (error) {
      case 'OFFSET_OUT_OF_RANGE':
        // A replica under lease may lag or have been truncated: only the leader's word counts.
        if (!assigned.clearPreferred()) this.subscription.outOfRange(assigned)
        return
      // The broker has not heard yet of an election that this client knows of: ask it again.
      case 'UNKNOWN_LEADER_EPOCH':
        return
      case 'TOPIC_AUTHORIZATION_FAILED':
        this.observer.onUnauthorized?.(error, this.client.now)
        return
      case 'NOT_LEADER_OR_FOLLOWER':
      case 'FENCED_LEADER_EPOCH':
        assigned.clearPreferred()
        this.metadata.requestUpdate()
        this.takeHint(entry)
        return
      default:
        assigned.clearPreferred()
        this.metadata.requestUpdate()
    }
  }

  /** KIP-951: with the leader’s name in the refusal no metadata request is needed. */
  private takeHint(entry: FetchPartitionResponse): void {
    if (!this.config.leaderHints || entry.currentLeader === null) return
    if (this.metadata.updateLeader(entry.partition, entry.currentLeader))
      this.subscription.leadersFromMetadata()
  }
}

/** A paused partition keeps what was fetched; nothing of it is handed over. */
function isWanted({ assigned }: Buffered): boolean {
  return !assigned.isPaused
}

/** Where the request stood that this answers; the position may have moved since. */
function fetchOffsetOf(request: FetchRequest, entry: FetchPartitionResponse): number | undefined {
  return request.partitions.find((asked) => asked.partition === entry.partition)?.fetchOffset
}

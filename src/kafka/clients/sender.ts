// Models: the producer's I/O thread: which batches leave when, and to whom.
// Leaves out: transactions, splitting of too large batches, quotas.
// Source: org.apache.kafka.clients.producer.internals.Sender, RecordAccumulator (ready, drain).

import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { HandlerId } from '../../sim/scheduler.ts'
import { type Micros, MS, NEVER } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { NodeId, PartitionIndex } from '../ids.ts'
import { NO_NODE, NO_OFFSET } from '../ids.ts'
import type {
  ProducePartitionResponse,
  ProduceRequest,
  ProduceResponse,
  Response,
} from '../messages.ts'
import type { ChannelListener, KafkaClient } from '../network/client-channel.ts'
import type { RpcCaller, RpcFailure } from '../network/rpc.ts'
import type { Accumulator } from './accumulator.ts'
import { BatchFates } from './batch-fates.ts'
import { Idempotence } from './idempotence.ts'
import type { ClientMetadata } from './metadata.ts'
import { MetadataUpdater } from './metadata-updater.ts'
import type { PartitionMoves } from './partition-places.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProducerConfig } from './producer-config.ts'
import { ProducerIdRequester } from './producer-id-requester.ts'
import type { ProducerObserver } from './producer-observer.ts'
import { type BlockedEnd, END_OF_BLOCK, type RecordIntake } from './record-intake.ts'

/** A produce request that remembers its batches; brokers see the ProduceRequest only. */
interface SentRequest extends ProduceRequest {
  readonly batches: readonly ProducerBatch[]
}

/** Of a producer without idempotence. */
const NO_IDS: Pick<ProducerIdRequester, 'fatal'> = { fatal: null }

/** The I/O thread: which batches go to which broker now, and when to look again. */
export class Sender implements RpcCaller<SentRequest>, ChannelListener {
  readonly accumulator: Accumulator
  readonly idempotence: Idempotence | null
  private readonly intake: RecordIntake
  private readonly ctx: ProcessContext
  private readonly config: ProducerConfig
  private readonly linger: Micros
  /** One request in flight keeps the order of its partitions (guaranteeMessageOrder). */
  private readonly mutesPartitions: boolean
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly updater: MetadataUpdater
  private readonly producerIds: ProducerIdRequester | null
  private readonly observer: ProducerObserver
  private readonly fates: BatchFates
  private readonly timer: Timer
  private readonly runHandler: HandlerId
  private awake = false
  private isStopped = false
  /** Scratch of `readyNodes`. */
  private readonly ready: NodeId[] = []
  private nextRun: Micros = NEVER
  /** When the thread last looked for work. */
  private lastRun: Micros = 0

  constructor(
    ctx: ProcessContext,
    config: ProducerConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    intake: RecordIntake,
    accumulator: Accumulator,
    observer: ProducerObserver,
  ) {
    this.ctx = ctx
    this.config = config
    this.linger = config.lingerMs * 1_000
    this.mutesPartitions = config.maxInFlightRequestsPerConnection === 1
    this.client = client
    this.metadata = metadata
    this.intake = intake
    this.accumulator = accumulator
    this.observer = observer
    const random = ctx.random('sender')
    this.timer = ctx.timer(() => this.run())
    this.runHandler = ctx.handler(() => this.runAwake(), 'sender')
    const wake = () => this.wake()
    this.updater = new MetadataUpdater(metadata, config, client, random, wake)
    this.idempotence = config.enableIdempotence ? new Idempotence() : null
    this.producerIds =
      this.idempotence === null
        ? null
        : new ProducerIdRequester(this.idempotence, config, client, metadata, random, {
            onAnswer: wake,
            onRefused: (error) => this.onIdRefused(error),
          })
    const { idempotence } = this
    const ports = { ctx, config, metadata, accumulator, intake, idempotence, observer }
    this.fates = new BatchFates({ ...ports, random, wake })
    client.listener = this
    metadata.onMoved = (moves) => this.follow(moves)
  }

  /** Has the thread look for work now; several calls of one moment make one round. */
  wake(): void {
    if (this.awake || this.isStopped) return
    this.awake = true
    this.ctx.after(0, this.runHandler)
  }

  /** The producer is closed by force: what has met no fate is dropped, nothing is sent any more. */
  abort(): void {
    this.isStopped = true
    this.timer.cancel()
    this.fates.abortAll()
  }

  /** What waited for this broker can go. */
  onConnectionReady(): void {
    this.wake()
  }

  /** Asks for metadata before the batches of the connection are tried again. */
  onConnectionLost(): void {
    this.updater.onConnectionLost()
    this.wake()
  }

  /**
   * Poll returns for an answer, for a record that needs a batch, for what the thread itself waits
   * for, and after one request time-out at the latest.
   */
  wakesAt(): Micros {
    const { now } = this.ctx
    const wasBlocked = this.intake.blockedOn
    this.intake.pull(now)
    // A send() that has come to wait wakes the thread, which asks for metadata and knows its end.
    if (wasBlocked === null && this.intake.blockedOn !== null) this.wake()
    const longest = this.lastWake() + this.config.requestTimeoutMs * 1_000 + MS
    const own = this.nextRun > now ? this.nextRun : NEVER
    const next = Math.min(own, this.intake.nextWakeAt(), longest > now ? longest : NEVER)
    return next > now && next < NEVER ? next : now + MS
  }

  /** Its last round, or the last batch that send() began meanwhile. */
  private lastWake(): Micros {
    let latest = this.lastRun
    for (const { newest } of this.accumulator.nonEmpty()) {
      latest = Math.max(latest, newest?.createdFirst ?? latest)
    }
    return latest
  }

  private follow(moves: PartitionMoves): void {
    for (const [from, to] of moves) {
      this.accumulator.move(from, to)
      this.idempotence?.move(from, to)
    }
    this.intake.onMoved?.()
  }

  private runAwake(): void {
    this.awake = false
    if (!this.isStopped) this.run()
  }

  /** One pass of the thread's loop; what follows later is left to the timer. */
  private run(): void {
    const now = this.ctx.now
    this.lastRun = now
    this.nextRun = NEVER
    this.client.closeOverdue()
    this.idempotence?.maybeResolveAndBump()
    this.pullOrRefuse(now)
    const { fatal } = this.producerIds ?? NO_IDS
    if (fatal !== null) this.fates.abortAll(fatal)
    if (this.mayServeBatches) {
      this.sendReady(now)
      this.soonest(this.fates.expire(now))
    }
    this.soonest(this.updater.maybeUpdate(now))
    this.soonest(this.producerIds?.maybeRequest(now) ?? NEVER)
    this.soonest(this.intake.nextReadyAt(this.canUse, this.nextRun))
    this.soonest(this.intake.blockDeadline())
    if (this.nextRun === NEVER) this.timer.cancel()
    else if (this.timer.deadline !== this.nextRun) this.timer.arm(Math.max(0, this.nextRun - now))
  }

  /** While its producer id is to come the thread looks at no batch: none leaves, none expires. */
  private get mayServeBatches(): boolean {
    const { idempotence, producerIds } = this
    return idempotence === null || idempotence.hasProducerId || producerIds?.fatal !== null
  }

  private soonest(at: Micros): void {
    if (at < this.nextRun) this.nextRun = at
  }

  private pullOrRefuse(now: Micros): void {
    const { intake, metadata } = this
    intake.pull(now)
    const isRefused =
      intake.blockedOn === 'metadata' && metadata.takeUnauthorized(intake.blockedTopic)
    if (isRefused) this.refuseBlocked(now, 'TOPIC_AUTHORIZATION_FAILED')
    while (intake.blockDeadline() <= now) {
      this.refuseBlocked(now, END_OF_BLOCK[intake.blockedOn ?? 'metadata'])
    }
    if (intake.blockedOn === 'metadata') metadata.requestUpdate()
  }

  /** send() throws, and the application goes on with its next record. */
  private refuseBlocked(now: Micros, error: BlockedEnd): void {
    const { partition, recordId, createdAt: at } = this.intake.refuseBlocked(now, error)
    this.observer.onBatchDone(partition, recordId, 1, 0, at, at, 'fail', error, NO_OFFSET, 0)
    this.intake.pull(now)
  }

  /** No producer id without the right to write: nothing that waits for one can be sent. */
  private onIdRefused(error: KafkaError): void {
    this.fates.abortAll(error)
    this.wake()
  }

  /**
   * Whether records to come need an event of their own. Not while something else will wake us:
   * the answer of a full connection, the end of a set-up or of a back-off, newer metadata, a
   * producer id.
   */
  private readonly canUse = (partition: PartitionIndex | null): boolean => {
    if (partition === null) return true
    if (!this.mayServeBatches) return false
    const leader = this.metadata.leaderOf(partition)
    if (leader === NO_NODE) return !this.metadata.isUpdateRequested
    const queue = this.accumulator.queueOf(partition)
    if (queue.oldest?.inRetry || this.isMuted(queue)) return false
    if (this.client.canSend(leader)) return true
    if (queue.oldest !== null) return false
    return !this.client.isReady(leader) && !this.client.isPreparing(leader)
  }

  private sendReady(now: Micros): void {
    for (let isMoreLeft = true; isMoreLeft; ) {
      isMoreLeft = false
      const nodes = this.readyNodes(now)
      for (let i = 0; i < nodes.length; i++) {
        const canDrain = this.client.ready(nodes[i])
        this.accumulator.latencies.update(nodes[i], now, canDrain)
        if (canDrain) isMoreLeft = this.drain(nodes[i], now) || isMoreLeft
        else this.soonest(this.client.retryAt(nodes[i]) ?? NEVER)
      }
    }
  }

  private readyNodes(now: Micros): readonly NodeId[] {
    const nodes = this.ready
    while (nodes.length > 0) nodes.pop()
    const queues = this.accumulator.nonEmpty()
    for (let i = 0; i < queues.length; i++) {
      const queue = queues[i]
      const batch = queue.oldest
      if (batch === null || this.isMuted(queue)) continue
      const leader = this.metadata.leaderOf(queue.partition)
      if (leader === NO_NODE) {
        this.metadata.requestUpdate()
        continue
      }
      if (nodes.length > 0 && nodes.includes(leader)) continue
      const readyAt = this.readyAt(queue, batch)
      if (readyAt <= now) nodes.push(leader)
      else this.soonest(readyAt)
    }
    return nodes
  }

  private readyAt(queue: PartitionQueue, batch: ProducerBatch): Micros {
    const retryAt = this.retryAt(batch)
    // It was closed when it was sent, which counts as full: a retry does not linger.
    if (batch.attempts > 0) return retryAt
    const full = queue.newest !== batch || batch.isFull || this.intake.blockedOn === 'memory'
    return full || this.accumulator.isFlushing ? 0 : batch.createdFirst + this.linger
  }

  /** 0 for a batch that was never sent, or whose partition has a new leader since. */
  private retryAt(batch: ProducerBatch): Micros {
    if (batch.attempts === 0) return 0
    const changed = batch.leaderChanged(this.metadata.epochOf(batch.partition))
    return changed && this.config.leaderHints ? 0 : batch.retryAt
  }

  private isMuted(queue: PartitionQueue): boolean {
    return this.mutesPartitions && queue.unanswered > 0
  }

  /**
   * Sends one request with at most one batch of each partition that the node leads.
   * @returns whether it was sent and left a batch that the node may be ready for
   */
  private drain(node: NodeId, now: Micros): boolean {
    // Most often it is one batch, and an empty list that grows would make room for many.
    let taken: ProducerBatch[] | null = null
    const queues = this.accumulator.nonEmpty()
    let bytes = 0
    let isMoreLeft = false
    for (let i = 0; i < queues.length; i++) {
      const queue = queues[i]
      const batch = queue.oldest
      if (batch === null || this.isMuted(queue)) continue
      if (this.metadata.leaderOf(queue.partition) !== node) continue
      const isFull = taken !== null && bytes + batch.bytes > this.config.maxRequestSizeBytes
      const isBackingOff = this.retryAt(batch) > now
      isMoreLeft ||= isFull || isBackingOff || queue.newest !== batch
      if (isBackingOff) continue
      if (isFull) break
      // Kafka ends the request here, though other partitions could go (drainBatchesForOneNode).
      if (this.idempotence?.mustWait(batch)) {
        isMoreLeft = true
        break
      }
      this.idempotence?.assign(batch)
      // The epoch of this attempt: a newer one later means a new leader.
      batch.leaderChanged(this.metadata.epochOf(batch.partition))
      batch.closed = true
      this.accumulator.sent(queue, batch)
      queue.isServed = true
      bytes += batch.bytes
      if (taken === null) taken = [batch]
      else taken.push(batch)
    }
    if (taken === null) return false
    this.accumulator.putServedLast()
    this.send(node, taken)
    return isMoreLeft
  }

  private send(node: NodeId, batches: readonly ProducerBatch[]): void {
    const request: SentRequest = {
      api: 'Produce',
      acks: this.config.acks,
      timeoutMs: this.config.requestTimeoutMs,
      partitions: batches.map((batch) => ({ partition: batch.partition, batch: batch.onWire() })),
      batches,
    }
    this.client.send(node, request, this.config.requestTimeoutMs, this)
  }

  /**
   * Each batch has its own error. A failed request tells nothing of the log: REQUEST_TIMED_OUT
   * after request.timeout.ms, else NETWORK_EXCEPTION (Sender.handleProduceResponse).
   */
  onReply(request: SentRequest, response: Response | null, failure: RpcFailure | null): void {
    const { batches, partitions } = request
    if (failure !== null) {
      const error = failure === 'timed-out' ? 'REQUEST_TIMED_OUT' : 'NETWORK_EXCEPTION'
      for (const batch of batches) this.fates.answered(batch, error, NO_OFFSET)
    } else if (response?.api === 'Produce') {
      for (let i = 0; i < batches.length; i++) {
        const batch = batches[i]
        const entry = entryOf(response, partitions[i]?.partition ?? batch.partition, i)
        const error = entry?.error ?? 'NETWORK_EXCEPTION'
        this.fates.answered(batch, error, entry?.baseOffset ?? NO_OFFSET)
      }
      if (this.config.leaderHints) this.takeHints(response)
    } else {
      // acks=0: written to the socket is all there is to know.
      for (const batch of batches) this.fates.answered(batch, 'NONE', NO_OFFSET)
    }
    this.wake()
  }

  private takeHints(response: ProduceResponse): void {
    for (const entry of response.partitions) {
      if (entry.currentLeader !== null)
        this.metadata.updateLeader(entry.partition, entry.currentLeader)
    }
  }
}

function entryOf(
  response: ProduceResponse,
  partition: PartitionIndex,
  at: number,
): ProducePartitionResponse | undefined {
  const same = response.partitions[at]
  if (same?.partition === partition) return same
  return response.partitions.find((entry) => entry.partition === partition)
}

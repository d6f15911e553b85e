// Models: a fetcher thread: one request in flight to one leader, for all its partitions together.
// Leaves out: throttling of out-of-sync replicas, moving replicas between log directories.
// Source: AbstractFetcherThread, ReplicaFetcherThread, BrokerBlockingSender.

import type { Disk } from '../../sim/disk.ts'
import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { takeOut } from '../../sim/take-out.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { BrokerEpoch, NodeId, PartitionIndex } from '../ids.ts'
import { bytesOf } from '../log/batch-list.ts'
import type {
  FetchPartition,
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
  OffsetsForLeaderEpochRequest,
  Request,
  Response,
} from '../messages.ts'
import type { RpcCaller, RpcClient, RpcFailure } from '../network/rpc.ts'
import { type FollowerOutcome, followerHandlesFetchResponse } from '../partition/follower-append.ts'
import type { Partition } from '../partition/partition.ts'
import type { Guards } from '../version.ts'
import type { BrokerConfig } from './broker-config.ts'
import { EpochTruncation } from './epoch-truncation.ts'
import { FetchSessionHandler } from './fetch-session-handler.ts'
import { OffsetReset } from './offset-reset.ts'
import { type FollowedPartitions, PartitionFetch } from './partition-fetch.ts'
import { PartitionStates } from './partition-states.ts'

/** What a thread is built from; whom it follows there it is told later. */
export interface FetcherOptions {
  readonly context: ProcessContext
  readonly config: BrokerConfig
  readonly guards: Guards
  readonly disk: Disk
  /** A connection of its own. */
  readonly rpc: RpcClient
  readonly source: NodeId
  brokerEpoch(): BrokerEpoch
}

/** Of more partitions that were served together, each line is looked at. */
const SERVED_MAX = 4

/** What a fetcher did with one partition of a response. */
export type FetchOutcome = FollowerOutcome | 'ERROR' | 'IGNORED'

/**
 * idle: nothing can be fetched before the timer or a new partition; working: busy with a response
 * until the timer; in-flight: a request is out and nothing else goes out.
 */
type ThreadState = 'idle' | 'working' | 'in-flight'

/**
 * One thread of num.replica.fetchers for one source broker: a request at a time, of all partitions
 * that it follows there. So a slow partition delays its neighbours of the same thread.
 */
export class ReplicaFetcher implements RpcCaller, FollowedPartitions, Checked {
  readonly source: NodeId
  /** In the order in which they will be asked for; who was served goes to the end. */
  readonly states = new PartitionStates<PartitionFetch>()
  state: ThreadState = 'idle'
  readonly #options: FetcherOptions
  readonly #backoff: Micros
  readonly #random: Random
  readonly #timer: Timer
  /** Partitions whose fetch offset is out of the leader's range: settled before any other fetch. */
  readonly #resets: OffsetReset
  readonly #truncations: EpochTruncation
  /** KIP-227's session with this leader, ended by any request that gets no answer. */
  readonly #session: FetchSessionHandler
  /** What the last fetch has listed: the next lists the same but for those served since. */
  #listed: readonly FetchPartition[] = []
  readonly #served: PartitionFetch[] = []
  /** More has happened: the list is made anew. */
  #mustList = true
  /** A late answer must not wake a thread that has ended. */
  #isStopped = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.source = options.source
    this.#backoff = millis(options.config.replicaFetchBackoffMs)
    this.#session = new FetchSessionHandler(options.guards.fetchSessions)
    this.#random = options.context.random('replica-fetcher')
    this.#timer = options.context.timer(() => this.run())
    this.#resets = new OffsetReset(this)
    this.#truncations = new EpochTruncation(this)
  }

  /** Nothing to do until metadata changes. */
  get isIdle(): boolean {
    for (const state of this.states) if (state.phase !== 'failed') return false
    return true
  }

  /** Begins to follow. An idle thread wakes, a busy one takes the partition along next time. */
  add(partition: Partition): void {
    this.states.set(partition.index, new PartitionFetch(partition))
    this.#mustList = true
    if (this.state === 'idle') this.#timer.arm(0)
  }

  /** @returns whether the partition was here */
  remove(index: PartitionIndex): boolean {
    this.#mustList = true
    return this.states.delete(index)
  }

  /** Closes the connection; answers on their way are not looked at. */
  stop(): void {
    this.#isStopped = true
    this.#timer.cancel()
    this.states.clear()
    this.#options.rpc.disconnect(this.source)
  }

  /** The next thing to do: settle offsets, else fetch, else wait. */
  run(): void {
    if (this.#isStopped || this.state === 'in-flight') return
    const request =
      this.#resets.next(this.#options.config.nodeId) ?? this.#nextTruncation() ?? this.buildFetch()
    if (request !== null) this.#send(request)
    else this.#await()
  }

  /** With epochs in the fetch itself nothing is asked beside it. */
  #nextTruncation(): OffsetsForLeaderEpochRequest | null {
    const { guards, context } = this.#options
    return guards.truncationIteratesEpochs ? null : this.#truncations.next(context.now)
  }

  #send(request: Request): void {
    this.state = 'in-flight'
    const { rpc, config } = this.#options
    rpc.send(this.source, request, config.requestTimeoutMs, this)
  }

  /** Nothing is ready: the thread waits for replica.fetch.backoff.ms, or for a new partition. */
  #await(): void {
    this.state = 'idle'
    if (this.isIdle) this.#timer.cancel()
    else this.#timer.arm(this.#backoff)
  }

  /** The fetch that would be sent now; null if no partition is ready. */
  buildFetch(): FetchRequest | null {
    const { config } = this.#options
    if (this.#mustList || this.#served.length > SERVED_MAX) this.#listAll()
    else if (this.#served.length > 0) this.#listServed()
    while (this.#served.length > 0) this.#served.pop()
    const partitions = this.#listed
    if (partitions.length === 0) return null
    return {
      api: 'Fetch',
      replicaId: config.nodeId,
      brokerEpoch: this.#options.brokerEpoch(),
      maxWaitMs: config.replicaFetchWaitMaxMs,
      minBytes: config.replicaFetchMinBytes,
      maxBytes: config.replicaFetchResponseMaxBytes,
      isolation: 'read_uncommitted',
      clientRack: '',
      sessionId: this.#session.sessionId,
      sessionEpoch: this.#session.sessionEpoch,
      partitions,
    }
  }

  #listAll(): void {
    const { config, context } = this.#options
    const { now } = context
    const listed: FetchPartition[] = []
    for (let state = this.states.first; state !== null; state = state.next) {
      if (state.isReady(now)) listed.push(state.entry(config.replicaFetchMaxBytes))
    }
    this.#listed = listed
    // Time alone brings back those that are left out.
    this.#mustList = listed.length < this.states.size
  }

  /** Who was served has a new line, at the end; the others are not looked at. */
  #listServed(): void {
    const listed = this.#listed.slice()
    for (const state of this.#served) {
      if (state.asked !== null) takeOut(listed, state.asked)
      listed.push(state.entry(this.#options.config.replicaFetchMaxBytes))
    }
    this.#listed = listed
  }

  /** Logs begin elsewhere, and lines tell where. */
  onDeletedSegments(): void {
    this.#mustList = true
  }

  /**
   * Null is a lost connection or a time-out: every partition backs off for
   * replica.fetch.backoff.ms. After an answer of records the thread works, so that the next request
   * goes out later.
   */
  onReply(request: Request, response: Response | null, _failure: RpcFailure | null): void {
    if (this.#isStopped) return
    this.state = 'idle'
    if (request.api === 'ListOffsets') this.#resets.onReply(request, response)
    else if (request.api === 'OffsetsForLeaderEpoch') this.#truncations.onReply(response)
    else if (request.api === 'Fetch' && response?.api === 'Fetch') {
      if (this.#session.onResponse(response)) {
        this.#onFetched(response)
        return
      }
    } else this.#onFailure()
    this.run()
  }

  /** Without an answer every partition of the thread waits, also those that came meanwhile. */
  #onFailure(): void {
    this.#session.onFailure()
    for (const { partition } of [...this.states]) this.delay(partition.index)
  }

  /** The answer is worked off; the next request goes out when the work is done. */
  #onFetched(response: FetchResponse): void {
    let bytes = 0
    let flushing: Micros = 0
    for (let i = 0; i < response.partitions.length; i++) {
      const answer = response.partitions[i]
      if (answer === undefined) continue
      // None where metadata has given the partition anew since.
      const asked = this.states.get(answer.partition)?.asked ?? null
      if (asked !== null) this.handle(asked, answer)
      if (answer.batches.length === 0) continue
      bytes += bytesOf(answer.batches)
      flushing += this.#flush(answer.partition)
    }
    this.state = 'working'
    const writing = bytes > 0 ? this.#options.disk.write(bytes) : 0
    this.#timer.arm(this.#serviceTime() + writing + flushing)
    if (writing + flushing > 0) this.#options.disk.keepsWaiting(this.#timer)
  }

  /** flush.messages counts at a follower as at the leader: the thread waits for the disk. */
  #flush(index: PartitionIndex): Micros {
    const log = this.states.get(index)?.partition.log
    if (log === undefined || !log.flushIsDue) return 0
    log.flush()
    return this.#options.disk.fsync(0)
  }

  /** From the answer in the socket to the next request: parsing, appending, building. */
  #serviceTime(): Micros {
    const time = this.#options.config.followerAppendService
    return typeof time === 'number' ? time : this.#random.int(time[0], time[1])
  }

  /** Takes one partition's answer, unless the fetcher has moved on since it asked. */
  handle(entry: FetchPartition, answer: FetchPartitionResponse): FetchOutcome {
    const state = this.states.get(entry.partition)
    if (state === undefined || !state.isAt(entry, this.#options.context.now)) return 'IGNORED'
    switch (answer.error) {
      case 'NONE':
        return this.#take(state, answer)
      // Asked for at once, while the thread fetches nothing else.
      case 'OFFSET_OUT_OF_RANGE':
        this.#resets.add(entry.partition)
        return 'ERROR'
      // Its leader is of a newer epoch: the metadata that tells so is on its way here.
      case 'FENCED_LEADER_EPOCH':
        this.fail(entry.partition)
        return 'ERROR'
      // The leader is behind with its metadata, or has the partition no more: time will tell.
      default:
        this.delay(entry.partition)
        return 'ERROR'
    }
  }

  #take(state: PartitionFetch, answer: FetchPartitionResponse): FetchOutcome {
    const { partition } = state
    // Somebody else has changed the log under this thread: Kafka throws and gives the partition up.
    if (state.fetchOffset !== partition.log.logEndOffset) {
      this.fail(partition.index)
      return 'FAILED'
    }
    if (answer.diverging !== null) state.onDiverging(answer.diverging)
    const { logStartOffset } = partition.log
    const outcome = followerHandlesFetchResponse(partition, answer)
    if (partition.log.logStartOffset !== logStartOffset) this.#mustList = true
    if (outcome === 'FAILED') this.fail(partition.index)
    else if (outcome === 'APPENDED') this.#onServed(state)
    // Nothing was served yet: it keeps its turn (updateFetchOffsetAndMaybeMarkTruncationComplete).
    else if (outcome !== 'EMPTY') {
      state.resume()
      this.#mustList = true
    }
    return outcome
  }

  #onServed(state: PartitionFetch): void {
    this.#served.push(state)
    state.resume()
    this.states.moveToEnd(state)
  }

  /** The log changed: go on from its end, after the others. */
  resume(index: PartitionIndex): void {
    const state = this.states.get(index)
    if (state === undefined) return
    this.#mustList = true
    state.resume()
    this.states.moveToEnd(state)
  }

  /** For replica.fetch.backoff.ms. One that waits already waits no longer, and keeps its turn. */
  delay(index: PartitionIndex): void {
    const state = this.states.get(index)
    if (state === undefined) return
    const { now } = this.#options.context
    if (now < state.delayedUntil) return
    this.#mustList = true
    state.delayedUntil = now + this.#backoff
    this.states.moveToEnd(state)
  }

  /**
   * Its partitions are led by its source in their present epoch, and it will wake.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    this.states.assertWhole()
    const { source } = this
    for (const { partition, leaderEpoch } of this.states) {
      const { index, leader } = partition
      invariant(leader === source, 'a partition is fetched from its leader', { index, source })
      const isCurrent = leaderEpoch === partition.leaderEpoch
      invariant(isCurrent, 'a new leader epoch gives the partition anew', { index, leaderEpoch })
    }
    const isForgotten = !this.#timer.armed && this.state !== 'in-flight' && !this.isIdle
    invariant(!isForgotten, 'a thread with work wakes again', { source, state: this.state })
  }

  /** Nothing but new metadata can help this partition. */
  fail(index: PartitionIndex): void {
    const state = this.states.get(index)
    if (state === undefined) return
    this.#mustList = true
    state.phase = 'failed'
  }
}

// Models: a fetcher thread of a link: one request in flight to one leader of the source, which it
// asks as a consumer does, below the high watermark, and whose batches it appends as they are.
// Leaves out: throttling of links, fetch sessions.
// Source: AbstractFetcherThread, which Confluent's fetchers of links extend; KIP-320.

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import {
  FINAL_SESSION_EPOCH,
  NO_EPOCH,
  NO_FETCH_SESSION,
  NO_NODE,
  NO_OFFSET,
  type NodeId,
  type Offset,
} from '../../kafka/ids.ts'
import type {
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
  ListOffsetsResponse,
  OffsetsForLeaderEpochResponse,
  Request,
  Response,
} from '../../kafka/messages.ts'
import type { RpcCaller, RpcClient } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import { retryAfter, retryLimit } from './fetch-retries.ts'
import type { LinkConfig } from './link-config.ts'
import type { MirrorFetch, MirrorPhase } from './mirror-fetch.ts'

/** Whom a fetcher tells what it cannot decide: its broker's link. It is called back at once. */
export interface FetcherOwner {
  /** The source's leader has moved, or may have. */
  onStale(): void
  /** The mirror cannot go on. */
  onFailed(fetch: MirrorFetch, why: string): void
  /** The source was heard of: the sight of `fetch` is new, with or without records. */
  onHeard(fetch: MirrorFetch): void
}

/**
 * Fetches like a follower, from another cluster: offsets and epochs are the source’s, so a copy is
 * the log itself and needs no translation.
 *
 * To the source it is a consumer (replica id -1), and that decides what it may see. A follower is
 * given records above the high watermark, because the high watermark waits for it; a mirror is
 * not waited for. Were it given them, an election at the source could take back what it has.
 *
 * A link makes one for each broker of the source that leads something of it, and drops it once
 * nothing is left to fetch there. It lives no longer than its broker's process.
 */
export class LinkFetcher implements RpcCaller {
  readonly leader: NodeId
  /** In the order in which they will be asked for. */
  readonly fetches = new Map<number, MirrorFetch>()
  readonly #context: ProcessContext
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #rpc: RpcClient
  readonly #owner: FetcherOwner
  readonly #random: Random
  /** The thread's next turn, where it does not wait for an answer. */
  readonly #timer: Timer
  /** `idle` has nothing to ask, `working` appends: only of these does `add` wake the first. */
  #state: 'idle' | 'working' | 'in-flight' = 'idle'
  #isStopped = false

  constructor(
    context: ProcessContext,
    host: MirrorHost,
    config: LinkConfig,
    to: { readonly leader: NodeId; readonly rpc: RpcClient },
    owner: FetcherOwner,
  ) {
    this.#context = context
    this.#host = host
    this.#config = config
    this.#rpc = to.rpc
    this.leader = to.leader
    this.#owner = owner
    this.#random = context.random(`link-fetcher/${config.name}`)
    this.#timer = context.timer(() => this.#run())
  }

  /** Replaces what was fetched for that partition; counts from the next request on. */
  add(fetch: MirrorFetch): void {
    this.fetches.set(fetch.index, fetch)
    if (this.#state === 'idle') this.#timer.arm(0)
  }

  /** What is still under way for it is not taken. */
  remove(index: number): void {
    this.fetches.delete(index)
  }

  /** Its connection is closed with it. */
  stop(): void {
    this.#isStopped = true
    this.#timer.cancel()
    this.fetches.clear()
    // An answer under way would find nobody: whoever leads the partition next asks for it anew.
    this.#rpc.disconnect(this.leader)
  }

  /**
   * One turn of the thread (AbstractFetcherThread.doWork). One request is under way for all of its
   * partitions, so that a question about one of them holds up the records of the others by a round
   * trip: where positions come from, then whether they hold, and only then what follows.
   */
  #run(): void {
    if (this.#isStopped || this.#state === 'in-flight') return
    const request = this.#starts() ?? this.#validations() ?? this.#fetch()
    if (request === null) {
      this.#state = 'idle'
      // Partitions that wait after an error: looked at again after the back-off, as in Kafka.
      const waits = [...this.fetches.values()].some(({ phase }) => phase !== 'held')
      if (waits) this.#timer.arm(this.#config.fetchBackoff)
      return
    }
    this.#state = 'in-flight'
    this.#rpc.send(this.leader, request, this.#config.requestTimeoutMs, this)
  }

  /** What may be asked for now, those first that have been given nothing for longest. */
  #ready(phase: MirrorPhase): MirrorFetch[] {
    const { now } = this.#context
    return [...this.fetches.values()].filter((fetch) => fetch.isReady(phase, now))
  }

  /** Where the source begins, or began at a time: its offset is the first of the mirror, too. */
  #starts(): Request | null {
    const asked = this.#ready('starting')
    if (asked.length === 0) return null
    const partitions = asked.map(({ source, startsAtEnd }) => ({
      partition: source.partition,
      currentLeaderEpoch: source.leaderEpoch,
      at: startsAtEnd ? ('latest' as const) : this.#config.startsAt(),
    }))
    return { api: 'ListOffsets', replicaId: NO_NODE, partitions }
  }

  /**
   * Where the mirror's last epoch ended at the source (KIP-320). Asked whenever the source's leader
   * is another one, for the new one may have been elected without what the old one had shown:
   *
   * 1. the source's leader A has shown 0 to 99 as committed, and the mirror has them;
   * 2. all in-sync replicas of A are lost, and B leads by unclean election with 0 to 59;
   * 3. writers append 60 to 119 in B's epoch;
   * 4. a mirror that went on at 100 would have 60 to 99 of A and from 100 on those of B.
   */
  #validations(): Request | null {
    // What was cut here is cut at the replicas too before anything comes behind it.
    const asked = this.#ready('validating').filter(({ index }) => this.#host.isConverged(index))
    if (asked.length === 0) return null
    const partitions = asked.map(({ index, source }) => ({
      partition: source.partition,
      currentLeaderEpoch: source.leaderEpoch,
      leaderEpoch: this.#host.log(index)?.latestEpoch ?? NO_EPOCH,
    }))
    return { api: 'OffsetsForLeaderEpoch', partitions }
  }

  #fetch(): FetchRequest | null {
    const config = this.#config
    const partitions = this.#ready('fetching').flatMap(({ index, source }) => {
      const log = this.#host.log(index)
      if (log === null) return []
      return {
        partition: source.partition,
        currentLeaderEpoch: source.leaderEpoch,
        fetchOffset: log.logEndOffset,
        // Without it the source compares nothing (KIP-595): a consumer validates in its own time.
        lastFetchedEpoch: NO_EPOCH,
        // Only followers tell where they begin.
        logStartOffset: NO_OFFSET,
        maxBytes: config.fetchMaxBytes,
      }
    })
    if (partitions.length === 0) return null
    return {
      api: 'Fetch',
      replicaId: NO_NODE,
      brokerEpoch: -1,
      maxWaitMs: config.fetchWaitMaxMs,
      minBytes: config.fetchMinBytes,
      maxBytes: config.fetchResponseMaxBytes,
      isolation: 'read_uncommitted',
      clientRack: '',
      // Each request stands alone, and names every partition: no session (KIP-227) is begun.
      sessionId: NO_FETCH_SESSION,
      sessionEpoch: FINAL_SESSION_EPOCH,
      partitions,
    }
  }

  /** The thread appends before it asks again; without an answer the leader may have moved. */
  onReply(request: Request, response: Response | null): void {
    if (this.#isStopped) return
    this.#state = 'idle'
    let took: Micros = 0
    if (response?.api === 'ListOffsets') this.#onStarts(response)
    else if (response?.api === 'OffsetsForLeaderEpoch') this.#onValidations(response)
    else if (response?.api === 'Fetch' && request.api === 'Fetch') {
      took = this.#onFetched(request, response) + this.#random.int(...this.#config.appendService)
    } else this.#onSilence()
    // The log is written before it asks again: one answer a round trip and what writing takes.
    this.#state = 'working'
    this.#timer.arm(took)
    if (took > 0) this.#host.keepsWaiting(this.#timer)
  }

  /** No answer at all: nothing is wrong with the partitions, the leader may have moved. */
  #onSilence(): void {
    // The whole request failed, so all partitions wait, and none of them counts a failure: while
    // the source is silent a mirror has not failed, however long that lasts.
    for (const fetch of this.fetches.values()) this.#delay(fetch)
    this.#owner.onStale()
  }

  /** By the source's partition; undefined for one that was removed while its answer came. */
  #of(partition: number): MirrorFetch | undefined {
    for (const fetch of this.fetches.values()) {
      if (fetch.source.partition === partition) return fetch
    }
    return undefined
  }

  #onStarts({ partitions }: ListOffsetsResponse): void {
    for (const { partition, error, offset } of partitions) {
      const fetch = this.#of(partition)
      if (fetch?.phase !== 'starting') continue
      if (error !== 'NONE') this.#onError(fetch, error)
      // No record is as young as that: it begins with what comes next.
      else if (offset === NO_OFFSET) fetch.startsAtEnd = true
      else {
        this.#host.startAt(fetch.index, offset)
        fetch.phase = 'fetching'
      }
    }
  }

  /** The source's log must still hold all that the mirror has. */
  #onValidations({ partitions }: OffsetsForLeaderEpochResponse): void {
    for (const { partition, error, endOffset, leaderEpoch } of partitions) {
      const fetch = this.#of(partition)
      const log = fetch === undefined ? null : this.#host.log(fetch.index)
      if (fetch?.phase !== 'validating' || log === null) continue
      if (error !== 'NONE') this.#onError(fetch, error)
      else if (leaderEpoch === log.latestEpoch && endOffset >= log.logEndOffset) {
        fetch.phase = 'fetching'
      } else this.#onTruncatedSource(fetch, Math.max(0, Math.min(endOffset, log.logEndOffset)))
    }
  }

  #onTruncatedSource(fetch: MirrorFetch, sourceEnd: Offset): void {
    if (this.#config.onSourceTruncation === 'fail') {
      this.#fail(fetch, `the source ends at ${sourceEnd}, before the mirror`)
      return
    }
    this.#host.truncate(fetch.index, sourceEnd)
    const log = this.#host.log(fetch.index)
    fetch.phase = (log?.latestEpoch ?? NO_EPOCH) === NO_EPOCH ? 'fetching' : 'validating'
  }

  /** @returns how long the appends take */
  #onFetched(request: FetchRequest, { partitions }: FetchResponse): Micros {
    let took: Micros = 0
    for (const entry of request.partitions) {
      const fetch = this.#of(entry.partition)
      if (fetch?.phase !== 'fetching') continue
      const answer = partitions.find(({ partition }) => partition === entry.partition)
      // Nothing to tell: there is nothing between the asked offset and the high watermark.
      if (answer === undefined) this.#hear(fetch, entry.fetchOffset)
      else if (answer.error === 'NONE') took += this.#append(fetch, entry.fetchOffset, answer)
      else this.#onError(fetch, answer.error)
    }
    return took
  }

  #append(fetch: MirrorFetch, asked: Offset, answer: FetchPartitionResponse): Micros {
    const log = this.#host.log(fetch.index)
    // The log has moved since the question: it was cut, or this is an answer to an older fetch.
    if (log === null || log.logEndOffset !== asked) return 0
    const appended = this.#host.append(fetch.index, answer.batches)
    if ('refused' in appended) {
      // 'not-leader' is no failure: metadata is about to take the partition from here.
      if (appended.refused === 'gap') this.#fail(fetch, 'the source’s log has a gap')
      return 0
    }
    fetch.sight.toldAt = this.#context.now
    this.#hear(fetch, answer.highWatermark)
    // To the end of the line (PartitionStates.updateAndMoveToEnd): an answer is filled in the order
    // of the request, and one busy partition would else take all that an answer may hold.
    this.fetches.delete(fetch.index)
    this.fetches.set(fetch.index, fetch)
    return appended.took
  }

  /** Any answer without an error ends a run of failures, also one without records. */
  #hear(fetch: MirrorFetch, highWatermark: Offset): void {
    fetch.sight.highWatermark = highWatermark
    fetch.sight.at = this.#context.now
    fetch.sight.failures = 0
    fetch.failingSince = null
    this.#owner.onHeard(fetch)
  }

  /**
   * The source lives and refuses. Out of range means that records are gone which the mirror never
   * had; that is not waited for. All else may pass: a leader that moved, a topic that is being
   * deleted, a right that was taken away.
   */
  #onError(fetch: MirrorFetch, error: string): void {
    const { now } = this.#context
    if (error === 'OFFSET_OUT_OF_RANGE') {
      if (this.#config.onSourceDeletion === 'restart') fetch.phase = 'starting'
      else this.#fail(fetch, 'the source no longer has what comes next')
      return
    }
    fetch.failingSince ??= now
    fetch.sight.failures += 1
    const { retries } = this.#config
    const failing = { count: fetch.sight.failures, since: fetch.failingSince }
    const wait = retryAfter(retries, failing, now, this.#random)
    if (wait === null) {
      this.#fail(fetch, `${error} ${retryLimit(retries)}`)
      return
    }
    fetch.delayedUntil = now + wait
    this.#owner.onStale()
  }

  /** By replica.fetch.backoff.ms, or what the link has in its place. */
  #delay(fetch: MirrorFetch): void {
    fetch.delayedUntil = this.#context.now + this.#config.fetchBackoff
  }

  /** Nothing more is asked for it; the controller hears, and metadata then takes it from here. */
  #fail(fetch: MirrorFetch, why: string): void {
    fetch.phase = 'held'
    this.#owner.onFailed(fetch, why)
  }
}

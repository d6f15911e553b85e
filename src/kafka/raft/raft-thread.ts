// Models: the single raft thread of a node: one message at a time, waiting for each flush.
// Leaves out: the queue's capacity; the network's own threads.
// Source: KafkaRaftClientDriver, KafkaRaftClient.poll, RaftMessageQueue.

import type { DiskWait } from '../../sim/disk.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import type { NodeId, QuorumEpoch } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { Reply, RequestHandler, RpcCaller, RpcClient, RpcFailure } from '../network/rpc.ts'
import { handleBeginQuorumEpoch } from './begin-quorum-epoch.ts'
import { handleEndQuorumEpoch, handleQuorumEpochResponse } from './end-quorum-epoch.ts'
import { handleFetch, handleFetchResponse } from './fetch.ts'
import { drawReaperSleep, isShutDown, SHUTDOWN_TIME_MAX } from './graceful-shutdown.ts'
import { poll } from './poll.ts'
import { METADATA_RECORD_BYTES } from './quorum-log.ts'
import type { ElectionState, QuorumStore } from './quorum-store.ts'
import type { RaftConfig } from './raft-config.ts'
import { type RaftIo, type RaftListener, RaftNode } from './raft-node.ts'
import { handleVote, handleVoteResponse } from './vote.ts'

/** The part of a disk that the raft thread waits for; times in micros. */
export interface FlushDevice {
  fsync(bytes: number): Micros
  keepsWaiting(wait: DiskWait): void
}

/** Size of the quorum-state file, which is written anew with each change. */
const ELECTION_STATE_BYTES = 200

type Inbound =
  | { readonly kind: 'request'; readonly request: Request; readonly reply: Reply }
  | {
      readonly kind: 'reply'
      readonly node: NodeId
      readonly request: Request
      readonly response: Response | null
    }

/** What the thread does once the flushes before it are through. */
type Outbound =
  | { readonly kind: 'send'; at: Micros; readonly node: NodeId; readonly request: Request }
  | {
      readonly kind: 'answer'
      at: Micros
      readonly reply: Reply
      readonly response: Response
    }
  | {
      readonly kind: 'flushed'
      at: Micros
      readonly endOffset: number
      readonly election: ElectionState
    }

/**
 * Drives a RaftNode: what arrives while the thread works or waits for the disk is queued, and what
 * a handler sends leaves when the flushes that it asked for before are done.
 */
export class RaftThread implements RequestHandler, RpcCaller, RaftIo, DiskWait {
  readonly node: RaftNode
  readonly #context: ProcessContext
  readonly #rpc: RpcClient
  readonly #disk: FlushDevice
  readonly #store: QuorumStore
  readonly #config: RaftConfig
  /** Arrived while the thread was busy, in order; it takes one a turn. */
  readonly #inbox: Inbound[] = []
  /** What a handler sent, in its order: it leaves when the flushes asked for before are done. */
  readonly #outbox: Outbound[] = []
  readonly #timer: Timer
  /** When the thread is through with its work and with its disk; in the past while it idles. */
  #busyUntil: Micros = 0
  /** When the node wants to look at its clock next: the time-out of Kafka's message queue. */
  #pollAt: Micros = NEVER
  /** Within a turn, whatever arrives is queued: no handler runs inside another. */
  #isWorking = false
  /** The log's end at the last flush asked for: only what came since are bytes of the next. */
  #flushedOffset = 0
  /** Set once an orderly end has begun; called when nobody needs this node any more. */
  #onShutDown: (() => void) | null = null

  constructor(
    config: RaftConfig,
    store: QuorumStore,
    context: ProcessContext,
    rpc: RpcClient,
    disk: FlushDevice,
    listener: RaftListener,
  ) {
    this.#config = config
    this.#store = store
    this.#context = context
    this.#rpc = rpc
    this.#disk = disk
    this.#timer = context.timer(() => this.#wake())
    this.node = new RaftNode(config, store, this, context.random('raft'), listener)
    this.#flushedOffset = store.flushedOffset
  }

  get now(): Micros {
    return this.#context.now
  }

  /** Begins to take part in the quorum. Called once for each incarnation. */
  start(): void {
    this.#isWorking = true
    this.node.start()
    this.#poll()
    this.#armTimer()
  }

  /** See RaftNode.append; wakes the thread. */
  append(epoch: QuorumEpoch, records: readonly MetadataRecord[]): number | null {
    const offset = this.node.append(epoch, records)
    if (offset !== null && this.node.state.name === 'Leader') {
      this.#pollAt = Math.min(this.#pollAt, this.node.state.drainAt)
      this.#armTimer()
    }
    return offset
  }

  /** Offset that the next appended record will get. */
  get nextOffset(): number {
    return this.node.nextOffset
  }

  /** See RaftNode.resign. */
  resign(epoch: QuorumEpoch, first: readonly NodeId[] = []): void {
    if (!this.node.leadsIn(epoch)) return
    this.#isWorking = true
    this.node.resign(epoch, first)
    this.#poll()
    this.#armTimer()
  }

  /** Ends the node in order; a second call changes nothing. @param onShutDown hears when it has */
  shutDown(onShutDown: () => void): void {
    if (this.#onShutDown !== null) return
    this.#onShutDown = onShutDown
    const reaped = this.#context.timer(() => {
      this.node.shutdownDeadline = this.now + SHUTDOWN_TIME_MAX
      this.#pollAt = this.now
      this.#wake()
    })
    reaped.arm(drawReaperSleep(this.#context.random('raft-reaper')))
  }

  /**
   * Queues a request of another node: it is answered in its turn, after the flushes that it causes.
   */
  handle(request: Request, reply: Reply): void {
    this.#inbox.push({ kind: 'request', request, reply })
    this.#wake()
  }

  /** Queues an answer; null, for whatever reason, starts the back-off towards that node. */
  onReply(request: Request, response: Response | null, _: RpcFailure | null, node: NodeId): void {
    this.#inbox.push({ kind: 'reply', node, request, response })
    this.#wake()
  }

  /** For the node: leaves when the flushes asked for so far are through. */
  send(node: NodeId, request: Request): void {
    this.#post({ kind: 'send', at: this.#busyUntil, node, request })
  }

  /**
   * For the node: the thread stands still for one fsync more, of what was appended since the last.
   */
  flush(): void {
    const { endOffset } = this.#store.log
    const grown = Math.max(0, endOffset - this.#flushedOffset)
    this.#flushedOffset = endOffset
    // A change of role writes the quorum-state file alone; records are written with their log.
    const bytes = grown === 0 ? ELECTION_STATE_BYTES : grown * METADATA_RECORD_BYTES
    this.#busyUntil = Math.max(this.#busyUntil, this.now) + this.#disk.fsync(bytes)
    const { election } = this.#store
    this.#disk.keepsWaiting(this)
    this.#post({ kind: 'flushed', at: this.#busyUntil, endOffset, election })
  }

  /** The disk is through with all flushes, as things are. */
  get deadline(): Micros {
    return this.#busyUntil
  }

  /** The disk has got faster: the last flush takes `delay` from now, those before it less. */
  arm(delay: Micros): void {
    const { now } = this
    const left = Math.max(1, this.#busyUntil - now)
    const sooner = (at: Micros) => now + Math.floor((Math.max(0, at - now) * delay) / left)
    for (const item of this.#outbox) item.at = sooner(item.at)
    this.#busyUntil = now + delay
    this.#armTimer()
  }

  /** At once where nothing is held back, so that an idle disk adds no event. */
  #post(item: Outbound): void {
    if (item.at <= this.now && this.#outbox.length === 0) this.#emit(item)
    else this.#outbox.push(item)
  }

  #emit(item: Outbound): void {
    switch (item.kind) {
      case 'send':
        this.#rpc.send(item.node, item.request, this.#config.requestTimeout / 1000, this)
        return
      case 'answer':
        item.reply.send(item.response)
        return
      // From now on a power loss leaves this much.
      case 'flushed':
        this.#store.flushed(item.endOffset, item.election)
    }
  }

  #wake(): void {
    if (this.#isWorking) return
    // First what the disk has released: it was sent before whatever comes in now.
    while (this.#outbox[0] !== undefined && this.#outbox[0].at <= this.now) {
      const item = this.#outbox.shift()
      if (item !== undefined) this.#emit(item)
    }
    // One message a turn, then a look at the clock, as KafkaRaftClientDriver does.
    while (this.#busyUntil <= this.now) {
      const message = this.#inbox.shift()
      if (message === undefined && this.#pollAt > this.now) break
      this.#isWorking = true
      if (message !== undefined) this.#receive(message)
      this.#poll()
      if (this.#isWorking) return
    }
    this.#armTimer()
  }

  /** Ends a turn of the loop, which is a message, if there is one, then a poll. */
  #poll(): void {
    this.#pollAt = poll(this.node)
    if (isShutDown(this.node)) {
      // It is never done with this turn: nothing that comes now is looked at.
      this.#timer.cancel()
      this.#onShutDown?.()
      return
    }
    this.#isWorking = false
  }

  /** One timer for all: what leaves next, what came in, or what the node waits for. */
  #armTimer(): void {
    if (this.#isWorking) return
    const idle = this.#inbox.length > 0 ? this.#busyUntil : Math.max(this.#pollAt, this.#busyUntil)
    const next = Math.min(this.#outbox[0]?.at ?? NEVER, idle)
    if (next >= NEVER) this.#timer.cancel()
    else this.#timer.arm(Math.max(0, next - this.now))
  }

  /** What comes in costs the thread its time first; handlers then see the end of it as now. */
  #receive(message: Inbound): void {
    this.#busyUntil = this.now + this.#config.raftServiceMicros
    if (message.kind === 'request') {
      this.#onRequest(message.request, this.#delayed(message.reply))
      return
    }
    const { node, request, response } = message
    const { requests } = this.node
    // Given up since, or of a role that is over: what it says was asked by somebody else.
    if (!requests.isExpected(node, request)) return
    const isUsable = response === null ? false : this.#onResponse(node, response)
    requests.onResult(node, request, isUsable, this.now)
  }

  /** An answer leaves after the flushes that its handler asked for. */
  #delayed(reply: Reply): Reply {
    return {
      send: (response) => {
        if (response === null) reply.send(null)
        else this.#post({ kind: 'answer', at: this.#busyUntil, reply, response })
      },
      done: () => reply.done(),
    }
  }

  /** Anything else is a controller's business, which sits beside this thread. */
  #onRequest(request: Request, reply: Reply): void {
    const { node } = this
    switch (request.api) {
      case 'Vote':
        reply.send(handleVote(node, request))
        break
      case 'BeginQuorumEpoch':
        reply.send(handleBeginQuorumEpoch(node, request))
        break
      case 'EndQuorumEpoch':
        reply.send(handleEndQuorumEpoch(node, request))
        break
      case 'QuorumFetch':
        handleFetch(node, request, reply)
        break
      default:
        reply.send(null)
    }
  }

  /** @returns whether the peer may be asked again at once; false begins its retry back-off */
  #onResponse(from: NodeId, response: Response): boolean {
    const { node } = this
    switch (response.api) {
      case 'Vote':
        return handleVoteResponse(node, from, response)
      case 'QuorumEpoch':
        return handleQuorumEpochResponse(node, from, response)
      case 'QuorumFetch':
        return handleFetchResponse(node, response)
      default:
        return false
    }
  }
}

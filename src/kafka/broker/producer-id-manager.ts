// Models: producer ids that a broker gives out from blocks that the controller gave it: the next
// block is asked for when 90 % of one are gone; who finds none is refused, before 3.6 it waits.
// Leaves out: transactional ids; that a waiting request holds one of the broker's threads.
// Source: RPCProducerIdManager; KAFKA-14694; KIP-730 (no new blocks without a quorum).

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, millis, NEVER } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import { type BrokerEpoch, NO_PRODUCER, type NodeId, type ProducerId } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { Reply, RpcCaller } from '../network/rpc.ts'
import type { ControllerChannel } from './controller-channel.ts'

/** RPCProducerIdManager.RETRY_BACKOFF_MS: who was refused a block does not ask again sooner. */
const RETRY_BACKOFF: Micros = millis(50)
/** RPCProducerIdManager.PID_PREFETCH_THRESHOLD, in percent of a block. */
const PREFETCH_PERCENT = 90

export interface ProducerIdManagerConfig {
  readonly nodeId: NodeId
  /** How long a request may wait for a block, where it waits. */
  readonly requestTimeoutMs: number
  /** Guard producerIdRefusedWithoutBlock. */
  readonly isRefusedWithoutBlock: boolean
}

interface Block {
  readonly first: ProducerId
  readonly end: ProducerId
}

const NO_BLOCK: Block = { first: 0, end: 0 }

/**
 * One a broker process. Blocks come through the channel that also carries what clients want of the
 * controller. Without a quorum a broker lives on what is left of its block, then nobody new can
 * begin to produce idempotently, while those who have an id go on (KIP-730).
 */
export class ProducerIdManager implements RpcCaller, Checked {
  readonly #context: ProcessContext
  readonly #config: ProducerIdManagerConfig
  readonly #controller: ControllerChannel
  readonly #brokerEpoch: () => BrokerEpoch
  /** How long the first of `#waiting` still may. */
  readonly #patience: Timer
  /** Before 3.6: requests that found no block. They wait, in order, for request.timeout.ms each. */
  readonly #waiting: Reply[] = []
  /** The block from which ids are given; used up where `#next` is its end. */
  #current = NO_BLOCK
  #next: ProducerId = 0
  /** The block after that one, which has come before the other was used up. */
  #prefetched: Block | null = null
  /** One request for a block at a time, however many producers ask. */
  #isAsking = false
  /** After a refusal nobody asks the controller before this time. */
  #notBefore: Micros = 0

  constructor(
    context: ProcessContext,
    config: ProducerIdManagerConfig,
    controller: ControllerChannel,
    brokerEpoch: () => BrokerEpoch,
  ) {
    this.#context = context
    this.#config = config
    this.#controller = controller
    this.#brokerEpoch = brokerEpoch
    this.#patience = context.timer(() => this.#giveUpFirst())
  }

  /**
   * A new id and epoch 0 whoever asks: without a transactional id a producer raises its epoch by
   * itself (KIP-360).
   */
  handle(reply: Reply): void {
    if (this.#waiting.length === 0 && this.#give(reply)) return
    if (this.#config.isRefusedWithoutBlock) {
      refuse(reply)
      return
    }
    this.#waiting.push(reply)
    if (this.#waiting.length === 1) this.#awaitBlock()
  }

  /** The next id, if there is one; asks for a block where it is time to. */
  #give(reply: Reply): boolean {
    if (this.#next === this.#current.end && this.#prefetched !== null) {
      this.#current = this.#prefetched
      this.#next = this.#current.first
      this.#prefetched = null
    }
    if (this.#next === this.#current.end) {
      this.#maybeAsk()
      return false
    }
    const id = this.#next++
    const { first, end } = this.#current
    if (id === first + Math.floor(((end - first) * PREFETCH_PERCENT) / 100)) this.#maybeAsk()
    respond(reply, 'NONE', id, 0)
    return true
  }

  #maybeAsk(): void {
    const isBusy = this.#isAsking || this.#prefetched !== null
    if (isBusy || this.#context.now < this.#notBefore) return
    this.#isAsking = true
    const brokerId = this.#config.nodeId
    const brokerEpoch = this.#brokerEpoch()
    this.#controller.send({ api: 'AllocateProducerIds', brokerId, brokerEpoch }, this)
  }

  /** A block is there for the next who come, and first for who waits. */
  onReply(_request: Request, response: Response | null): void {
    this.#isAsking = false
    if (response?.api === 'AllocateProducerIds' && response.error === 'NONE') {
      // What is left of a block goes with its broker's process: ids must be unique, not dense.
      const first = response.firstProducerId
      this.#prefetched = { first, end: first + response.count }
    } else if (response !== null && this.#config.isRefusedWithoutBlock) {
      this.#notBefore = this.#context.now + RETRY_BACKOFF
    }
    this.#serveWaiting()
  }

  /** Those who wait are served in order; whoever comes first with none left has it asked for. */
  #serveWaiting(): void {
    for (let reply = this.#waiting[0]; reply !== undefined; reply = this.#waiting[0]) {
      if (!this.#give(reply)) return
      this.#waiting.shift()
      this.#awaitBlock()
    }
  }

  /** The limit is that of the first in line: those behind it get a whole one in their turn. */
  #awaitBlock(): void {
    if (this.#waiting.length === 0) this.#patience.cancel()
    else this.#patience.arm(millis(this.#config.requestTimeoutMs))
  }

  #giveUpFirst(): void {
    const reply = this.#waiting.shift()
    if (reply !== undefined) refuse(reply)
    this.#awaitBlock()
  }

  /** No id beyond its block, and whoever waits will be served. @throws InvariantViolation */
  assertWhole(): void {
    const { first, end } = this.#current
    const coming = this.#prefetched ?? NO_BLOCK
    const isWithin = first <= this.#next && this.#next <= end && coming.first <= coming.end
    invariant(isWithin, 'an id is given out of its block', { next: this.#next, end, coming })
    const isServed = this.#waiting.length === 0
    const isAwaited = this.#patience.deadline < NEVER && this.#isAsking
    invariant(isServed || isAwaited, 'who waits for ids is asked for, and not for ever')
  }
}

function refuse(reply: Reply): void {
  respond(reply, 'COORDINATOR_LOAD_IN_PROGRESS', NO_PRODUCER, -1)
}

function respond(
  reply: Reply,
  error: KafkaError,
  producerId: ProducerId,
  producerEpoch: number,
): void {
  reply.send({ api: 'InitProducerId', error, producerId, producerEpoch })
}

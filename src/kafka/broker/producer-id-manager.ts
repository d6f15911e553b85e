// Models: producer ids that a broker gives out from blocks that the controller gave it.
// Leaves out: asking for the next block before this one is used up; transactional ids; that since
// 3.6 (KAFKA-14694) who finds no block is told COORDINATOR_LOAD_IN_PROGRESS and asks again after
// its own back-off, about 100 ms, where here it waits for the answer.
// Source: RPCProducerIdManager; KIP-730 (no new blocks without a quorum).

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import type { BrokerEpoch, NodeId, ProducerId } from '../ids.ts'
import type { InitProducerIdRequest, Request, Response } from '../messages.ts'
import type { Reply, RpcCaller } from '../network/rpc.ts'
import type { ControllerPort } from './alter-partition-manager.ts'

/** RPCProducerIdManager.RETRY_BACKOFF_MS; meanwhile new idempotent producers cannot begin. */
const RETRY_MS = 50

/** Without a block, requests wait until the controller has given one. */
export class ProducerIdManager implements RpcCaller, Checked {
  readonly #nodeId: NodeId
  readonly #controller: ControllerPort
  readonly #brokerEpoch: () => BrokerEpoch
  readonly #retry: Timer
  readonly #waiting: Reply[] = []
  #next: ProducerId = 0
  #end: ProducerId = 0
  #isAsking = false

  constructor(
    context: ProcessContext,
    nodeId: NodeId,
    controller: ControllerPort,
    brokerEpoch: () => BrokerEpoch,
  ) {
    this.#nodeId = nodeId
    this.#controller = controller
    this.#brokerEpoch = brokerEpoch
    this.#retry = context.timer(() => this.#ask())
  }

  /** A new producer gets an id of its own and epoch 0, a known one its next epoch. */
  handle(request: InitProducerIdRequest, reply: Reply): void {
    if (request.producerId >= 0) {
      this.#respond(reply, request.producerId, request.producerEpoch + 1)
      return
    }
    this.#waiting.push(reply)
    this.#serve()
  }

  #serve(): void {
    while (this.#next < this.#end) {
      const reply = this.#waiting.shift()
      if (reply === undefined) return
      this.#respond(reply, this.#next++, 0)
    }
    if (this.#waiting.length > 0) this.#ask()
  }

  #respond(reply: Reply, producerId: ProducerId, producerEpoch: number): void {
    reply.send({ api: 'InitProducerId', error: 'NONE', producerId, producerEpoch })
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    const brokerEpoch = this.#brokerEpoch()
    const request = { api: 'AllocateProducerIds', brokerId: this.#nodeId, brokerEpoch } as const
    this.#controller.send(request, this)
  }

  /** No id beyond its block, and whoever waits will be served. @throws InvariantViolation */
  assertWhole(): void {
    const left = this.#end - this.#next
    invariant(left >= 0, 'an id is given out of its block', { next: this.#next, end: this.#end })
    const isServed = this.#waiting.length === 0
    invariant(isServed || this.#isAsking || this.#retry.armed, 'who waits for ids is asked for')
  }

  /** A block serves whoever waits, oldest first; any failure is tried again 50 ms later. */
  onReply(_request: Request, response: Response | null): void {
    this.#isAsking = false
    if (response?.api !== 'AllocateProducerIds' || response.error !== 'NONE') {
      this.#retry.arm(millis(RETRY_MS))
      return
    }
    // What is left of a block goes with its broker's process: ids must be unique, not dense.
    this.#next = response.firstProducerId
    this.#end = response.firstProducerId + response.count
    this.#serve()
  }
}

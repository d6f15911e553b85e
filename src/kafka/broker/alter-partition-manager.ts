// Models: a broker's ISR changes on their way to the controller: batched, one request in flight.
// Leaves out: nothing; finding the controller and its RPC limit are controller-channel.ts.
// Source: kafka.server.DefaultAlterPartitionManager; KIP-497.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import type { BrokerEpoch, NodeId, PartitionIndex } from '../ids.ts'
import type { AlterPartitionRequest, Request, Response } from '../messages.ts'
import type { RpcCaller, RpcFailure } from '../network/rpc.ts'
import type { AlterPartitionPort, IsrProposal, IsrProposer } from '../partition/partition-ports.ts'

/** How long a refused or unanswered request waits before it is sent again. */
const RETRY_MS = 50

/** The way to the active controller, wherever it is. */
export interface ControllerPort {
  send(request: Request, caller: RpcCaller): void
}

interface Item {
  readonly proposal: IsrProposal
  readonly proposer: IsrProposer
}

/**
 * At most one proposal a partition; what comes while a request is in flight goes with the next. One
 * a broker process: what was under way dies with it, and the next leader asks for itself.
 *
 * A request without an answer is repeated for ever, at whichever controller is active: where the
 * first try was written down, its partition epoch is old by then, and nothing is done twice.
 */
export class AlterPartitionManager implements AlterPartitionPort, RpcCaller, Checked {
  /**
   * Also those in flight: an item leaves when its own partition is answered, whatever the answer.
   */
  readonly unsent = new Map<PartitionIndex, Item>()
  inFlight: readonly Item[] | null = null
  readonly #nodeId: NodeId
  readonly #controller: ControllerPort
  readonly #brokerEpoch: () => BrokerEpoch
  readonly #retry: Timer

  constructor(
    context: ProcessContext,
    nodeId: NodeId,
    controller: ControllerPort,
    brokerEpoch: () => BrokerEpoch,
  ) {
    this.#nodeId = nodeId
    this.#controller = controller
    this.#brokerEpoch = brokerEpoch
    this.#retry = context.timer(() => this.#propagate())
  }

  /**
   * Sends the proposal at once, or with the next request where one is out. False where another of
   * the same partition is unanswered: the leader keeps its state and tries later (KIP-497).
   */
  submit(proposal: IsrProposal, proposer: IsrProposer): boolean {
    if (this.unsent.has(proposal.partition)) return false
    this.unsent.set(proposal.partition, { proposal, proposer })
    this.#propagate()
    return true
  }

  #propagate(): void {
    if (this.inFlight !== null || this.unsent.size === 0) return
    this.inFlight = [...this.unsent.values()]
    this.#controller.send(this.#build(this.inFlight), this)
  }

  #build(items: readonly Item[]): AlterPartitionRequest {
    return {
      api: 'AlterPartition',
      brokerId: this.#nodeId,
      brokerEpoch: this.#brokerEpoch(),
      partitions: items.map(({ proposal }) => ({
        partition: proposal.partition,
        leaderEpoch: proposal.leaderEpoch,
        partitionEpoch: proposal.partitionEpoch,
        newIsr: proposal.newIsr,
        recovery: proposal.recovery,
      })),
    }
  }

  /**
   * A refusal of the whole request is repeated. Answers are given out while the request still
   * counts as in flight, so that proposals made in answer to them travel together.
   */
  onReply(_request: Request, response: Response | null, _failure: RpcFailure | null): void {
    const items = this.inFlight
    invariant(items !== null, 'an answer belongs to the request in flight')
    const answered = response?.api === 'AlterPartition' && response.error === 'NONE'
    if (answered) {
      for (const answer of response.partitions) {
        const item = items.find(({ proposal }) => proposal.partition === answer.partition)
        if (item === undefined) continue
        this.unsent.delete(answer.partition)
        item.proposer.onIsrAnswer(item.proposal, answer)
      }
    }
    this.inFlight = null
    if (answered) this.#propagate()
    else this.#retry.arm(millis(RETRY_MS))
  }

  /**
   * What is in flight is kept, and whatever is kept is on its way or will be.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    for (const { proposal } of this.inFlight ?? []) {
      const { partition } = proposal
      const isKept = this.unsent.get(partition)?.proposal === proposal
      invariant(isKept, 'a proposal is kept until it is answered', { partition })
    }
    const isUnderWay = this.inFlight !== null || this.#retry.armed
    invariant(isUnderWay || this.unsent.size === 0, 'a proposal is on its way to the controller')
  }
}

// Models: answers of the controller that wait for the commit of what they tell.
// Leaves out: deadlines of requests (a caller's own limit ends its wait).
// Source: org.apache.kafka.deferred.DeferredEventQueue, QuorumController.ControllerWriteEvent.

import { invariant } from '../../sim/invariant.ts'
import type { MetadataOffset } from '../ids.ts'
import type { Response } from '../messages.ts'
import type { Reply } from '../network/rpc.ts'

/** One decision's answer; those of periodic tasks only hold others back. */
interface Deferred {
  /** Offset of the last record that must be committed. */
  readonly offset: MetadataOffset
  /** Null for what the controller did of itself: nobody is told, but later answers wait for it. */
  readonly answer: Answer | null
}

interface Answer {
  readonly reply: Reply
  readonly response: Response
  readonly ifNotController: Response
}

/** In the order of their offsets, which is the order of the decisions. */
export class DeferredReplies {
  #waiting: Deferred[] = []

  get size(): number {
    return this.#waiting.length
  }

  /** Offset for which an answer from uncommitted state must wait; -1 where nothing is pending. */
  get highestPendingOffset(): MetadataOffset {
    return this.#waiting[this.#waiting.length - 1]?.offset ?? -1
  }

  /**
   * Sends `response` when `offset` is committed, `ifNotController` where the office is lost before.
   * Offsets must come in their order.
   */
  add(offset: MetadataOffset, reply: Reply, response: Response, ifNotController: Response): void {
    this.#assertLast(offset)
    this.#waiting.push({ offset, answer: { reply, response, ifNotController } })
  }

  /**
   * Records of a periodic task. A controller that can commit no more therefore answers not even a
   * heartbeat: its next record that does nothing, half a second later, holds all answers back.
   */
  addTask(offset: MetadataOffset): void {
    this.#assertLast(offset)
    this.#waiting.push({ offset, answer: null })
  }

  /** Else an answer would go out with those before it, whose records are committed earlier. */
  #assertLast(offset: MetadataOffset): void {
    const last = this.highestPendingOffset
    invariant(offset >= last, 'answers wait in the order of the decisions', { offset, last })
  }

  /** Sends every answer whose records lie before `committedEnd` (exclusive). */
  completeUpTo(committedEnd: MetadataOffset): void {
    while ((this.#waiting[0]?.offset ?? committedEnd) < committedEnd) {
      const answer = this.#waiting.shift()?.answer
      answer?.reply.send(answer.response)
    }
  }

  /** This controller is active no more: nobody knows what becomes of the records. */
  failAll(): void {
    const failed = this.#waiting
    this.#waiting = []
    for (const { answer } of failed) answer?.reply.send(answer.ifNotController)
  }
}

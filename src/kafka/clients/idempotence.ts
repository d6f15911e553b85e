// Models: the idempotent producer's sequences: assignment, what is in flight, gaps, epoch bumps.
// Leaves out: transactions, epoch overflow at 32767, log-start offsets in answers (retention).
// Source: producer.internals.TransactionManager, TxnPartitionEntry (KIP-98, KIP-360).

import { invariant } from '../../sim/invariant.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import { takeOut } from '../../sim/take-out.ts'
import type { KafkaError } from '../errors.ts'
import { traitsOf } from '../errors.ts'
import type { PartitionIndex, ProducerEpoch, ProducerId } from '../ids.ts'
import { NO_PRODUCER } from '../ids.ts'
import type { ProducerBatch } from './producer-batch.ts'
import { NO_SEQUENCE } from './producer-batch.ts'

/** Why a batch failed, as far as sequences care. */
export type FailureKind = 'expired' | 'out-of-order' | 'retries-exhausted' | 'refused'

/** TxnPartitionEntry: of one partition, under one producer id and epoch. */
interface SequenceState {
  producerId: ProducerId
  producerEpoch: ProducerEpoch
  /** Of the next batch that leaves for the first time; records count, not batches. */
  nextSequence: number
  /**
   * -1 after each change of epoch: then the first batch to be acknowledged has number 0. A late
   * answer may raise it above what the new epoch has given out.
   */
  lastAcked: number
  /** Sent or waiting for a retry, by sequence. */
  readonly inFlight: ProducerBatch[]
  /** Sequence after the last batch that expired with an unknown fate; null if none. */
  unresolved: number | null
}

/**
 * TransactionManager without transactions. Its rule: a partition’s batches leave in the order of
 * their sequences, and what has a number keeps it through all retries, until the epoch changes.
 */
export class Idempotence implements Checked {
  producerId: ProducerId = NO_PRODUCER
  producerEpoch: ProducerEpoch = -1
  private readonly partitions: (SequenceState | undefined)[] = []
  /** Partitions whose `unresolved` may be set. */
  private readonly unresolved = new Set<PartitionIndex>()
  private readonly toRewrite = new Set<PartitionIndex>()

  /** Before it has one, nothing is sent. */
  get hasProducerId(): boolean {
    return this.producerId !== NO_PRODUCER
  }

  /** A partition is another one now; to the client it is the same, and its numbers go on. */
  move(from: PartitionIndex, to: PartitionIndex): void {
    const state = this.partitions[from]
    if (state === undefined) return
    this.partitions[to] = state
    this.partitions[from] = undefined
    for (const marked of [this.unresolved, this.toRewrite]) if (marked.delete(from)) marked.add(to)
  }

  /** Takes the answer to InitProducerId. */
  initialised(id: ProducerId, epoch: ProducerEpoch): void {
    invariant(id >= 0 && epoch >= 0, 'a producer id comes with an epoch', { id, epoch })
    this.producerId = id
    this.producerEpoch = epoch
  }

  /** Whether the next batch of a partition must wait for earlier ones. */
  mustWait(batch: ProducerBatch): boolean {
    if (!this.hasProducerId) return true
    const state = this.stateOf(batch.partition)
    if (!batch.hasSequence) {
      if (state.inFlight.length > 0 && this.isStale(state)) return true
      if (state.unresolved !== null) return true
    }
    // A retry goes out only as the oldest of its partition: that keeps the order.
    const first = state.inFlight[0]
    return first !== undefined && batch.hasSequence && batch !== first
  }

  /** Gives a batch that leaves for the first time its place in the sequence. */
  assign(batch: ProducerBatch): void {
    if (batch.hasSequence) return
    const state = this.stateOf(batch.partition)
    if (state.inFlight.length === 0 && this.isStale(state)) this.restart(state)
    batch.assignSequence(state.producerId, state.producerEpoch, state.nextSequence)
    state.nextSequence += batch.count
    state.inFlight.push(batch)
  }

  /**
   * Acknowledged: the last sequence acknowledged rises. handleCompletedBatch does not ask for the
   * epoch: 1. A batch expires under way. 2. Its partition numbers from 0 again. 3. The answer comes
   * after all, with the old number, and until that is passed nothing looks like the next one.
   */
  completed(batch: ProducerBatch): void {
    const state = this.stateOf(batch.partition)
    state.lastAcked = Math.max(state.lastAcked, batch.lastSequence)
    this.remove(state, batch)
  }

  /** Whether an error answer is worth another try; may ask for an epoch bump. */
  canRetry(batch: ProducerBatch, error: KafkaError): boolean {
    const state = this.stateOf(batch.partition)
    if (error === 'UNKNOWN_PRODUCER_ID') {
      if (!batch.sequenceReset) this.requestBump(batch.partition)
      return true
    }
    if (error !== 'OUT_OF_ORDER_SEQUENCE_NUMBER') return traitsOf(error).retriable
    const isNext = batch.baseSequence - state.lastAcked === 1
    // Not the next one: an earlier batch failed, this one had to, and will pass after it.
    if (state.unresolved === null && (batch.sequenceReset || !isNext)) return true
    // The very next one is refused: the log has a gap that no retry fills.
    if (state.unresolved === null || state.unresolved === batch.baseSequence)
      this.requestBump(batch.partition)
    return true
  }

  /** A batch that never got a sequence has none to give back: there may be no producer id yet. */
  failed(batch: ProducerBatch, kind: FailureKind): void {
    if (!batch.hasSequence) return
    this.remove(this.stateOf(batch.partition), batch)
    if (kind === 'out-of-order' || kind === 'refused') this.requestBump(batch.partition)
  }

  /** An expired batch had been sent before: whether the log holds it is unknown. */
  markUnresolved(batch: ProducerBatch): void {
    const state = this.stateOf(batch.partition)
    const next = batch.lastSequence + 1
    state.unresolved = Math.max(state.unresolved ?? next, next)
    this.unresolved.add(batch.partition)
  }

  /** Settles unresolved partitions whose batches have all come back, then bumps if asked to. */
  maybeResolveAndBump(): void {
    if (this.unresolved.size === 0 && this.toRewrite.size === 0) return
    for (const partition of this.unresolved) {
      const state = this.stateOf(partition)
      if (state.unresolved !== null && state.inFlight.length > 0) continue
      if (state.unresolved !== null && state.nextSequence - state.lastAcked !== 1)
        this.requestBump(partition)
      state.unresolved = null
      this.unresolved.delete(partition)
    }
    if (this.toRewrite.size === 0) return
    this.producerEpoch++
    for (const partition of this.toRewrite) {
      const state = this.stateOf(partition)
      this.restart(state)
      state.unresolved = null
    }
    this.toRewrite.clear()
  }

  /** Sequences ascend, and no unknown fate is forgotten. @throws InvariantViolation */
  assertWhole(): void {
    for (const [partition, state] of this.partitions.entries()) {
      if (state === undefined) continue
      const { inFlight, nextSequence, lastAcked, unresolved } = state
      const sequences = inFlight.map(({ baseSequence }) => baseSequence)
      ascends(sequences, 'batches keep the order of their sequences')
      const behind = inFlight.filter(({ lastSequence }) => lastSequence >= nextSequence)
      invariant(behind.length === 0, 'the next number is behind all', { partition, nextSequence })
      // Later epochs hear of numbers of earlier ones.
      const hasNumber = lastAcked < nextSequence || state.producerEpoch > 0
      invariant(hasNumber, 'only what has a number is acknowledged', { partition })
      const isMarked = unresolved === null || this.unresolved.has(partition)
      invariant(isMarked, 'an unknown fate is not forgotten', { partition, unresolved })
    }
  }

  /** Carried out with the next pass of the I/O thread, for all that asked at once. */
  private requestBump(partition: PartitionIndex): void {
    this.toRewrite.add(partition)
  }

  /** Numbers from 0 again under the current epoch, what is in flight included. */
  private restart(state: SequenceState): void {
    state.producerId = this.producerId
    state.producerEpoch = this.producerEpoch
    state.lastAcked = NO_SEQUENCE
    let sequence = 0
    for (const batch of state.inFlight) {
      batch.assignSequence(this.producerId, this.producerEpoch, sequence)
      sequence += batch.count
    }
    state.nextSequence = sequence
  }

  /** The epoch was raised for other partitions’ sake: this one takes it up when it has drained. */
  private isStale(state: SequenceState): boolean {
    return state.producerId !== this.producerId || state.producerEpoch !== this.producerEpoch
  }

  /** Acknowledged, failed or expired: the next batch may be the oldest now. */
  private remove(state: SequenceState, batch: ProducerBatch): void {
    takeOut(state.inFlight, batch)
  }

  /** Made when something is first sent to the partition, under the epoch of that moment. */
  private stateOf(partition: PartitionIndex): SequenceState {
    let state = this.partitions[partition]
    if (state === undefined) {
      invariant(this.hasProducerId, 'sequences need a producer id', { partition })
      state = {
        producerId: this.producerId,
        producerEpoch: this.producerEpoch,
        nextSequence: 0,
        lastAcked: NO_SEQUENCE,
        inFlight: [],
        unresolved: null,
      }
      this.partitions[partition] = state
    }
    return state
  }
}

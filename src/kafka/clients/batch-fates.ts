// Models: what becomes of a producer's batch: acknowledged, tried again, failed, expired.
// Leaves out: splitting of batches that a broker finds too large.
// Source: org.apache.kafka.clients.producer.internals.Sender (completeBatch, canRetry, failBatch).

import type { ProcessContext } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import { traitsOf } from '../errors.ts'
import type { Offset } from '../ids.ts'
import { NO_OFFSET } from '../ids.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../network/exponential-backoff.ts'
import type { Accumulator } from './accumulator.ts'
import type { Idempotence } from './idempotence.ts'
import type { ClientMetadata } from './metadata.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProducerConfig } from './producer-config.ts'
import type { ProduceError, ProduceOutcome, ProducerObserver } from './producer-observer.ts'
import type { RecordIntake } from './record-intake.ts'

/** What the fates of batches touch. */
export interface FatePorts {
  readonly ctx: ProcessContext
  readonly config: ProducerConfig
  readonly metadata: ClientMetadata
  readonly accumulator: Accumulator
  readonly intake: RecordIntake
  readonly idempotence: Idempotence | null
  readonly observer: ProducerObserver
  readonly random: Random
  /** There may be something to send. */
  readonly wake: () => void
}

/**
 * The one place where a batch ends, so that each record is told of once. An expired batch that was
 * sent before ends as unknown: the broker may have it.
 */
export class BatchFates {
  private readonly ctx: ProcessContext
  private readonly config: ProducerConfig
  private readonly metadata: ClientMetadata
  private readonly accumulator: Accumulator
  private readonly intake: RecordIntake
  private readonly idempotence: Idempotence | null
  private readonly observer: ProducerObserver
  private readonly backoff: BackoffSpec
  private readonly random: Random
  private readonly wake: () => void

  constructor(ports: FatePorts) {
    this.ctx = ports.ctx
    this.config = ports.config
    this.metadata = ports.metadata
    this.accumulator = ports.accumulator
    this.intake = ports.intake
    this.idempotence = ports.idempotence
    this.observer = ports.observer
    this.backoff = retryBackoff(ports.config)
    this.random = ports.random
    this.wake = ports.wake
  }

  /** Takes the answer for one batch: done, another try, or failed. */
  answered(batch: ProducerBatch, error: KafkaError, baseOffset: Offset): void {
    this.accumulator.landed(batch)
    // A duplicate older than the last five that the broker knows: it is in the log, where is not
    // said.
    if (error === 'NONE' || error === 'DUPLICATE_SEQUENCE_NUMBER') {
      this.idempotence?.completed(batch)
      this.finish(batch, 'ok', error === 'NONE' ? 'NONE' : error, baseOffset)
      return
    }
    this.observer.onError?.(batch.partition, batch.firstRecordId, batch.count, error)
    // From now on no failure can prove that the records are not in the log.
    if (!traitsOf(error).definite) batch.maybeWritten = true
    if (this.canRetry(batch, error)) this.reenqueue(batch)
    else this.fail(batch, error)
    if (traitsOf(error).invalidMetadata) this.metadata.requestUpdate()
  }

  /**
   * Sender.canRetry: a batch that has expired is over even with an answer that could be tried
   * again; without idempotence any retriable error will do, with it sequences have a word too.
   */
  private canRetry(batch: ProducerBatch, error: KafkaError): boolean {
    if (batch.done || this.isExpired(batch) || batch.attempts >= this.config.retries) return false
    return this.idempotence?.canRetry(batch, error) ?? traitsOf(error).retriable
  }

  /** Its back-off counts from now and grows with its own attempts. */
  private reenqueue(batch: ProducerBatch): void {
    batch.reenqueued(this.ctx.now, backoff(this.backoff, batch.attempts, this.random))
    this.accumulator.reenqueue(batch)
  }

  /** Fails a batch on an answer. A batch that expired before was reported already. */
  private fail(batch: ProducerBatch, error: KafkaError): void {
    if (batch.done) return
    const exhausted = batch.attempts >= this.config.retries
    this.idempotence?.failed(
      batch,
      error === 'OUT_OF_ORDER_SEQUENCE_NUMBER'
        ? 'out-of-order'
        : exhausted
          ? 'retries-exhausted'
          : 'refused',
    )
    this.finish(batch, batch.maybeWritten ? 'unknown' : 'fail', error, NO_OFFSET)
  }

  /** Exactly once for a batch: `done` marks it, and late answers find it so. */
  private finish(
    batch: ProducerBatch,
    outcome: ProduceOutcome,
    error: ProduceError,
    baseOffset: Offset,
  ): void {
    if (batch.done) return
    batch.done = true
    this.accumulator.release(batch)
    const { partition, firstRecordId, count, bytes, createdFirst, createdLast } = batch
    this.observer.onBatchDone(
      partition,
      firstRecordId,
      count,
      bytes,
      createdFirst,
      createdLast,
      outcome,
      error,
      baseOffset,
      batch.attempts + 1,
    )
    this.intake.done(batch, { outcome, error, baseOffset }, this.ctx.now)
  }

  /** Ends every batch: one that was sent may be in the log. */
  abortAll(error: ProduceError = 'PRODUCER_CLOSED'): void {
    for (const batch of this.accumulator.takeAll()) {
      this.finish(batch, batch.maybeWritten ? 'unknown' : 'fail', error, NO_OFFSET)
    }
  }

  /** From the creation of the batch, retries and waiting included (KIP-91). */
  private isExpired(batch: ProducerBatch): boolean {
    return batch.createdFirst + this.config.deliveryTimeoutMs * 1_000 <= this.ctx.now
  }

  /**
   * Ends what delivery.timeout.ms has caught up with, queued and in flight alike; the latter may
   * still be written.
   * @returns when to call again.
   */
  expire(now: Micros): Micros {
    const timeout = this.config.deliveryTimeoutMs * 1_000
    if (this.accumulator.createdEarliest + timeout <= now) {
      for (const batch of this.accumulator.takeOlderThan(now - timeout)) this.expireOne(batch)
      // The fates just reported may have freed memory or let a closed loop go on.
      this.wake()
    }
    const { createdEarliest } = this.accumulator
    return createdEarliest === NEVER ? NEVER : createdEarliest + timeout
  }

  /**
   * The order is Kafka’s: first the sequence state forgets the batch, then, if it had been sent
   * before, the partition is marked: nobody knows whether its numbers are used.
   */
  private expireOne(batch: ProducerBatch): void {
    this.idempotence?.failed(batch, 'expired')
    // No new batch of the partition leaves until those under way have told where the log stands.
    if (batch.inRetry) this.idempotence?.markUnresolved(batch)
    this.finish(batch, batch.maybeWritten ? 'unknown' : 'fail', 'DELIVERY_TIMEOUT', NO_OFFSET)
  }
}

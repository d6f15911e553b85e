// Models: idempotence and transactions of one log: duplicates, sequences, fencing, unstable offset.
// Leaves out: snapshot files (the log is read again instead), transaction verification (KIP-890).
// Source: ProducerStateManager, ProducerAppendInfo; KIP-98, KIP-360.

import { invariant } from '../../sim/invariant.ts'
import { lastOf } from '../../sim/last-of.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import type { KafkaError } from '../errors.ts'
import { NO_OFFSET, type Offset, type ProducerEpoch, type ProducerId } from '../ids.ts'
import { type CompletedTxn, OngoingTransactions } from './ongoing-transactions.ts'
import {
  BATCHES_RETAINED,
  type BatchMetadata,
  isInSequence,
  lastSequenceOf,
  newProducerEntry,
  type ProducerEntry,
  rememberBatch,
  setProducerEpoch,
} from './producer-entry.ts'

/** What the class needs of a data batch; every batch of an idempotent producer has it. */
export interface ProducerBatch {
  readonly producerId: ProducerId
  readonly producerEpoch: ProducerEpoch
  readonly baseSequence: number
  /** Number of records. */
  readonly count: number
  /** Part of a transaction: holds the last stable offset back until its end marker comes. */
  readonly isTransactional?: boolean | undefined
}

/** A transaction's end marker, one offset of a control batch. */
export interface EndTxnMarker {
  readonly producerId: ProducerId
  readonly producerEpoch: ProducerEpoch
  readonly coordinatorEpoch: number
  readonly type: 'COMMIT' | 'ABORT'
}

/** Followers and a log that is read again take what the leader accepted, unchecked. */
export type AppendOrigin = 'client' | 'coordinator' | 'replication'

/** What came of an end marker. */
export interface MarkerResult {
  readonly error: KafkaError
  /** null for a transaction without data: it never held anything back. */
  readonly completedTxn: CompletedTxn | null
}

/**
 * One a log, kept for as long as the log. Leader and followers have the same, worked out from the
 * same batches, which is why a producer's retry is recognised by a leader that never spoke to it:
 *
 * 1. the leader appends a batch, followers fetch it; the leader dies before it answers;
 * 2. the producer sends the batch again, with its old sequence, to the new leader;
 * 3. that one finds it among the last five of the producer and answers with the old offsets.
 *
 * Times are in one unit of the caller's choice, the same in all calls.
 */
export class ProducerStateManager implements Checked {
  readonly #producers = new Map<ProducerId, ProducerEntry>()
  /** Of whom was asked last: one batch asks for its producer three times. */
  #latest: ProducerEntry | undefined = undefined
  readonly #transactions = new OngoingTransactions()
  /** producer.id.expiration.ms. */
  readonly #expiration: number
  #mapEndOffset: Offset = 0

  constructor(expiration: number) {
    this.#expiration = expiration
  }

  /** End of the log as far as this state has seen it. */
  get mapEndOffset(): Offset {
    return this.#mapEndOffset
  }

  /** Producers remembered, expired ones until the next `removeExpiredProducers`. */
  get size(): number {
    return this.#producers.size
  }

  /** What is remembered of a producer; undefined for one never seen, expired or cut off. */
  entry(producerId: ProducerId): Readonly<ProducerEntry> | undefined {
    return this.#find(producerId)
  }

  /** All entries, in the order in which their producers were first seen. */
  entries(): IterableIterator<Readonly<ProducerEntry>> {
    return this.#producers.values()
  }

  /** The remembered batch that a client's retry repeats exactly; its offsets are the answer. */
  findDuplicate(batch: ProducerBatch): Readonly<BatchMetadata> | undefined {
    const entry = this.#find(batch.producerId)
    if (entry === undefined || entry.epoch !== batch.producerEpoch) return undefined
    // Nearly every batch begins behind all that are remembered, which need not be looked at then.
    if (batch.baseSequence > entry.firstSequenceMax) return undefined
    const last = lastSequenceOf(batch.baseSequence, batch.count)
    for (let i = 0; i < entry.batches.length; i++) {
      const known = entry.batches[i]
      if (known?.firstSequence === batch.baseSequence && known.lastSequence === last) return known
    }
    return undefined
  }

  /** What the log would answer to this batch; changes nothing. */
  check(batch: ProducerBatch, origin: AppendOrigin): KafkaError {
    return refusal(this.#find(batch.producerId), batch, origin)
  }

  /**
   * Takes a batch that gets `baseOffset`, unless `check` refuses it; then nothing changes.
   * Duplicates must have been looked for before.
   */
  append(batch: ProducerBatch, baseOffset: Offset, now: number, origin: AppendOrigin): KafkaError {
    const known = this.#find(batch.producerId)
    const error = refusal(known, batch, origin)
    if (error !== 'NONE') return error
    const entry = known ?? this.#newEntry(batch.producerId)
    setProducerEpoch(entry, batch.producerEpoch)
    rememberBatch(entry, batch.baseSequence, batch.count, baseOffset)
    entry.lastTimestamp = now
    if (batch.isTransactional === true && entry.txnFirstOffset === undefined) {
      entry.txnFirstOffset = baseOffset
      this.#transactions.begin(batch.producerId, baseOffset)
    }
    return 'NONE'
  }

  /**
   * Takes an end marker at `offset`. A marker with a higher producer epoch fences the producer.
   * The caller asks lastStableOffset(completedTxn) if it keeps an index, then completes it.
   */
  appendMarker(
    marker: EndTxnMarker,
    offset: Offset,
    now: number,
    origin: AppendOrigin,
  ): MarkerResult {
    const known = this.#find(marker.producerId)
    if (origin !== 'replication') {
      if (isEpochBehind(known, marker.producerEpoch)) return refused('INVALID_PRODUCER_EPOCH')
      if (known !== undefined && known.coordinatorEpoch > marker.coordinatorEpoch) {
        return refused('TRANSACTION_COORDINATOR_FENCED')
      }
    }
    const entry = known ?? this.#newEntry(marker.producerId)
    const firstOffset = entry.txnFirstOffset
    setProducerEpoch(entry, marker.producerEpoch)
    entry.coordinatorEpoch = marker.coordinatorEpoch
    entry.txnFirstOffset = undefined
    entry.lastTimestamp = now
    if (firstOffset === undefined) return { error: 'NONE', completedTxn: null }
    // It stays in the way until `completeTxn`: the transaction index needs the LSO as it was
    // before.
    const isAborted = marker.type === 'ABORT'
    const txn = { producerId: marker.producerId, firstOffset, lastOffset: offset, isAborted }
    return { error: 'NONE', completedTxn: txn }
  }

  /**
   * The LSO after this transaction's end, which the transaction index keeps: ask before
   * `completeTxn`.
   */
  lastStableOffset(txn: CompletedTxn): Offset {
    return this.#transactions.lastStableOffset(txn)
  }

  /**
   * The marker lies in the log: the transaction is open no more, but holds the LSO back until the
   * marker is below the high watermark.
   * @throws InvariantViolation where it was not open
   */
  completeTxn(txn: CompletedTxn): void {
    this.#transactions.complete(txn)
  }

  /**
   * The log has been read, or has grown, up to `offset`: a truncation to there need not read again.
   */
  updateMapEndOffset(offset: Offset): void {
    this.#mapEndOffset = offset
  }

  /** Where the first transaction begins that is open or not yet known to be ended everywhere. */
  firstUnstableOffset(): Offset | undefined {
    return this.#transactions.firstUnstableOffset()
  }

  /**
   * Transactions whose marker lies below it are ended everywhere: they hold the LSO back no more.
   */
  onHighWatermarkUpdated(highWatermark: Offset): void {
    this.#transactions.removeReplicated(highWatermark)
  }

  /**
   * Records below were deleted. Producers are kept: their sequences outlive their records
   * (KAFKA-7190).
   */
  onLogStartOffsetIncremented(logStartOffset: Offset): void {
    this.#transactions.removeReplicated(logStartOffset)
    this.#mapEndOffset = Math.max(this.#mapEndOffset, logStartOffset)
  }

  /**
   * The log now ends at `logEndOffset`. Where that differs from what this state has seen, all is
   * forgotten and the caller feeds what is left of the log again, with origin 'replication'.
   * @returns whether the log must be read again
   */
  truncateAndReload(logStartOffset: Offset, logEndOffset: Offset): boolean {
    if (logEndOffset === this.#mapEndOffset) {
      this.onLogStartOffsetIncremented(logStartOffset)
      return false
    }
    this.truncateFullyAndStartAt(logStartOffset)
    return true
  }

  /** Forgets everything; the log is empty at `offset`. */
  truncateFullyAndStartAt(offset: Offset): void {
    this.#producers.clear()
    this.#latest = undefined
    this.#transactions.clear()
    this.#mapEndOffset = offset
  }

  /** Forgets producers that were silent for producer.id.expiration.ms, but no open transaction. */
  removeExpiredProducers(now: number): void {
    this.#latest = undefined
    for (const [producerId, entry] of this.#producers) {
      if (entry.txnFirstOffset !== undefined) continue
      if (now - entry.lastTimestamp >= this.#expiration) this.#producers.delete(producerId)
    }
  }

  /**
   * Each producer remembers at most five batches, in order; its transactions too.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    for (const [producerId, entry] of this.#producers) {
      const { batches } = entry
      invariant(entry.producerId === producerId, 'a producer is found by its id', { producerId })
      const remembered = batches.length
      invariant(remembered <= BATCHES_RETAINED, 'a producer’s last batches are remembered', {
        remembered,
      })
      const sequenceMax = Math.max(...batches.map(({ firstSequence }) => firstSequence))
      const isBounded = batches.length === 0 || sequenceMax <= entry.firstSequenceMax
      invariant(isBounded, 'no remembered batch is passed over', { producerId, sequenceMax })
      const offsets = batches.map(({ firstOffset }) => firstOffset)
      ascends(offsets, 'a producer’s batches are in order')
    }
    this.#transactions.assertWhole()
  }

  /** States that nothing is remembered of what the log does not have. */
  checkWithin(logEnd: Offset): void {
    for (const { producerId, batches } of this.#producers.values()) {
      const last = lastOf(batches)?.lastOffset ?? NO_OFFSET
      invariant(last < logEnd, 'a remembered batch is in the log', { producerId, last, logEnd })
    }
  }

  #find(producerId: ProducerId): ProducerEntry | undefined {
    if (this.#latest?.producerId !== producerId) this.#latest = this.#producers.get(producerId)
    return this.#latest
  }

  #newEntry(producerId: ProducerId): ProducerEntry {
    const entry = newProducerEntry(producerId)
    this.#producers.set(producerId, entry)
    this.#latest = entry
    return entry
  }
}

function refusal(
  entry: ProducerEntry | undefined,
  batch: ProducerBatch,
  origin: AppendOrigin,
): KafkaError {
  // What a leader took in its order is taken here too: a follower that refuses cannot go on.
  if (origin !== 'replication' && isEpochBehind(entry, batch.producerEpoch)) {
    return 'INVALID_PRODUCER_EPOCH'
  }
  // Only clients count: a coordinator's batches carry no sequence, a follower takes what it gets.
  if (origin === 'client' && !isInSequence(entry, batch.producerEpoch, batch.baseSequence)) {
    return 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  }
  if (entry?.txnFirstOffset !== undefined && batch.isTransactional !== true) {
    return 'INVALID_TXN_STATE'
  }
  return 'NONE'
}

function isEpochBehind(entry: ProducerEntry | undefined, epoch: ProducerEpoch): boolean {
  return entry !== undefined && epoch < entry.epoch
}

function refused(error: KafkaError): MarkerResult {
  return { error, completedTxn: null }
}

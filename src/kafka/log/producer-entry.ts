// Models: what a partition remembers of one producer: epoch, last five batches, open transaction.
// Leaves out: transaction verification state (KIP-890).
// Source: org.apache.kafka.storage.internals.log.ProducerStateEntry.

import type { Offset, ProducerEpoch, ProducerId } from '../ids.ts'

/**
 * How many batches a duplicate can be recognised among: as many as an idempotent producer may have
 * under way on one connection (max.in.flight.requests.per.connection is at most 5 then). An older
 * one that comes again is out of order.
 */
export const BATCHES_RETAINED = 5
const NO_PRODUCER_EPOCH: ProducerEpoch = -1
const NO_SEQUENCE = -1
const SEQUENCE_MAX = 2_147_483_647

/** A remembered batch; the entry writes the next one over it when it is forgotten. */
export interface BatchMetadata {
  firstSequence: number
  lastSequence: number
  firstOffset: Offset
  lastOffset: Offset
}

/** The state of one producer in one partition's log. */
export interface ProducerEntry {
  readonly producerId: ProducerId
  /** Raised by a producer that begins its sequences anew (KIP-360); -1 before the first batch. */
  epoch: ProducerEpoch
  /** Of its epoch: none of `batches` begins with a higher sequence; -1 before the first. */
  firstSequenceMax: number
  /** Of its newest batch in its epoch; -1 before the first. */
  lastSequence: number
  /** Oldest first. */
  readonly batches: Readonly<BatchMetadata>[]
  /** undefined: no transaction is open. */
  txnFirstOffset: Offset | undefined
  /** Of the last end marker: one of an older coordinator is refused (-1 before the first). */
  coordinatorEpoch: number
  /** Of the newest batch or marker; producer.id.expiration.ms counts from it. */
  lastTimestamp: number
}

/** A producer of which nothing is known: any first sequence of it will be taken. */
export function newProducerEntry(producerId: ProducerId): ProducerEntry {
  return {
    producerId,
    epoch: NO_PRODUCER_EPOCH,
    firstSequenceMax: NO_SEQUENCE,
    lastSequence: NO_SEQUENCE,
    batches: [],
    txnFirstOffset: undefined,
    coordinatorEpoch: -1,
    lastTimestamp: -1,
  }
}

/** Another epoch begins with an empty list of batches. */
export function setProducerEpoch(entry: ProducerEntry, epoch: ProducerEpoch): void {
  if (entry.epoch === epoch) return
  entry.batches.length = 0
  entry.firstSequenceMax = NO_SEQUENCE
  entry.lastSequence = NO_SEQUENCE
  entry.epoch = epoch
}

/** Remembers the newest batch, and the last five only. */
export function rememberBatch(
  entry: ProducerEntry,
  baseSequence: number,
  count: number,
  firstOffset: Offset,
): void {
  const lastSequence = lastSequenceOf(baseSequence, count)
  const lastOffset = firstOffset + count - 1
  const { batches } = entry
  entry.lastSequence = lastSequence
  if (baseSequence > entry.firstSequenceMax) entry.firstSequenceMax = baseSequence
  const forgotten: BatchMetadata | undefined =
    batches.length === BATCHES_RETAINED ? batches.shift() : undefined
  if (forgotten === undefined) {
    batches.push({ firstSequence: baseSequence, lastSequence, firstOffset, lastOffset })
    return
  }
  forgotten.firstSequence = baseSequence
  forgotten.lastSequence = lastSequence
  forgotten.firstOffset = firstOffset
  forgotten.lastOffset = lastOffset
  batches.push(forgotten)
}

/**
 * Whether a client's batch may follow. An unknown producer may begin anywhere: its state may have
 * expired or been lost, and refusing it would stop it for good. A new epoch begins at 0.
 */
export function isInSequence(
  entry: ProducerEntry | undefined,
  epoch: ProducerEpoch,
  firstSequence: number,
): boolean {
  if (entry === undefined || entry.epoch === NO_PRODUCER_EPOCH) return true
  if (epoch !== entry.epoch) return firstSequence === 0
  const { lastSequence: last } = entry
  return firstSequence === last + 1 || (firstSequence === 0 && last === SEQUENCE_MAX)
}

/** Sequence of a batch's last record; after 2147483647 comes 0. */
export function lastSequenceOf(baseSequence: number, count: number): number {
  const last = baseSequence + count - 1
  return last > SEQUENCE_MAX ? last - SEQUENCE_MAX - 1 : last
}

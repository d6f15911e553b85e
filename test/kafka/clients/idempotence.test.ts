import { describe, expect, it } from 'vitest'
import { Idempotence } from '../../../src/kafka/clients/idempotence.ts'
import type { ProducerBatch } from '../../../src/kafka/clients/producer-batch.ts'
import { openBatch, runAt } from './small-batches.ts'

function batchOf(count: number, partition = 0): ProducerBatch {
  const batch = openBatch(partition)
  batch.append(runAt(0), count)
  return batch
}

function started(): Idempotence {
  const idempotence = new Idempotence()
  idempotence.initialised(7, 0)
  return idempotence
}

/** Assigns sequences to batches of these sizes, in order. */
function sent(idempotence: Idempotence, ...counts: number[]): ProducerBatch[] {
  return counts.map((count) => {
    const batch = batchOf(count)
    idempotence.assign(batch)
    return batch
  })
}

describe('idempotence', () => {
  it('holds everything back until there is a producer id', () => {
    const idempotence = new Idempotence()
    expect(idempotence.mustWait(batchOf(1))).toBe(true)
    idempotence.initialised(7, 0)
    expect(idempotence.mustWait(batchOf(1))).toBe(false)
  })

  it('numbers batches one behind the other and keeps the number of a retry', () => {
    const idempotence = started()
    const batches = sent(idempotence, 3, 5, 2)
    expect(batches.map((batch) => batch.baseSequence)).toEqual([0, 3, 8])
    const [first] = batches
    if (first === undefined) throw new Error('no batch')
    idempotence.assign(first)
    expect(first.baseSequence).toBe(0)
  })

  it('lets only the oldest retry leave', () => {
    const idempotence = started()
    const [first, second] = sent(idempotence, 3, 5)
    if (first === undefined || second === undefined) throw new Error('no batch')
    expect(idempotence.mustWait(second)).toBe(true)
    expect(idempotence.mustWait(first)).toBe(false)
    idempotence.completed(first)
    expect(idempotence.mustWait(second)).toBe(false)
  })

  it('retries a batch that is out of order because an earlier one failed, without a bump', () => {
    const idempotence = started()
    const [, second] = sent(idempotence, 3, 5)
    if (second === undefined) throw new Error('no batch')
    expect(idempotence.canRetry(second, 'OUT_OF_ORDER_SEQUENCE_NUMBER')).toBe(true)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(0)
  })

  it('bumps the epoch and starts at 0 when the very next batch is out of order', () => {
    const idempotence = started()
    const [first, second, third] = sent(idempotence, 3, 5, 2)
    if (first === undefined || second === undefined || third === undefined) throw new Error('none')
    idempotence.completed(first)
    expect(idempotence.canRetry(second, 'OUT_OF_ORDER_SEQUENCE_NUMBER')).toBe(true)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(1)
    expect([second, third].map((batch) => [batch.producerEpoch, batch.baseSequence])).toEqual([
      [1, 0],
      [1, 5],
    ])
    expect(idempotence.canRetry(third, 'OUT_OF_ORDER_SEQUENCE_NUMBER')).toBe(true)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(1)
  })

  it('holds new batches back while an expired one is unresolved, then bumps', () => {
    const idempotence = started()
    const [first, second] = sent(idempotence, 3, 5)
    if (first === undefined || second === undefined) throw new Error('no batch')
    idempotence.failed(first, 'expired')
    idempotence.markUnresolved(first)
    expect(idempotence.mustWait(batchOf(1))).toBe(true)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(0)
    idempotence.failed(second, 'expired')
    idempotence.markUnresolved(second)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(1)
    expect(idempotence.mustWait(batchOf(1))).toBe(false)
  })

  it('does not bump when the batches behind an expired one succeeded', () => {
    const idempotence = started()
    const [first, second] = sent(idempotence, 3, 5)
    if (first === undefined || second === undefined) throw new Error('no batch')
    idempotence.failed(first, 'expired')
    idempotence.markUnresolved(first)
    idempotence.completed(second)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(0)
    expect(idempotence.mustWait(batchOf(1))).toBe(false)
  })

  it('takes a late answer of an old epoch for its own, and then nothing for the next', () => {
    const idempotence = started()
    const [expired, second] = sent(idempotence, 30, 5)
    if (expired === undefined || second === undefined) throw new Error('no batch')
    idempotence.failed(expired, 'expired')
    idempotence.canRetry(second, 'UNKNOWN_PRODUCER_ID')
    idempotence.maybeResolveAndBump()
    expect([second.producerEpoch, second.baseSequence]).toEqual([1, 0])
    idempotence.completed(second)
    idempotence.completed(expired)
    // Of one that looked like the next the producer would raise its epoch: a gap in the log.
    const [third] = sent(idempotence, 2)
    if (third === undefined) throw new Error('no batch')
    expect(idempotence.canRetry(third, 'OUT_OF_ORDER_SEQUENCE_NUMBER')).toBe(true)
    idempotence.maybeResolveAndBump()
    expect(idempotence.producerEpoch).toBe(1)
    idempotence.assertWhole()
  })

  it('forgets what was unresolved where it begins anew', () => {
    const idempotence = started()
    const [first, second, third] = sent(idempotence, 3, 5, 2)
    if (first === undefined || second === undefined || third === undefined) throw new Error('none')
    idempotence.completed(first)
    idempotence.failed(second, 'expired')
    idempotence.markUnresolved(second)
    // The batch behind it is refused, and is the very next that the log can take.
    expect(idempotence.canRetry(third, 'OUT_OF_ORDER_SEQUENCE_NUMBER')).toBe(true)
    idempotence.maybeResolveAndBump()
    expect([idempotence.producerEpoch, third.baseSequence]).toEqual([1, 0])
    expect(idempotence.mustWait(batchOf(1))).toBe(false)
  })

  it('keeps other partitions on the old epoch until their batches in flight are done', () => {
    const idempotence = started()
    const other = batchOf(4, 1)
    idempotence.assign(other)
    const [first] = sent(idempotence, 3)
    if (first === undefined) throw new Error('no batch')
    idempotence.canRetry(first, 'OUT_OF_ORDER_SEQUENCE_NUMBER')
    idempotence.maybeResolveAndBump()
    expect(idempotence.mustWait(batchOf(1, 1))).toBe(true)
    idempotence.completed(other)
    const next = batchOf(1, 1)
    expect(idempotence.mustWait(next)).toBe(false)
    idempotence.assign(next)
    expect([next.producerEpoch, next.baseSequence]).toEqual([1, 0])
  })
})

import { describe, expect, it } from 'vitest'
import { type ProducerBatch, ProducerStateManager } from '../../../src/kafka/log/producer-state.ts'

const SEQUENCE_MAX = 2_147_483_647

function batch(baseSequence: number, extra: Partial<ProducerBatch> = {}): ProducerBatch {
  return { producerId: 7, producerEpoch: 0, baseSequence, count: 1, ...extra }
}

/** A log that only counts; appends as a leader does. */
class CountingLog {
  readonly state = new ProducerStateManager(1000)
  /** The last stable offset that each end of a transaction would bring about. */
  readonly stableAfter: number[] = []
  end = 0

  append(produced: ProducerBatch, now = 0) {
    const duplicate = this.state.findDuplicate(produced)
    if (duplicate !== undefined) return duplicate.firstOffset
    const error = this.state.append(produced, this.end, now, 'client')
    if (error !== 'NONE') return error
    this.end += produced.count
    this.state.updateMapEndOffset(this.end)
    return this.end - produced.count
  }

  endTransaction(type: 'COMMIT' | 'ABORT', producerEpoch = 0, coordinatorEpoch = 0, of = 7) {
    const marker = { producerId: of, producerEpoch, coordinatorEpoch, type }
    const { error, completedTxn } = this.state.appendMarker(marker, this.end, 0, 'coordinator')
    if (error === 'NONE') this.end++
    if (completedTxn !== null) {
      this.stableAfter.push(this.state.lastStableOffset(completedTxn))
      this.state.completeTxn(completedTxn)
    }
    return error
  }
}

describe('idempotence', () => {
  it('answers a retry with the offset of the original', () => {
    const log = new CountingLog()
    expect(log.append(batch(0, { count: 3 }))).toBe(0)
    expect(log.append(batch(3))).toBe(3)
    expect(log.append(batch(0, { count: 3 }))).toBe(0)
    expect(log.end).toBe(4)
  })

  it('takes a batch that only begins like an earlier one for out of order', () => {
    const log = new CountingLog()
    log.append(batch(0, { count: 3 }))
    log.append(batch(3))
    expect(log.append(batch(0, { count: 2 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('remembers five batches: the sixth back is out of order, not a duplicate', () => {
    const log = new CountingLog()
    for (let sequence = 0; sequence < 6; sequence++) log.append(batch(sequence))
    expect(log.append(batch(1))).toBe(1)
    expect(log.append(batch(0))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('knows an old batch again though the newest ends right before it', () => {
    const log = new CountingLog()
    log.state.append(batch(12), 0, 0, 'replication')
    log.state.append(batch(11), 1, 0, 'replication')
    expect(log.append(batch(12))).toBe(0)
  })

  it('accepts any first sequence of a producer that it does not know', () => {
    expect(new CountingLog().append(batch(41))).toBe(0)
  })

  it('demands sequence 0 of a new epoch and refuses an old one', () => {
    const log = new CountingLog()
    log.append(batch(0, { producerEpoch: 3 }))
    expect(log.append(batch(1, { producerEpoch: 4 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(log.append(batch(0, { producerEpoch: 4 }))).toBe(1)
    expect(log.append(batch(1, { producerEpoch: 3 }))).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('goes on with 0 after the largest sequence, also inside a batch', () => {
    const log = new CountingLog()
    log.append(batch(SEQUENCE_MAX - 1, { count: 3 }))
    expect(log.state.entry(7)?.batches[0]?.lastSequence).toBe(0)
    expect(log.append(batch(1))).toBe(3)
    const full = new CountingLog()
    full.append(batch(SEQUENCE_MAX))
    expect(full.append(batch(1))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(full.append(batch(0))).toBe(1)
  })

  it('forgets a producer that was silent for its expiration time', () => {
    const log = new CountingLog()
    log.append(batch(0), 10)
    log.state.removeExpiredProducers(1009)
    expect(log.state.size).toBe(1)
    log.state.removeExpiredProducers(1010)
    expect(log.state.size).toBe(0)
  })
})

describe('transactions', () => {
  const transactional = { isTransactional: true }

  it('hold the stable offset back until the high watermark passes their marker', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.endTransaction('COMMIT')
    log.state.onHighWatermarkUpdated(1)
    expect(log.state.firstUnstableOffset()).toBe(0)
    log.state.onHighWatermarkUpdated(2)
    expect(log.state.firstUnstableOffset()).toBeUndefined()
  })

  it('hold it back from where the first of them began, in whatever order they end', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.append(batch(0, { ...transactional, producerId: 8 }))
    log.endTransaction('COMMIT', 0, 0, 8)
    log.endTransaction('COMMIT')
    expect(log.stableAfter).toEqual([0, 4])
    expect(log.state.firstUnstableOffset()).toBe(0)
    log.state.onHighWatermarkUpdated(3)
    expect(log.state.firstUnstableOffset()).toBe(0)
    log.state.onHighWatermarkUpdated(4)
    expect(log.state.firstUnstableOffset()).toBeUndefined()
  })

  it('that began later still hold it back when an earlier one has ended', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.append(batch(0, { ...transactional, producerId: 8 }))
    log.endTransaction('ABORT')
    log.state.onHighWatermarkUpdated(log.end)
    expect(log.state.firstUnstableOffset()).toBe(1)
  })

  it('are forgotten with the part of the log that held them', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.endTransaction('COMMIT')
    log.append(batch(1))
    log.state.truncateAndReload(2, log.end)
    expect(log.state.firstUnstableOffset()).toBeUndefined()
  })

  it('are fenced by a marker with a higher epoch', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.endTransaction('ABORT', 1)
    expect(log.append(batch(1, transactional))).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('refuse a marker of an older coordinator', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.endTransaction('COMMIT', 0, 5)
    expect(log.endTransaction('COMMIT', 0, 4)).toBe('TRANSACTION_COORDINATOR_FENCED')
  })

  it('refuse a plain batch of their producer while they are open', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    expect(log.append(batch(1))).toBe('INVALID_TXN_STATE')
  })

  it('keep their producer from expiring', () => {
    const log = new CountingLog()
    log.append(batch(0, transactional))
    log.state.removeExpiredProducers(99_999)
    expect(log.state.size).toBe(1)
  })
})

describe('truncation', () => {
  it('asks for the log to be read again, and forgets what is not read', () => {
    const log = new CountingLog()
    log.append(batch(0))
    log.append(batch(1))
    expect(log.state.truncateAndReload(0, 2)).toBe(false)
    expect(log.state.truncateAndReload(0, 1)).toBe(true)
    log.state.append(batch(0), 0, 0, 'replication')
    expect(log.append(batch(2))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('reads what another leader accepted without judging it', () => {
    const state = new ProducerStateManager(1000)
    state.append(batch(5, { producerEpoch: 2 }), 0, 0, 'replication')
    expect(state.append(batch(9, { producerEpoch: 1 }), 1, 0, 'replication')).toBe('NONE')
  })
})

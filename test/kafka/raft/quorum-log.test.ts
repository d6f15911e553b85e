import { describe, expect, it } from 'vitest'
import { QuorumLog } from '../../../src/kafka/raft/quorum-log.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'

/** A log whose entry i has the i-th of these epochs. */
function logOf(...epochs: number[]): QuorumLog {
  const log = new QuorumLog()
  for (const epoch of epochs) log.append(epoch, { type: 'NoOp' })
  return log
}

describe('the end of an epoch', () => {
  const log = logOf(1, 1, 3, 3, 4)

  it('is where the next one begins, and the end of the log for the last', () => {
    expect(log.endOffsetForEpoch(1)).toEqual({ epoch: 1, endOffset: 2 })
    expect(log.endOffsetForEpoch(3)).toEqual({ epoch: 3, endOffset: 4 })
    expect(log.endOffsetForEpoch(4)).toEqual({ epoch: 4, endOffset: 5 })
  })

  it('is that of the epoch below for one that the log does not have', () => {
    expect(log.endOffsetForEpoch(2)).toEqual({ epoch: 1, endOffset: 2 })
    expect(log.endOffsetForEpoch(9)).toEqual({ epoch: 4, endOffset: 5 })
    expect(log.endOffsetForEpoch(0)).toEqual({ epoch: 0, endOffset: 0 })
  })
})

describe('a reader', () => {
  const log = logOf(1, 1, 3, 3, 4)

  it('shares the log up to the end of its own last epoch, not beyond', () => {
    expect(log.divergenceOf(2, 1)).toBeNull()
    expect(log.divergenceOf(3, 1)).toEqual({ epoch: 1, endOffset: 2 })
    expect(log.divergenceOf(4, 2)).toEqual({ epoch: 1, endOffset: 2 })
    expect(log.divergenceOf(0, 0)).toBeNull()
    expect(log.divergenceOf(0, 2)).toEqual({ epoch: 1, endOffset: 2 })
    expect(log.divergenceOf(2, 0)).toEqual({ epoch: 0, endOffset: 0 })
  })

  it('cuts to what both logs have of the epoch that it is told', () => {
    expect(logOf(1, 1, 2, 2).truncationOffset({ epoch: 1, endOffset: 1 })).toBe(1)
    expect(logOf(1, 1, 2, 2).truncationOffset({ epoch: 1, endOffset: 9 })).toBe(2)
    // It has nothing of epoch 3: back to the end of its own newest epoch below.
    expect(logOf(1, 1, 2, 2).truncationOffset({ epoch: 3, endOffset: 4 })).toBe(4)
  })

  it('that cut its log appends at the new end, with the epochs cut as well', () => {
    const cut = logOf(1, 1, 2, 2)
    cut.truncateTo(2)
    cut.append(5, { type: 'NoOp' })
    expect(cut.endOffsetForEpoch(2)).toEqual({ epoch: 1, endOffset: 2 })
    expect(cut.endOffsetForEpoch(5)).toEqual({ epoch: 5, endOffset: 3 })
  })

  it('never sees an epoch fall', () => {
    expect(() => logOf(3, 2)).toThrow(/epochs never fall/)
  })
})

describe('a store', () => {
  it('loses what was written and not flushed, the vote included, with the power only', () => {
    const store = new QuorumStore()
    store.log.append(1, { type: 'NoOp' })
    store.flushed(1, { epoch: 1, leaderId: 7, votedFor: 7 })
    store.log.append(1, { type: 'NoOp' })
    store.election = { epoch: 2, leaderId: -1, votedFor: 8 }
    store.powerLoss()
    expect(store.log.endOffset).toBe(1)
    expect(store.election).toEqual({ epoch: 1, leaderId: 7, votedFor: 7 })
  })

  it('keeps it through a crash of the process, whose successor flushes it', () => {
    const store = new QuorumStore()
    store.log.append(1, { type: 'NoOp' })
    store.election = { epoch: 1, leaderId: 7, votedFor: 7 }
    store.open()
    store.powerLoss()
    expect(store.log.endOffset).toBe(1)
    expect(store.election.epoch).toBe(1)
  })
})

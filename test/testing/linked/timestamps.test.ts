import { describe, expect, it } from 'vitest'
import { History, logRanges, OK } from '../../../src/history.ts'
import { isRising } from '../../../src/testing/linked/timestamps.ts'

const MS = 1_000

/** Batches of ten records in the order of a log, by the millisecond of the first and the last. */
function historyOf(...made: readonly (readonly [first: number, last: number])[]): History {
  const history = new History()
  history.streams.push({ id: 0, producer: 'shop', region: 'us', partition: 0 })
  const batches = made.map(([first, last], index) => {
    const firstRecordId = index * 10
    history.produced.push({
      ...{ stream: 0, partition: 0, firstRecordId, count: 10, bytes: 100, doneAt: 0 },
      ...{ createdFirst: first * MS, createdLast: last * MS, outcome: OK, error: -1 },
      ...{ baseOffset: firstRecordId, attempts: 1 },
    })
    return { baseOffset: firstRecordId, count: 10, firstRecordId, leaderEpoch: 0 }
  })
  history.finalLogs.push({
    ...{ partition: 0, broker: 1, isSurvivor: true, logStart: 0 },
    ...{ highWatermark: made.length * 10, logEnd: made.length * 10, ranges: logRanges(batches) },
  })
  return history
}

describe('timestamps of a log', () => {
  it('rise where no batch begins before the one in front of it ends', () => {
    expect(isRising(historyOf([0, 5], [5, 9], [10, 10]), 0)).toBe(true)
  })

  it('do not rise where two producers wrote in turn', () => {
    expect(isRising(historyOf([0, 5], [4, 9]), 0)).toBe(false)
  })

  it('are unknown of a log that is empty, or that has no leader', () => {
    expect(isRising(historyOf(), 0)).toBe(false)
    expect(isRising(historyOf([0, 5]), 1)).toBe(false)
  })
})

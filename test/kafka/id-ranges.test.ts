import { describe, expect, it } from 'vitest'
import {
  createdAt,
  haveSameIds,
  type IdRange,
  idsOf,
  rangesOfLog,
  recordIdAt,
  sliceRanges,
} from '../../src/kafka/id-ranges.ts'
import type { RecordBatch } from '../../src/kafka/messages.ts'
import { batchOf } from './log/batches.ts'

function range(firstRecordId: number, count: number, createdFirst = 0, createdLast = 0): IdRange {
  return { firstRecordId, count, createdFirst, createdLast }
}

/** Records 100..102 and 500..504 at offsets 40..47. */
const COPY: RecordBatch = {
  ...batchOf(40, 3, 8),
  firstRecordId: 100,
  ids: [range(100, 3, 10, 30), range(500, 5, 1_000, 1_400)],
}

describe('the records of a batch', () => {
  it('are one range, the batch itself, where nothing was merged', () => {
    const plain = { ...batchOf(40, 3, 8), firstRecordId: 7 }
    expect(idsOf(plain, 0, 100)).toEqual([plain])
    expect(idsOf(plain, 42, 44)).toEqual([range(9, 2)])
    expect([...rangesOfLog([plain])]).toEqual([plain])
  })

  it('are its ranges in the order of the log, cut where offsets are', () => {
    expect(idsOf(COPY, 40, 48)).toEqual(COPY.ids)
    expect(idsOf(COPY, 42, 45)).toEqual([range(102, 1, 30, 30), range(500, 2, 1_000, 1_100)])
    expect(idsOf(COPY, 44, 100)).toEqual([range(501, 4, 1_100, 1_400)])
    expect(idsOf(COPY, 0, 40)).toEqual([])
  })

  it('can be cut by count as by offset', () => {
    expect(sliceRanges(COPY.ids ?? [], 2, 3)).toEqual(idsOf(COPY, 42, 45))
    expect(sliceRanges(COPY.ids ?? [], 3, 5)).toEqual([COPY.ids?.[1]])
  })

  it('keep the time of their creation', () => {
    expect([0, 1, 2, 4].map((n) => createdAt(range(0, 5, 1_000, 1_400), n))).toEqual([
      1_000, 1_100, 1_200, 1_400,
    ])
    expect(createdAt(range(0, 1, 5, 5), 0)).toBe(5)
  })

  it('have an id at each offset, and none elsewhere', () => {
    const ids = [40, 42, 43, 47].map((offset) => recordIdAt(COPY, offset))
    expect(ids).toEqual([100, 102, 500, 504])
    expect([39, 48].map((offset) => recordIdAt(COPY, offset))).toEqual([Number.NaN, Number.NaN])
  })

  it('differ where any range does', () => {
    const other = { ...COPY, ids: [range(100, 3), range(501, 5)] }
    expect(haveSameIds(COPY, { ...COPY, ids: [...(COPY.ids ?? [])] })).toBe(true)
    expect(haveSameIds(COPY, other)).toBe(false)
    expect(haveSameIds(COPY, { ...COPY, ids: undefined })).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { keyOfRecord } from '../../src/history/key-of-record.ts'
import { RECORDS_PER_STREAM } from '../../src/history.ts'

const stream = (id: number, keys?: readonly number[]) => ({
  ...{ id, producer: `p${id}`, region: 'r', partition: id },
  ...(keys === undefined ? {} : { keys }),
})

describe('the key of a record', () => {
  const keys = [3, 5, 8, 13, 21]
  const drawn = (id: number) =>
    Array.from({ length: 10_000 }, (_, n) =>
      keyOfRecord(stream(id, keys), id * RECORDS_PER_STREAM + n),
    )

  it('is each of its partition’s keys about as often', () => {
    for (const key of keys) {
      const times = drawn(0).filter((one) => one === key).length
      expect(times).toBeGreaterThan(1_850)
      expect(times).toBeLessThan(2_150)
    }
  })

  it('is not that of the record of the same number in another stream', () => {
    const other = drawn(1)
    const equal = drawn(0).filter((key, n) => key === other[n]).length
    expect(equal).toBeGreaterThan(1_850)
    expect(equal).toBeLessThan(2_150)
  })

  it('is none where its producer gives none', () => {
    expect(keyOfRecord(stream(0), 7)).toBeNull()
  })
})

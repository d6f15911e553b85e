import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryRecordsBuilder } from '../../../src/kafka/clients/memory-records-builder.ts'
import { recordBytes, varintBytes, varintStep } from '../../../src/kafka/network/record-sizes.ts'

const BATCH_HEADER = 61

/** Records that pack to a quarter, handed over evenly from `first` on; `taken` are gone. */
function evenly(payloadBytes: number, first: number, gap: number) {
  return {
    payloadBytes,
    compressionRatio: 0.25,
    taken: 0,
    createdAt(n: number) {
      return first + (this.taken + n) * gap
    },
  }
}

/** The rule, record by record: how many of a run a batch takes, and their bytes. */
function oneByOne(limit: number, payloadBytes: number, first: number, gap: number, max: number) {
  let bytes = BATCH_HEADER
  for (let n = 0; n < max; n++) {
    const delta = Math.floor((first + n * gap) / 1_000) - Math.floor(first / 1_000)
    const size = recordBytes(payloadBytes, delta, n)
    if (n > 0 && bytes + size > limit) return { count: n, bytes }
    bytes += size
  }
  return { count: max, bytes }
}

describe('a batch that fills', () => {
  const drawn = fc.record({
    limit: fc.integer({ min: 100, max: 100_000 }),
    payloadBytes: fc.integer({ min: 0, max: 9_000 }),
    first: fc.integer({ min: 0, max: 100_000 }),
    gap: fc.integer({ min: 0, max: 200_000 }),
    pieces: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
  })

  it('takes as many records, and as many bytes, as they have one by one', () => {
    fc.assert(
      fc.property(drawn, ({ limit, payloadBytes, first, gap, pieces }) => {
        const builder = new MemoryRecordsBuilder(limit, false, 1)
        const run = evenly(payloadBytes, first, gap)
        let offered = 0
        for (const piece of pieces) {
          offered += piece
          run.taken += builder.append(run, piece)
          if (run.taken < offered) break
        }
        const expected = oneByOne(limit, payloadBytes, first, gap, offered)
        expect({ count: builder.count, bytes: builder.bytes }).toEqual(expected)
        expect(builder.payloadBytes).toBe(builder.count * payloadBytes)
      }),
      { seed: 5, numRuns: 500 },
    )
  })

  it('is complete with the record that finds no room, or with one that leaves none', () => {
    const run = evenly(100, 0, 10_000)
    expect(new MemoryRecordsBuilder(16_384, false, 1).completedBy(run)).toBe(147)
    expect(new MemoryRecordsBuilder(BATCH_HEADER + 3 * 109, false, 1).completedBy(run)).toBe(2)
    const full = new MemoryRecordsBuilder(BATCH_HEADER + 3 * 109, false, 1)
    expect(full.append(run, 2)).toBe(2)
    expect(full.isFull).toBe(false)
    expect(full.append(run, 9)).toBe(1)
    expect([full.isFull, full.completedBy(run)]).toEqual([true, 0])
  })

  it('has room at least for what it is said to have, whatever the records are', () => {
    const [count, size, ms] = [fc.nat(40), fc.integer({ min: 0, max: 3_000 }), fc.nat(90_000)]
    const property = fc.property(count, size, ms, fc.boolean(), (before, payload, gap, packs) => {
      const builder = new MemoryRecordsBuilder(16_384, packs, 0.7)
      builder.append(evenly(payload, 0, gap * 1_000), before)
      const rest = evenly(payload, before * gap * 1_000, gap * 1_000)
      expect(builder.roomAtLeast(rest)).toBeLessThanOrEqual(builder.completedBy(rest))
    })
    fc.assert(property, { seed: 5, numRuns: 500 })
    const empty = new MemoryRecordsBuilder(16_384, false, 1)
    expect(empty.roomAtLeast(evenly(100, 0, 1))).toBeGreaterThan(100)
  })

  it('takes one record of any size, which does not make it full', () => {
    const builder = new MemoryRecordsBuilder(5_086, false, 1)
    expect(builder.append(evenly(5_000, 0, 0), 2)).toBe(1)
    expect(builder.isFull).toBe(false)
  })

  it('takes more where compression is expected to leave less, and writes what it leaves', () => {
    const run = evenly(1_000, 0, 0)
    const counts = [1, 0.5, 0.25].map((estimate) => {
      const builder = new MemoryRecordsBuilder(16_384, true, estimate)
      const count = builder.append(run, 1_000)
      expect(builder.bytes).toBe(BATCH_HEADER + Math.ceil(builder.uncompressedBytes / 4))
      expect(builder.ratio).toBe(0.25)
      return count
    })
    expect(counts).toEqual([15, 29, 58])
  })
})

it('a number’s bytes change where the next step is', () => {
  for (const value of [0, 1, 63, 64, 8_191, 8_192, -1, -64, -65, -8_192, -8_193, -1_048_577]) {
    const step = varintStep(value)
    expect(step).toBeGreaterThan(value)
    expect(varintBytes(step - 1)).toBe(varintBytes(value))
    expect(varintBytes(step)).not.toBe(varintBytes(value))
  }
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failoversOf } from '../../src/check/failovers.ts'
import { fatesOf } from '../../src/check/fates.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import { A_ORDERS, B_COPY, B_ORDERS, TinyClusters } from './tiny-clusters.ts'
import { id } from './tiny-history.ts'

const fates = (tiny: TinyClusters) => {
  const history = tiny.over(10_000)
  return fatesOf(history, buildLedger(history))
}

/** p writes 100 records to A, of which 90 reach B before A is lost at 1 s; B takes over at 5 s. */
function lostSource(system?: string) {
  const tiny = new TinyClusters(system)
  tiny.copied(A_ORDERS, { first: 0, count: 100, offset: 0 }, 400)
  tiny.produced({ first: 0, count: 90, doneMs: 500 })
  tiny.produced({ first: 90, count: 10, doneMs: 900 })
  tiny.copied(B_ORDERS, { first: 0, count: 90, offset: 0 }, 800)
  const fault = tiny.fault(1_000)
  return { tiny, fault }
}

describe('records and their copies in another cluster', () => {
  it('are no duplicates and no disorder: one record in two logs', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.ends(A_ORDERS, [[0, 10]]).ends(B_ORDERS, [[0, 10]])
    expect(fates(tiny)).toMatchObject({ acked: 10, safe: 10, lost: 0, duplicated: 0, reordered: 0 })
  })

  it('are duplicated where a replicator copied them again into the same log', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.ends(A_ORDERS, [[0, 10]])
    tiny.ends(B_COPY, [
      [0, 8],
      [5, 5],
    ])
    expect(fates(tiny)).toMatchObject({ safe: 10, duplicated: 3, reordered: 0 })
  })

  it('are duplicated once, in however many logs the duplicates stand', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 4, doneMs: 100 })
    const twice = [
      [0, 4],
      [0, 4],
    ] as const
    tiny.ends(A_ORDERS, twice).ends(B_ORDERS, twice)
    expect(fates(tiny).duplicated).toBe(4)
  })

  it('stand out of order once, however often the disorder was copied', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 6, doneMs: 100 })
    const swapped = [
      [3, 3],
      [0, 3],
    ] as const
    tiny.ends(A_ORDERS, swapped).ends(B_ORDERS, swapped)
    expect(fates(tiny).reordered).toBe(3)
  })

  it('survive in a copy whose source is gone', () => {
    const tiny = new TinyClusters().produced({ first: 0, count: 10, doneMs: 100 })
    tiny.ends(A_ORDERS, []).ends(B_ORDERS, [[0, 7]])
    expect(fates(tiny)).toMatchObject({ acked: 10, safe: 7, delayed: 0, lost: 3 })
  })
})

describe('a failover to the target of a link', () => {
  it('misses what was acknowledged and had not reached the target at its promotion', () => {
    const { tiny, fault } = lostSource()
    tiny.promoted('A->B', [B_ORDERS], 5_000, fault)
    const [failover] = failoversOf(tiny.over(10_000))
    expect(failover).toMatchObject({ faultAt: 1_000_000, promotedAt: 5_000_000 })
    expect(failover?.missing).toMatchObject({ starts: [90], ends: [100] })
    expect([...(failover?.homes ?? [])]).toEqual([A_ORDERS])
  })

  it('loses for good what the old primary does not bring back', () => {
    const { tiny, fault } = lostSource()
    tiny.promoted('A->B', [B_ORDERS], 5_000, fault)
    tiny.ends(A_ORDERS, []).ends(B_ORDERS, [[0, 90]])
    expect(fates(tiny)).toMatchObject({ acked: 100, safe: 90, delayed: 0, lost: 10 })
  })

  it('delays what the old primary still has, or what is copied late', () => {
    const stranded = lostSource()
    stranded.tiny.promoted('A->B', [B_ORDERS], 5_000, stranded.fault)
    stranded.tiny.ends(A_ORDERS, [[0, 100]]).ends(B_ORDERS, [[0, 90]])
    expect(fates(stranded.tiny)).toMatchObject({ safe: 90, delayed: 10, lost: 0 })
    const late = lostSource('mirror-maker2')
    late.tiny.promoted('A->B', [B_ORDERS], 5_000, late.fault)
    late.tiny.copied(B_COPY, { first: 90, count: 10, offset: 0 }, 8_000)
    late.tiny
      .ends(A_ORDERS, [])
      .ends(B_ORDERS, [[0, 90]])
      .ends(B_COPY, [[90, 10]])
    expect(fates(late.tiny)).toMatchObject({ safe: 90, delayed: 10, lost: 0 })
  })

  it('misses too what the old primary goes on acknowledging, however late', () => {
    const { tiny, fault } = lostSource()
    tiny.promoted('A->B', [B_ORDERS], 5_000, fault)
    tiny.copied(A_ORDERS, { first: 100, count: 5, offset: 100 }, 6_000)
    tiny.produced({ first: 100, count: 5, doneMs: 6_010 })
    tiny.ends(A_ORDERS, [[0, 90]]).ends(B_ORDERS, [[0, 90]])
    expect(fates(tiny)).toMatchObject({ acked: 105, safe: 90, lost: 15 })
  })

  it('ends when the old primary is promoted in its turn: what it takes then is its own', () => {
    const { tiny, fault } = lostSource()
    tiny.promoted('A->B', [B_ORDERS], 5_000, fault)
    tiny.promoted('B->A', [A_ORDERS], 7_000)
    tiny.copied(A_ORDERS, { first: 100, count: 5, offset: 90, epoch: 1 }, 8_000)
    tiny.produced({ first: 100, count: 5, doneMs: 8_010 })
    const [there, back] = failoversOf(tiny.over(10_000))
    expect(there).toMatchObject({ until: 7_000_000, missing: { starts: [90], ends: [100] } })
    expect(back?.missing.size).toBe(0)
    expect([...(back?.homes ?? [])]).toEqual([B_ORDERS])
  })

  it('counts a second time only what was acknowledged since the old primary was back', () => {
    const { tiny, fault } = lostSource()
    tiny.promoted('A->B', [B_ORDERS], 2_000, fault)
    tiny.promoted('B->A', [A_ORDERS], 3_000)
    tiny.produced({ first: 100, count: 5, doneMs: 4_000 })
    tiny.promoted('A->B', [B_ORDERS], 5_000)
    expect(failoversOf(tiny.over(10_000)).map(({ missing }) => missing.size)).toEqual([10, 0, 5])
  })

  it('takes the place of the partition whose records it holds, or whose name it bears', () => {
    const homesFor = (partitions: readonly number[]) => {
      const { tiny } = lostSource()
      tiny.copied(B_COPY, { first: 0, count: 90, offset: 0 }, 800)
      tiny.promoted('A->B', partitions, 5_000)
      return [...(failoversOf(tiny.over(10_000))[0]?.homes ?? [])]
    }
    expect(homesFor([B_COPY])).toEqual([A_ORDERS])
    expect(homesFor([B_ORDERS])).toEqual([A_ORDERS])
    // Nobody names partitions: all that the link carries, and a copy of the target's is none of it.
    expect(homesFor([])).toEqual([A_ORDERS])
  })

  it('is counted from the fault that led to it, else from the first; planned without any', () => {
    const faultAt = (faults: readonly number[], cause: number | null) => {
      const tiny = new TinyClusters()
      const ids = faults.map((at) => tiny.fault(at))
      tiny.promoted('A->B', [B_ORDERS], 5_000, cause === null ? -1 : (ids[cause] ?? -1))
      return failoversOf(tiny.over(10_000))[0]?.faultAt
    }
    expect(faultAt([1_000, 2_000], 1)).toBe(2_000_000)
    expect(faultAt([1_000, 2_000], null)).toBe(1_000_000)
    expect(faultAt([6_000], null)).toBeNull()
  })

  it('parts what was acknowledged into safe, delayed and lost, whatever was copied and cut', () => {
    const range = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 9 }))
    const step = fc.record({
      ...{ kind: fc.constantFrom('send', 'copy', 'promote', 'return', 'cut'), range },
      ...{ isAcked: fc.boolean(), epoch: fc.nat(2), target: fc.constantFrom(B_ORDERS, B_COPY) },
    })
    const logs = fc.array(fc.tuple(range, fc.nat(3), fc.boolean()), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), logs, (steps, ends) => {
        const tiny = new TinyClusters()
        tiny.fault(1)
        for (const [
          i,
          {
            kind,
            range: [offset, count],
            isAcked,
            epoch,
            target,
          },
        ] of steps.entries()) {
          const at = 10 * (i + 1)
          const batch = { first: i * 10, count, offset, epoch }
          if (kind === 'send') {
            tiny.produced({ ...batch, doneMs: at, outcome: isAcked ? 'ok' : 'unknown' })
            tiny.copied(A_ORDERS, batch, at - 5)
          }
          if (kind === 'copy') tiny.copied(target, { ...batch, first: offset }, at)
          if (kind === 'promote') tiny.promoted('A->B', isAcked ? [target] : [], at)
          if (kind === 'return') tiny.promoted('B->A', [A_ORDERS], at)
          if (kind === 'cut') {
            const cut = {
              partition: target,
              broker: 4,
              fromOffset: offset,
              toOffset: offset + count,
            }
            tiny.history.truncations.push({ ...cut, at: at * 1_000, event: -1 })
          }
        }
        for (const [[first, count], partition, survivor] of ends) {
          tiny.ends(partition, [[first, count]], { survivor })
        }
        const history = tiny.over(1_000)
        const ledger = buildLedger(history)
        const found = fatesOf(history, ledger)
        expect(found.safe + found.delayed + found.lost).toBe(found.acked)
        expect(ledger.safe.and(ledger.delayed).size).toBe(0)
        expect(ledger.lost.and(ledger.surviving).size).toBe(0)
        for (const { acked, missing } of ledger.failovers) {
          expect(missing.minus(acked).size).toBe(0)
          expect(missing.and(ledger.safe).size).toBe(0)
        }
      }),
    )
  })

  it('leaves what clients wrote to the target alone', () => {
    const { tiny, fault } = lostSource()
    tiny.promoted('A->B', [B_ORDERS], 5_000, fault)
    tiny.copied(B_ORDERS, { first: 0, count: 5, offset: 90, stream: 1 }, 6_000)
    tiny.produced({ first: 0, count: 5, stream: 1, doneMs: 6_010 })
    tiny.ends(A_ORDERS, [])
    tiny.ends(B_ORDERS, [
      [0, 90],
      [0, 5, 1],
    ])
    const ledger = buildLedger(tiny.over(10_000))
    expect(ledger.lost).toMatchObject({ starts: [90], ends: [100] })
    expect(ledger.safe).toMatchObject({ starts: [0, id(0, 1)] })
  })
})

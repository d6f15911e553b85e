import { describe, expect, it } from 'vitest'
import { firstOutages, newFlow, outagesOf } from '../../src/check/outage.ts'
import type { Fault } from '../../src/history/facts.ts'

const fault = (id: number, from: number): Fault => ({
  ...{ id, kind: 'crash', target: 'broker-1', from, until: from + 1_000_000 },
})

/** Acks at these milliseconds, each sent `waited` ms before. */
function flow(ats: readonly (readonly [at: number, waited: number])[], failedMs: number[] = []) {
  const result = newFlow()
  for (const [at, waited] of ats) {
    result.at.push(at * 1_000)
    result.sentAt.push((at - waited) * 1_000)
  }
  result.failedAt.push(...failedMs.map((ms) => ms * 1_000))
  return result
}

const period = (faults: Fault[], endMs = 20_000) => ({ startAt: 0, endAt: endMs * 1_000, faults })

describe('an outage', () => {
  it('is a gap of more than half a second in which a record waited', () => {
    const found = outagesOf(
      flow([
        [100, 5],
        [200, 5],
        [900, 600],
      ]),
      period([fault(0, 150_000)]),
    )
    expect(found).toMatchObject([{ from: 200_000, until: 900_000, open: false }])
  })

  it('is not a gap of half a second, nor one in which nobody waited', () => {
    expect(
      outagesOf(
        flow([
          [100, 5],
          [600, 500],
        ]),
        period([fault(0, 150_000)]),
      ),
    ).toEqual([])
    expect(
      outagesOf(
        flow([
          [100, 5],
          [9_000, 5],
        ]),
        period([fault(0, 150_000)]),
      ),
    ).toEqual([])
  })

  it('is seen where one client waits on, though what another one sends later ends the gap', () => {
    const acks = flow([
      [100, 5],
      [9_000, 5],
      [9_010, 5],
      [9_400, 8_400],
    ])
    acks.by.push(0, 1, 1, 0)
    const found = outagesOf(acks, period([fault(0, 150_000)]))
    expect(found).toMatchObject([{ from: 100_000, until: 9_000_000 }])
  })

  it('is not the wait of a client that was cut off while others got through', () => {
    const acks = flow([
      [100, 5],
      [2_000, 5],
      [9_000, 5],
      [9_400, 9_200],
    ])
    acks.by.push(0, 1, 1, 0)
    expect(outagesOf(acks, period([fault(0, 8_000_000)]))).toEqual([])
  })

  it('is seen where sends failed although the last one got through at once', () => {
    expect(
      outagesOf(
        flow(
          [
            [100, 5],
            [9_000, 5],
          ],
          [4_000],
        ),
        period([fault(0, 150_000)]),
      ),
    ).toHaveLength(1)
  })

  it('is not what failed at the very moment at which the last one got through', () => {
    const acks = [
      [100, 5],
      [9_000, 5],
    ] as const
    const found = (failedMs: number) =>
      outagesOf(flow(acks, [failedMs]), period([fault(0, 150_000)]))
    expect([found(100), found(101), found(9_000)].map(({ length }) => length)).toEqual([0, 1, 1])
  })

  it('counts what gets through at one instant once: gaps are what lies between instants', () => {
    const many = Array.from({ length: 400 }, () => [3_000, 5] as const)
    const slow = [[0, 5], [1_000, 5], [2_000, 5], ...many] as const
    const faults = [fault(0, 3_500_000)]
    expect(outagesOf(flow([...slow, [7_000, 3_900]]), period(faults))).toEqual([])
    expect(outagesOf(flow([...slow, [8_001, 5_001]]), period(faults))).toHaveLength(1)
  })

  it('must be five times as long as the gaps that are usual', () => {
    const slow: (readonly [number, number])[] = [0, 1_000, 2_000, 3_000].map((at) => [at, 5])
    const faults = [fault(0, 3_500_000)]
    expect(outagesOf(flow([...slow, [8_000, 4_900]]), period(faults))).toEqual([])
    expect(outagesOf(flow([...slow, [8_001, 5_001]]), period(faults))).toHaveLength(1)
  })

  it('does not end with an acknowledgement that was in flight when the fault struck', () => {
    const acks = flow([
      [100, 5],
      [200, 5],
      [237, 5],
      [14_000, 13_000],
    ])
    const found = outagesOf(acks, period([fault(0, 201_000)]))
    expect(found).toMatchObject([{ from: 237_000, until: 14_000_000 }])
    expect(found[0]?.fault?.id).toBe(0)
  })

  it('stays open when nothing got through before the load ended', () => {
    const found = outagesOf(flow([[100, 5]], [20_000]), period([fault(0, 150_000)]))
    expect(found).toMatchObject([{ from: 100_000, until: 20_000_000, open: true }])
  })

  it('belongs to the fault that began it; the first one of a fault is its recovery', () => {
    const acks = flow([
      [100, 5],
      [3_000, 2_500],
      [8_000, 4_000],
      [15_000, 6_000],
    ])
    const found = outagesOf(acks, period([fault(0, 150_000), fault(1, 8_100_000)]))
    expect(found.map((o) => o.fault?.id)).toEqual([0, 0, 1])
    expect(firstOutages(found).map((o) => o.from)).toEqual([100_000, 8_000_000])
  })

  /** An acknowledgement every 50 ms for 6 s, then one that waited two seconds. */
  const steady = Array.from({ length: 121 }, (_, n) => [50 * n, 5] as const)
  const stopped = () => flow([...steady, [8_000, 2_000]])

  it('belongs to the last fault before it where none struck inside, in whatever order', () => {
    const faults = [fault(1, 4_000_000), fault(0, 2_000_000)]
    const found = outagesOf(stopped(), period(faults))
    expect(found).toMatchObject([{ from: 6_000_000, fault: { id: 1 } }])
  })

  it('without a fault is nobody’s, and no recovery', () => {
    const found = outagesOf(stopped(), period([]))
    expect(found).toMatchObject([{ from: 6_000_000, fault: null }])
    expect(firstOutages(found)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { consumerViewOf, readerViews } from '../../src/check/consumer-view.ts'
import { groupMoves } from '../../src/check/group-moves.ts'
import { groupsOf } from '../../src/check/groups.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import { A_ORDERS, B_COPY, B_ORDERS, TinyClusters } from './tiny-clusters.ts'

const moves = (tiny: TinyClusters) => groupMoves(tiny.over(10_000)).get('billing') ?? []

const view = (tiny: TinyClusters) => {
  const history = tiny.over(10_000)
  return consumerViewOf(buildLedger(history), readerViews(history))
}

/** The group is handed 10 to 39 in A; B's log has 0 to 49 at the same offsets. */
function readInA(): TinyClusters {
  const tiny = new TinyClusters()
  tiny.read(0, A_ORDERS, { first: 10, count: 30, offset: 10 }, 500)
  return tiny.ends(A_ORDERS, [[0, 50]]).ends(B_ORDERS, [[0, 50]])
}

describe('a group that moves to another cluster', () => {
  it('goes on where it was: nothing again, nothing passed over', () => {
    const tiny = readInA().read(1, B_ORDERS, { first: 40, count: 10, offset: 40 }, 2_000)
    expect(moves(tiny)).toEqual([
      { partition: 'B:orders-0', atMs: 2_000, offset: 40, trueOffset: 40, skip: 0, redo: 0 },
    ])
    expect(view(tiny)).toMatchObject({ delivered: 40, redelivered: 0, skipped: 0, rewinds: 0 })
  })

  it('is handed again what lies between a stale offset and its true place', () => {
    const tiny = readInA().read(1, B_ORDERS, { first: 25, count: 25, offset: 25 }, 2_000)
    expect(moves(tiny)).toMatchObject([{ offset: 25, trueOffset: 40, skip: 0, redo: 15 }])
    expect(view(tiny)).toMatchObject({ delivered: 55, redelivered: 15, skipped: 0 })
  })

  it('skips what lies between its true place and an offset that overshot', () => {
    const tiny = readInA().read(1, B_ORDERS, { first: 46, count: 4, offset: 46 }, 2_000)
    expect(moves(tiny)).toMatchObject([{ offset: 46, trueOffset: 40, skip: 6, redo: 0 }])
    expect(view(tiny)).toMatchObject({ delivered: 34, redelivered: 0, skipped: 6 })
  })

  it('skips what it had itself passed over in the source and now has a chance to read', () => {
    const tiny = new TinyClusters()
    tiny.read(0, A_ORDERS, { first: 10, count: 10, offset: 10 }, 500)
    tiny.read(0, A_ORDERS, { first: 25, count: 15, offset: 25 }, 600)
    tiny.ends(B_ORDERS, [[0, 50]]).read(1, B_ORDERS, { first: 40, count: 10, offset: 40 }, 2_000)
    expect(moves(tiny)).toMatchObject([{ offset: 40, trueOffset: 20, skip: 5, redo: 0 }])
    expect(view(tiny).skipped).toBe(5)
  })

  it('skips what follows a place that it had committed and was handed nothing at', () => {
    const stands = (offset: number) => {
      const tiny = new TinyClusters()
      const place = { consumer: 0, partition: A_ORDERS, offset, at: 500_000, error: -1 }
      tiny.history.commits.push(place)
      tiny.history.commits.push({ ...place, offset: 50, at: 600_000 })
      tiny.ends(A_ORDERS, [[0, 50]]).ends(B_ORDERS, [[0, 50]])
      return tiny.read(1, B_ORDERS, { first: 40, count: 10, offset: 40 }, 2_000)
    }
    expect(moves(stands(0))).toMatchObject([{ offset: 40, trueOffset: 0, skip: 40, redo: 0 }])
    expect(view(stands(0)).skipped).toBe(40)
    expect(moves(stands(40))).toMatchObject([{ offset: 40, trueOffset: 40, skip: 0, redo: 0 }])
    expect(view(stands(40)).skipped).toBe(0)
  })

  it('is measured in records of the target, whose offsets are its own', () => {
    const tiny = new TinyClusters('mirror-maker2')
    tiny.read(0, A_ORDERS, { first: 100, count: 50, offset: 100 }, 500)
    tiny.ends(B_COPY, [
      [100, 20],
      [110, 10],
      [120, 60],
    ])
    tiny.read(1, B_COPY, { first: 135, count: 45, offset: 45 }, 2_000)
    expect(moves(tiny)).toEqual([
      { partition: 'B:A.orders-0', atMs: 2_000, offset: 45, trueOffset: 60, skip: 0, redo: 15 },
    ])
  })

  it('is not judged by copies that came after it', () => {
    const tiny = new TinyClusters('mirror-maker1')
    tiny.read(0, A_ORDERS, { first: 0, count: 40, offset: 0 }, 500)
    tiny.copied(B_ORDERS, { first: 0, count: 45, offset: 0 }, 600)
    tiny.read(1, B_ORDERS, { first: 43, count: 2, offset: 43 }, 2_000)
    tiny.copied(B_ORDERS, { first: 30, count: 15, offset: 45 }, 3_000)
    tiny.ends(B_ORDERS, [
      [0, 45],
      [30, 15],
    ])
    expect(moves(tiny)).toMatchObject([{ offset: 43, trueOffset: 40, skip: 3, redo: 0 }])
  })

  it('is due what clients wrote to the target since, behind what it had been handed', () => {
    const tiny = new TinyClusters()
    tiny.read(0, A_ORDERS, { first: 0, count: 40, offset: 0 }, 500)
    tiny.ends(B_ORDERS, [
      [0, 40],
      [0, 8, 1],
    ])
    tiny.read(1, B_ORDERS, { first: 3, count: 5, offset: 43, stream: 1 }, 2_000)
    expect(moves(tiny)).toMatchObject([{ offset: 43, trueOffset: 40, skip: 3, redo: 0 }])
  })

  it('makes no move where it is handed what it never had elsewhere', () => {
    const tiny = new TinyClusters()
    tiny.read(0, A_ORDERS, { first: 0, count: 5, offset: 0 }, 500)
    tiny
      .ends(B_ORDERS, [[0, 8, 2]])
      .read(1, B_ORDERS, { first: 3, count: 5, offset: 3, stream: 2 }, 600)
    expect(moves(tiny)).toEqual([])
  })

  it('does not move where both regions read at once: two of one name, each its own', () => {
    const tiny = new TinyClusters().ends(A_ORDERS, [[0, 30]]).ends(B_ORDERS, [[0, 30]])
    for (let n = 0; n < 3; n++) {
      const range = { first: 10 * n, count: 10, offset: 10 * n }
      tiny.read(0, A_ORDERS, range, 100 + 100 * n).read(1, B_ORDERS, range, 150 + 100 * n)
    }
    expect(moves(tiny)).toEqual([])
    expect(view(tiny)).toMatchObject({ delivered: 60, redelivered: 0 })
  })

  it('moves back once the old primary is promoted again', () => {
    const tiny = readInA().read(1, B_ORDERS, { first: 40, count: 10, offset: 40 }, 2_000)
    tiny.promoted('B->A', [A_ORDERS], 3_000)
    tiny.read(0, A_ORDERS, { first: 38, count: 12, offset: 38 }, 4_000)
    expect(moves(tiny).slice(1)).toEqual([
      { partition: 'A:orders-0', atMs: 4_000, offset: 38, trueOffset: 50, skip: 0, redo: 12 },
    ])
  })

  it('is one application for the report, whose rebalances in the two clusters are its own', () => {
    const tiny = readInA().read(1, B_ORDERS, { first: 30, count: 20, offset: 30 }, 2_000)
    const change = (cluster: string, kind: 'rebalance' | 'stable', at: number) =>
      tiny.history.groupChanges.push({ cluster, group: 'billing', change: kind, at: at * 1_000 })
    change('A', 'rebalance', 100)
    change('B', 'rebalance', 150)
    change('A', 'stable', 300)
    change('B', 'stable', 400)
    const history = tiny.over(10_000)
    const groups = groupsOf(history, buildLedger(history), readerViews(history))
    expect(groups).toMatchObject([
      { group: 'billing', rebalances: 2, rebalancingMs: 450, redelivered: 10, skipped: 0 },
    ])
    expect(groups[0]?.moves).toMatchObject([{ redo: 10 }])
  })
})

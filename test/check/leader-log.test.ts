import { describe, expect, it } from 'vitest'
import { LeaderLogs } from '../../src/check/leader-log.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from './tiny-clusters.ts'
import { id } from './tiny-history.ts'

const held = (tiny: TinyClusters, atMs: number, partition = B_ORDERS) => {
  const { starts, ends } = new LeaderLogs(tiny.over(1_000)).ofPartition(partition, atMs * 1_000)
  return starts.map((start, i) => [start, ends[i]])
}

describe('the log of a leader at an instant', () => {
  it('holds what was appended by then', () => {
    const tiny = new TinyClusters()
    tiny.copied(B_ORDERS, { first: 0, count: 5, offset: 0 }, 100)
    tiny.copied(B_ORDERS, { first: 5, count: 5, offset: 5 }, 200)
    expect(held(tiny, 99)).toEqual([])
    expect(held(tiny, 100)).toEqual([[0, 5]])
    expect(held(tiny, 200)).toEqual([[0, 10]])
  })

  it('has lost what a later epoch wrote over', () => {
    const tiny = new TinyClusters()
    tiny.copied(B_ORDERS, { first: 0, count: 10, offset: 0 }, 100)
    tiny.copied(B_ORDERS, { first: 20, count: 2, offset: 6, epoch: 1 }, 200)
    expect(held(tiny, 150)).toEqual([[0, 10]])
    expect(held(tiny, 200)).toEqual([
      [0, 6],
      [20, 22],
    ])
  })

  it('is none of what a leader goes on writing that was replaced', () => {
    const tiny = new TinyClusters()
    tiny.copied(B_ORDERS, { first: 0, count: 5, offset: 0 }, 100)
    tiny.copied(B_ORDERS, { first: 20, count: 2, offset: 5, epoch: 1 }, 200)
    tiny.copied(B_ORDERS, { first: 5, count: 5, offset: 5 }, 300)
    expect(held(tiny, 300)).toEqual([
      [0, 5],
      [20, 22],
    ])
  })

  it('ended where the leader in office made its first append, though that came later', () => {
    const tiny = new TinyClusters()
    tiny.office(B_ORDERS, 4, 0, 0).office(B_ORDERS, 5, 1, 150)
    tiny.copied(B_ORDERS, { first: 0, count: 10, offset: 0 }, 100)
    tiny.copied(B_ORDERS, { first: 20, count: 2, offset: 6, epoch: 1 }, 200)
    expect(held(tiny, 149)).toEqual([[0, 10]])
    expect(held(tiny, 150)).toEqual([[0, 6]])
  })

  it('is shorter by what its leader itself cut off, not by what a follower did', () => {
    const cutBy = (broker: number) => {
      const tiny = new TinyClusters().office(B_ORDERS, 4, 0, 0)
      tiny.copied(B_ORDERS, { first: 0, count: 10, offset: 0 }, 100)
      const cut = { partition: B_ORDERS, broker, fromOffset: 7, toOffset: 10 }
      tiny.history.truncations.push({ ...cut, at: 300_000, event: -1 })
      return held(tiny, 300)
    }
    expect(cutBy(4)).toEqual([[0, 7]])
    expect(cutBy(5)).toEqual([[0, 10]])
  })

  it('of a cluster is that of all its partitions', () => {
    const tiny = new TinyClusters()
    tiny.copied(A_ORDERS, { first: 0, count: 5, offset: 0 }, 100)
    tiny.copied(B_ORDERS, { first: 0, count: 3, offset: 0 }, 150)
    tiny.copied(B_ORDERS, { first: 0, count: 1, offset: 3, stream: 2 }, 160)
    const { starts, size } = new LeaderLogs(tiny.over(1_000)).ofCluster('B', 200_000)
    expect([starts, size]).toEqual([[0, id(0, 2)], 4])
  })
})

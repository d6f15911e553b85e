import { describe, expect, it } from 'vitest'
import {
  addPartitions,
  expandTopic,
  type RebalanceInput,
  rebalance,
} from '../../../src/mirror/ureplicator/assignment.ts'

const partitions = (from: number, to: number, topic = 'orders') =>
  Array.from({ length: to - from }, (_, n) => `${topic}/${from + n}`)

function rebalanced(of: Partial<RebalanceInput>) {
  const next = rebalance({
    live: ['w1', 'w2'],
    assignment: new Map(),
    maxWorkingInstances: 0,
    ratioThreshold: 1.2,
    shuffle: (all) => all,
    ...of,
  })
  return next === null ? null : Object.fromEntries([...next].sort(([a], [b]) => (a < b ? -1 : 1)))
}

it('a new topic goes to those with the fewest, by name where they are even', () => {
  const loads = new Map([
    ['w2', 0],
    ['w1', 0],
    ['w3', 2],
  ])
  const given = addPartitions(loads, partitions(0, 5))
  expect([...given.values()]).toEqual(['w1', 'w2', 'w1', 'w2', 'w1'])
  expect(addPartitions(new Map(), partitions(0, 5)).size).toBe(0)
})

describe('a rebalance', () => {
  const both = new Map([
    ['w1', partitions(0, 3)],
    ['w2', partitions(3, 6)],
  ])

  it('changes nothing while the same workers live', () => {
    expect(rebalanced({ assignment: both })).toBeNull()
  })

  it('changes nothing without anybody to give to', () => {
    expect(rebalanced({ live: [], assignment: both })).toBeNull()
  })

  it('gives all of a lost worker to an idle one, and leaves the others alone', () => {
    const next = rebalanced({ live: ['w2', 'w3'], assignment: both })
    expect(next).toEqual({ w2: partitions(3, 6), w3: partitions(0, 3) })
  })

  it('spreads what a lost worker had where nobody is idle', () => {
    const three = new Map([...both, ['w3', partitions(6, 9)]])
    const next = rebalanced({ live: ['w1', 'w2'], assignment: three })
    expect(next?.w1).toHaveLength(5)
    expect(next?.w2).toHaveLength(4)
    expect(next?.w1?.slice(0, 3)).toEqual(partitions(0, 3))
  })

  it('takes from the overloaded for one that joins, a topic to as many as it can', () => {
    const next = rebalanced({ live: ['w1', 'w2', 'w3'], assignment: both })
    // One leaves each of the two; of one topic, they do not both go to the worker that has none.
    expect([next?.w1?.length, next?.w2?.length, next?.w3?.length]).toEqual([3, 2, 1])
    const all = [...(next?.w1 ?? []), ...(next?.w2 ?? []), ...(next?.w3 ?? [])]
    expect(all.sort()).toEqual(partitions(0, 6))
  })

  it('does not divide what cannot be divided', () => {
    const single = new Map([['w1', partitions(0, 1)]])
    expect(rebalanced({ assignment: single })).toBeNull()
  })

  it('keeps a spare worker idle where only so many are to work, until one is lost', () => {
    const input = { assignment: both, maxWorkingInstances: 2 }
    expect(rebalanced({ ...input, live: ['w1', 'w2', 'w3'] })).toBeNull()
    const next = rebalanced({ ...input, live: ['w2', 'w3'] })
    expect(next).toEqual({ w2: partitions(3, 6), w3: partitions(0, 3) })
  })
})

it('what a topic gets later is dealt over as many workers as there are partitions for', () => {
  const loads = new Map([
    ['w1', 9],
    ['w2', 1],
    ['w3', 2],
  ])
  const given = expandTopic(loads, partitions(4, 6))
  expect([...given]).toEqual([
    ['orders/4', 'w2'],
    ['orders/5', 'w3'],
  ])
  expect([...expandTopic(loads, partitions(4, 8)).values()]).toEqual(['w2', 'w3', 'w1', 'w2'])
  expect(expandTopic(new Map(), partitions(4, 6)).size).toBe(0)
})

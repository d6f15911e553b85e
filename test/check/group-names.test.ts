import { describe, expect, it } from 'vitest'
import { groupNames } from '../../src/check/group-names.ts'
import { judge } from '../../src/check/verdict.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from './tiny-clusters.ts'

/** Group billing reads ten records in A every 100 ms, from `from` to `until`, and the same in B. */
function reading(inA: readonly [number, number], inB: readonly [number, number]): TinyClusters {
  const tiny = new TinyClusters()
  for (const [consumer, [from, until]] of [inA, inB].entries()) {
    const partition = consumer === 0 ? A_ORDERS : B_ORDERS
    for (let at = from; at <= until; at += 100) {
      tiny.read(consumer, partition, { first: at, count: 10, offset: at }, at)
    }
  }
  return tiny
}

function namesIn(tiny: TinyClusters): string[] {
  const nameOf = groupNames(tiny.over(5_000))
  return ['A', 'B'].map((cluster) => nameOf(cluster, 'billing'))
}

describe('a group of one name in two clusters', () => {
  it('is two where both are handed records at the same time', () => {
    expect(namesIn(reading([100, 900], [200, 1_000]))).toEqual(['A:billing', 'B:billing'])
  })

  it('is one that has moved where the second begins when the first has ended', () => {
    expect(namesIn(reading([100, 500], [600, 1_000]))).toEqual(['billing', 'billing'])
  })

  it('is one where the other cluster took over after a fault, though the first reads on', () => {
    const tiny = reading([100, 900], [500, 1_000])
    tiny.fault(300)
    tiny.promoted('A->B', [B_ORDERS], 400)
    expect(namesIn(tiny)).toEqual(['billing', 'billing'])
  })

  it('is one where the first was down when the second began, and came back', () => {
    const tiny = reading([100, 900], [450, 1_000])
    tiny.history.clientStarted('c-A', 0)
    tiny.history.clientStopped('c-A', 420_000)
    tiny.history.clientStarted('c-A', 480_000)
    expect(namesIn(tiny)).toEqual(['billing', 'billing'])
  })

  it('is one where one of its members works in both', () => {
    const tiny = reading([100, 900], [200, 1_000])
    const [, second] = tiny.history.consumers
    if (second) tiny.history.consumers[1] = { ...second, name: 'c-A' }
    expect(namesIn(tiny)).toEqual(['billing', 'billing'])
  })

  it('is what the scenario says, whatever they read', () => {
    const saying = (tiny: TinyClusters, ...applications: readonly string[]) => {
      for (const [index, application] of applications.entries()) {
        const known = tiny.history.consumers[index]
        if (known) tiny.history.consumers[index] = { ...known, application }
      }
      return namesIn(tiny)
    }
    const atOnce = () => reading([100, 900], [200, 1_000])
    const moved = () => reading([100, 500], [600, 1_000])
    expect(saying(atOnce(), 'bills', 'bills')).toEqual(['billing', 'billing'])
    expect(saying(moved(), 'bills', 'reports')).toEqual(['A:billing', 'B:billing'])
    // One that says nothing leaves it to what they read.
    expect(saying(moved(), 'bills')).toEqual(['billing', 'billing'])
  })

  it('is nobody’s duplicate where it is two', () => {
    const tiny = reading([100, 900], [200, 1_000])
    for (const cluster of ['A', 'B']) {
      tiny.history.groupChanges.push({ cluster, group: 'billing', change: 'rebalance', at: 50_000 })
      tiny.history.groupChanges.push({ cluster, group: 'billing', change: 'stable', at: 80_000 })
    }
    const { groups, consumerView } = judge(tiny.over(5_000), [])
    expect(groups.map(({ group, kind, rebalances }) => [group, kind, rebalances])).toEqual([
      ['A:billing', 'application', 1],
      ['B:billing', 'application', 1],
    ])
    expect(consumerView).toMatchObject({ redelivered: 0, delivered: 180 })
  })
})

describe('a group without a member of the application', () => {
  it('is a replicator’s', () => {
    const tiny = reading([100, 500], [600, 1_000])
    for (const group of ['billing', 'A-mm2']) {
      tiny.history.groupChanges.push({ cluster: 'B', group, change: 'rebalance', at: 50_000 })
    }
    const { groups } = judge(tiny.over(5_000), [])
    expect(groups.map(({ group, kind }) => [group, kind])).toEqual([
      ['A-mm2', 'replicator'],
      ['billing', 'application'],
    ])
  })
})

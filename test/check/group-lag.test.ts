import { describe, expect, it } from 'vitest'
import { readerViews } from '../../src/check/consumer-view.ts'
import { groupLags } from '../../src/check/group-lag.ts'
import { groupsOf } from '../../src/check/groups.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import { visibleByPartition } from '../../src/check/visible.ts'
import { History } from '../../src/history.ts'

const SECOND = 1_000_000

/** Ten records a second become visible; the group commits as told: [second, offset]. */
function groupHistory(commits: readonly (readonly [number, number])[], endSecond: number) {
  const history = new History()
  history.consumers.push({ id: 0, name: 'c', cluster: 'kafka', group: 'g', region: 'r' })
  history.partitions.push({
    cluster: 'kafka',
    ...{ index: 0, topic: 'orders', number: 0, replicas: [1], observers: [], minIsr: 1 },
  })
  const common = { partition: 0, broker: 1, leaderEpoch: 0 }
  for (let second = 1; second <= endSecond; second++) {
    history.highWatermarks.push({ ...common, offset: 10 * second, at: second * SECOND })
  }
  for (const [second, offset] of commits) {
    history.commits.push({ consumer: 0, partition: 0, offset, at: second * SECOND, error: -1 })
  }
  history.close(endSecond * SECOND)
  return history
}

function lagOf(commits: readonly (readonly [number, number])[], endSecond: number) {
  const history = groupHistory(commits, endSecond)
  return groupLags(history, 'g', visibleByPartition(history))[0]
}

describe('lag', () => {
  it('is what is visible and not committed, and the time since it became visible', () => {
    expect(lagOf([[10, 100]], 14)).toMatchObject({
      committed: 100,
      records: 40,
      ageMs: 3_000,
      recordsMax: 40,
      ageMsMax: 3_000,
    })
  })

  it('is worst just before a commit that catches up', () => {
    const lag = lagOf(
      [
        [5, 50],
        [15, 150],
      ],
      15,
    )
    expect(lag).toMatchObject({ records: 0, ageMs: 0, recordsMax: 100, ageMsMax: 9_000 })
  })

  it('does not count commits that failed, nor those of another group', () => {
    const history = groupHistory([[5, 50]], 10)
    history.consumers.push({ id: 1, name: 'd', cluster: 'kafka', group: 'other', region: 'r' })
    const error = history.names.id('NOT_COORDINATOR')
    history.commits.push({ consumer: 0, partition: 0, offset: 100, at: 9 * SECOND, error })
    history.commits.push({ consumer: 1, partition: 0, offset: 100, at: 9 * SECOND, error: -1 })
    expect(groupLags(history, 'g', visibleByPartition(history))[0]?.committed).toBe(50)
  })
})

describe('Burrow’s state', () => {
  const seconds = Array.from({ length: 10 }, (_, i) => i + 1)
  const stateAt = (endSecond: number, offset: (second: number) => number) =>
    lagOf(
      seconds.map((second) => [second, offset(second)]),
      endSecond,
    )?.state

  it('is judged by the lag that there was at each commit', () => {
    expect(stateAt(11, (second) => 10 * second)).toBe('ok')
    expect(stateAt(11, (second) => 5 * second)).toBe('slow')
    expect(stateAt(11, () => 1)).toBe('stalled')
    expect(stateAt(11, (second) => (second === 9 ? 2 : 5 * second))).toBe('rewound')
  })

  it('knows the end of ten looks, 10 s apart: so long a group is not stopped', () => {
    expect(stateAt(100, (second) => 10 * second)).toBe('ok')
    expect(stateAt(101, (second) => 10 * second)).toBe('stopped')
  })

  it('looks at the last ten commits only', () => {
    const rest = seconds.map((second) => [second + 1, 5 * second + 5] as const)
    expect(lagOf([[1, 10], ...rest], 12)?.state).toBe('slow')
  })

  it('no group is judged by commits that it has not made', () => {
    expect(groupLags(groupHistory([], 10), 'g', new Map())).toEqual([])
  })
})

describe('a group', () => {
  it('is told by its rebalances, their length, and who was taken out', () => {
    const history = groupHistory([[5, 50]], 20)
    const change = (change: 'rebalance' | 'stable' | 'removed', second: number) =>
      history.groupChanges.push({ cluster: 'kafka', group: 'g', change, at: second * SECOND })
    change('rebalance', 1)
    change('stable', 4)
    change('removed', 10)
    change('rebalance', 10)
    change('rebalance', 11)
    change('stable', 12)
    change('rebalance', 19)
    expect(groupsOf(history, buildLedger(history), readerViews(history))).toMatchObject([
      {
        group: 'g',
        rebalances: 4,
        rebalancingMs: 6_000,
        removed: 1,
        commits: { ok: 1, failed: 0 },
      },
    ])
  })
})

// What became of each consumer group: what its members read again or missed, how often it had to
// deal its partitions anew, and how far its commits were behind (group-lag.ts).

import type { History } from '../history.ts'
import { consumerViewOf, type ReaderView } from './consumer-view.ts'
import { groupLags, type Visible, visibleByPartition } from './group-lag.ts'
import type { GroupJudgement } from './judgement.ts'

/** Groups that a coordinator knows, by name; consumers without a group are none. */
export function groupsOf(history: History, readers: readonly ReaderView[]): GroupJudgement[] {
  const names = new Set(history.groupChanges.map(({ group }) => group))
  if (names.size === 0) return []
  const visible = visibleByPartition(history)
  return [...names].sort().map((group) => judgeGroup(history, readers, visible, group))
}

function judgeGroup(
  history: History,
  readers: readonly ReaderView[],
  visible: ReadonlyMap<number, Visible>,
  group: string,
): GroupJudgement {
  const changes = history.groupChanges.filter((change) => change.group === group)
  const count = (kind: string) => changes.filter(({ change }) => change === kind).length
  return {
    group,
    ...consumerViewOf(readers.filter((reader) => reader.group === group)),
    rebalances: count('rebalance'),
    rebalancingMs: rebalancingMs(history, group),
    removed: count('removed'),
    commits: commitCounts(history, group),
    lags: groupLags(history, group, visible),
  }
}

/** Time from the start of a rebalance until the group was stable again, in all. */
function rebalancingMs(history: History, group: string): number {
  let total = 0
  let since: number | null = null
  for (const { group: name, change, at } of history.groupChanges) {
    if (name !== group) continue
    if (change === 'rebalance') since ??= at
    else if (change === 'stable' && since !== null) {
      total += at - since
      since = null
    }
  }
  return (total + (since === null ? 0 : history.endAt - since)) / 1_000
}

function commitCounts(history: History, group: string): { ok: number; failed: number } {
  const counts = { ok: 0, failed: 0 }
  for (const { consumer, error } of history.commits) {
    if (history.consumers[consumer]?.group !== group) continue
    if (error < 0) counts.ok++
    else counts.failed++
  }
  return counts
}

// What became of each consumer group: what its members read again or missed, how often it had to
// deal its partitions anew, and how far its commits were behind (group-lag.ts).

import type { History } from '../history.ts'
import { consumerViewOf, type ReaderView } from './consumer-view.ts'
import { groupLags, type Visible, visibleByPartition } from './group-lag.ts'
import { groupMoves } from './group-moves.ts'
import type { GroupJudgement, GroupMove } from './judgement.ts'
import type { Ledger } from './ledger.ts'

/** Groups that a coordinator knows, by name; consumers without a group are none. */
export function groupsOf(
  history: History,
  ledger: Ledger,
  readers: readonly ReaderView[],
): GroupJudgement[] {
  const names = new Set(history.groupChanges.map(({ group }) => group))
  if (names.size === 0) return []
  const around = { readers, visible: visibleByPartition(history), moves: groupMoves(history) }
  return [...names].sort().map((group) => judgeGroup(history, ledger, around, group))
}

interface Around {
  readonly readers: readonly ReaderView[]
  readonly visible: ReadonlyMap<number, Visible>
  readonly moves: ReadonlyMap<string, readonly GroupMove[]>
}

function judgeGroup(
  history: History,
  ledger: Ledger,
  { readers, visible, moves }: Around,
  group: string,
): GroupJudgement {
  const changes = history.groupChanges.filter((change) => change.group === group)
  const clusters = [...new Set(changes.map(({ cluster }) => cluster))]
  const count = (kind: string) => changes.filter(({ change }) => change === kind).length
  return {
    group,
    moves: moves.get(group) ?? [],
    ...consumerViewOf(
      ledger,
      readers.filter((reader) => reader.group === group),
    ),
    rebalances: count('rebalance'),
    rebalancingMs: clusters.reduce((sum, home) => sum + rebalancingMs(history, home, group), 0),
    removed: count('removed'),
    commits: commitCounts(history, group),
    lags: groupLags(history, group, visible),
  }
}

/** Time from the start of a rebalance in a cluster until the group was stable there, in all. */
function rebalancingMs(history: History, cluster: string, group: string): number {
  let total = 0
  let since: number | null = null
  for (const { cluster: home, group: name, change, at } of history.groupChanges) {
    if (name !== group || home !== cluster) continue
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

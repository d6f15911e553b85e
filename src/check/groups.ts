// What became of each consumer group: what its members read again or missed, how often it had to
// deal its partitions anew, and how far its commits were behind (group-lag.ts).

import type { GroupChange } from '../history/facts.ts'
import type { History } from '../history.ts'
import { consumerViewOf, type ReaderView } from './consumer-view.ts'
import { type Deliveries, deliveriesOf } from './deliveries.ts'
import { groupLags } from './group-lag.ts'
import { groupMoves } from './group-moves.ts'
import { groupNames } from './group-names.ts'
import type { GroupJudgement, GroupMove } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { type Visible, visibleByPartition } from './visible.ts'

/** Groups that a coordinator knows, by name; consumers without a group are none. */
export function groupsOf(
  history: History,
  ledger: Ledger,
  readers: readonly ReaderView[],
  deliveries: Deliveries = deliveriesOf(history),
): GroupJudgement[] {
  const nameOf = groupNames(history)
  const names = new Set(history.groupChanges.map(({ cluster, group }) => nameOf(cluster, group)))
  if (names.size === 0) return []
  const around = {
    nameOf,
    readers,
    visible: visibleByPartition(history),
    moves: groupMoves(history, deliveries),
  }
  return [...names].sort().map((group) => judgeGroup(history, ledger, around, group))
}

interface Around {
  readonly nameOf: (cluster: string, group: string) => string
  readonly readers: readonly ReaderView[]
  readonly visible: ReadonlyMap<number, Visible>
  readonly moves: ReadonlyMap<string, readonly GroupMove[]>
}

function judgeGroup(
  history: History,
  ledger: Ledger,
  { nameOf, readers, visible, moves }: Around,
  group: string,
): GroupJudgement {
  const isOwn = (one: { cluster: string; group: string }) =>
    nameOf(one.cluster, one.group) === group
  const changes = history.groupChanges.filter(isOwn)
  const members = history.consumers.map(isOwn)
  const clusters = [...new Set(changes.map(({ cluster }) => cluster))]
  const count = (kind: string) => changes.filter(({ change }) => change === kind).length
  return {
    group,
    kind: members.includes(true) ? 'application' : 'replicator',
    moves: moves.get(group) ?? [],
    ...consumerViewOf(
      ledger,
      readers.filter((reader) => reader.group === group),
    ),
    rebalances: count('rebalance'),
    rebalancingMs: clusters.reduce((sum, home) => sum + rebalancingMs(history, home, changes), 0),
    removed: count('removed'),
    commits: commitCounts(history, members),
    lags: groupLags(history, group, visible),
  }
}

/** Time from the start of a rebalance in a cluster until the group was stable there, in all. */
function rebalancingMs(
  { endAt }: History,
  cluster: string,
  changes: readonly GroupChange[],
): number {
  let total = 0
  let since: number | null = null
  for (const { cluster: home, change, at } of changes) {
    if (home !== cluster) continue
    if (change === 'rebalance') since ??= at
    else if (change === 'stable' && since !== null) {
      total += at - since
      since = null
    }
  }
  return (total + (since === null ? 0 : endAt - since)) / 1_000
}

function commitCounts(
  { commits }: History,
  members: readonly boolean[],
): { ok: number; failed: number } {
  const counts = { ok: 0, failed: 0 }
  for (const { consumer, error } of commits) {
    if (members[consumer] !== true) continue
    if (error < 0) counts.ok++
    else counts.failed++
  }
  return counts
}

// How far groups are on the partitions that views show, laid on the grid of the charts: what a
// monitor that asks at these instants would be told.

import type { History } from '../history.ts'
import { type Commit, commitsOf } from './group-lag.ts'
import type { GroupTrack } from './judgement.ts'
import { ageAt, NOTHING, type Visible, visibleAt, visibleByPartition } from './visible.ts'

/** Groups in the order of their names; of `max` partitions, as in other views. */
export function groupTracks(history: History, step: number, max: number): GroupTrack[] {
  const groups = new Set(history.groupChanges.map(({ group }) => group))
  if (groups.size === 0) return []
  const visible = visibleByPartition(history)
  const shown = history.shownPartitions(max)
  return [...groups].sort().flatMap((group) => {
    const commits = commitsOf(history, group)
    return shown.flatMap(({ index }) => {
      const own = commits.get(index)
      if (own === undefined) return []
      const name = { group, partition: history.partitionName(index) }
      return [{ ...name, ...trackOf(history, own, visible.get(index) ?? NOTHING, step) }]
    })
  })
}

function trackOf(
  history: History,
  commits: readonly Commit[],
  visible: Visible,
  step: number,
): Pick<GroupTrack, 'committed' | 'records' | 'ageMs'> {
  const points = Math.ceil(history.endAt / step) + 1
  const committed: (number | null)[] = []
  const records: (number | null)[] = []
  const ageMs: (number | null)[] = []
  let next = 0
  for (let cell = 0; cell < points; cell++) {
    const at = Math.min(cell * step, history.endAt)
    while ((commits[next]?.at ?? Number.POSITIVE_INFINITY) <= at) next++
    const last = commits[next - 1]
    committed.push(last?.offset ?? null)
    records.push(last === undefined ? null : Math.max(0, visibleAt(visible, at) - last.offset))
    ageMs.push(last === undefined ? null : ageAt(visible, last.offset, at) / 1_000)
  }
  return { committed, records, ageMs }
}

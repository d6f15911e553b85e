// Claim: how far what a group has committed is behind what it could have read.
//
// visible     the partition's high watermark, the highest shown so far (visible.ts).
// lag         visible minus committed, in records; none before the first commit.
// age         how long the first record behind the committed offset has been visible.
// worst       both are worst just before a commit, or at the end: they are looked at there.
// state       Burrow's, at the end of the run (burrow.ts).

import type { History } from '../history.ts'
import { INTERVALS, lagState, REFRESH_MICROS } from './burrow.ts'
import { groupNames } from './group-names.ts'
import type { GroupLag, LagState } from './judgement.ts'
import { ageAt, NOTHING, type Visible, visibleAt } from './visible.ts'

export interface Commit {
  readonly at: number
  readonly offset: number
}

/** Lag of every partition that `group` has committed, by partition. */
export function groupLags(
  history: History,
  group: string,
  visible: ReadonlyMap<number, Visible>,
): GroupLag[] {
  const commits = commitsOf(history, group)
  return [...commits]
    .sort(([a], [b]) => a - b)
    .map(([partition, list]) => lagOf(history, partition, list, visible.get(partition) ?? NOTHING))
}

/** Commits of a group that succeeded, by partition, in the order of time. */
export function commitsOf(history: History, group: string): Map<number, Commit[]> {
  const { commits, consumers } = history
  const nameOf = groupNames(history)
  const names = consumers.map(({ cluster, group: name }) => nameOf(cluster, name))
  const byPartition = new Map<number, Commit[]>()
  for (const { consumer, partition, offset, at, error } of commits) {
    if (error >= 0 || names[consumer] !== group) continue
    const list = byPartition.get(partition) ?? []
    byPartition.set(partition, list)
    list.push({ at, offset })
  }
  return byPartition
}

function lagOf(
  history: History,
  partition: number,
  commits: readonly Commit[],
  visible: Visible,
): GroupLag {
  let recordsMax = 0
  let ageMax = 0
  for (const [i, { offset }] of commits.entries()) {
    const until = commits[i + 1]?.at ?? history.endAt
    recordsMax = Math.max(recordsMax, visibleAt(visible, until) - offset)
    ageMax = Math.max(ageMax, ageAt(visible, offset, until))
  }
  const last = commits.at(-1) ?? { at: 0, offset: 0 }
  return {
    partition: history.partitionName(partition),
    committed: last.offset,
    records: Math.max(0, visibleAt(visible, history.endAt) - last.offset),
    ageMs: ageAt(visible, last.offset, history.endAt) / 1_000,
    recordsMax: Math.max(0, recordsMax),
    ageMsMax: ageMax / 1_000,
    state: stateOf(history, commits.slice(-INTERVALS), visible),
  }
}

function stateOf(history: History, recent: readonly Commit[], visible: Visible): LagState {
  const now = history.endAt
  const lagAt = (at: number, offset: number) => Math.max(0, visibleAt(visible, at) - offset)
  const looks = Array.from({ length: INTERVALS }, (_, i) => now - i * REFRESH_MICROS)
  return lagState({
    commits: recent.map(({ at, offset }) => ({ at, offset, lag: lagAt(at, offset) })),
    ends: looks.filter((at) => at >= 0).map((at) => visibleAt(visible, at)),
    now,
    lagNow: lagAt(now, recent.at(-1)?.offset ?? 0),
  })
}

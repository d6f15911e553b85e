// Groups by name, over several clusters. One that moves has the same name there and is one group:
// what it was handed before and after belongs together. Two regions that each run the application
// for themselves have two groups of one name, and what both are handed is nobody's duplicate.
//
// two  what they are handed comes from the clusters by turns, more often than moves explain: one,
//      and one more for each time that a cluster took over.
// one  otherwise; and also where a member works in both, or where the other cluster took over after
//      a fault: those who were left on their side of the cut may read on.

import type { ConsumerClient } from '../history/facts.ts'
import type { History } from '../history.ts'
import { rowsByTime } from './rows.ts'

interface Reading {
  /** Clusters in the order in which the group came to them. */
  readonly clusters: string[]
  /** When it first came to the last of them. */
  cameAt: number
  present: string
  turns: number
}

/** What a group of a cluster is called: its name, with the cluster where two share it. */
export function groupNames(history: History): (cluster: string, group: string) => string {
  const apart = groupsApart(history)
  return (cluster, group) => (apart.has(group) ? `${cluster}:${group}` : group)
}

function groupsApart(history: History): ReadonlySet<string> {
  const shared = sharedNames(history.consumers)
  const apart = new Set<string>()
  if (shared.size === 0) return apart
  for (const [group, reading] of readingsOf(history, shared)) {
    const moves = 1 + history.promotions.length
    if (reading.turns > moves && !tookOver(history, reading)) apart.add(group)
  }
  return apart
}

/** Names of groups in several clusters, none of whose members works in two of them. */
function sharedNames(consumers: readonly ConsumerClient[]): Set<string> {
  const clusters = new Map<string, Set<string>>()
  const homes = new Map<string, string>()
  const moved = new Set<string>()
  for (const { name, group, cluster } of consumers) {
    clusters.set(group, (clusters.get(group) ?? new Set()).add(cluster))
    if ((homes.get(name) ?? cluster) !== cluster) moved.add(group)
    homes.set(name, cluster)
  }
  return new Set([...clusters].flatMap(([g, of]) => (of.size > 1 && !moved.has(g) ? [g] : [])))
}

/** From which cluster each group was handed its records, one after the other. */
function readingsOf(history: History, groups: ReadonlySet<string>): Map<string, Reading> {
  const { delivered, consumers } = history
  const ids = delivered.column('consumer')
  const ats = delivered.column('at')
  const readings = new Map<string, Reading>()
  for (const row of rowsByTime(ats)) {
    const { group = '', cluster = '' } = consumers[ids[row] ?? -1] ?? {}
    if (!groups.has(group)) continue
    const reading = readings.get(group) ?? { clusters: [], cameAt: 0, present: cluster, turns: 0 }
    readings.set(group, reading)
    if (reading.present !== cluster) reading.turns++
    reading.present = cluster
    if (reading.clusters.includes(cluster)) continue
    reading.clusters.push(cluster)
    reading.cameAt = ats[row] ?? 0
  }
  return readings
}

/** Whether the last cluster that the group came to is one that took over, a fault having struck. */
function tookOver({ promotions, partitions, faults }: History, reading: Reading): boolean {
  const cluster = reading.clusters.at(-1)
  const isTarget = promotions.some((promotion) =>
    promotion.partitions.some((index) => partitions[index]?.cluster === cluster),
  )
  return isTarget && faults.some(({ from }) => from <= reading.cameAt)
}

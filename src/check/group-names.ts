// Groups by name, over several clusters. One that moves has the same name there and is one group:
// what it was handed before and after belongs together. Two regions that each run the application
// for themselves have two groups of one name, and what both are handed is nobody's duplicate.
//
// said where each member names its application: as many groups as applications.
// two  what they are handed comes from the clusters by turns, more often than moves explain: one,
//      and one more for each time that a cluster took over.
// one  otherwise; and also where a member works in both, where all members of the other clusters
//      went down before the group came, or where the cluster took over after a fault: those who
//      were left on their side of the cut may read on.

import type { ConsumerClient } from '../history/facts.ts'
import type { History } from '../history.ts'
import { rowsByTime } from './rows.ts'

interface Reading {
  /** Clusters in the order in which the group came to them. */
  readonly clusters: string[]
  /** When it first came to the last of them. */
  cameAt: number
  /** The delivery before that one, in another cluster. */
  leftAt: number
  lastAt: number
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
  for (const group of shared) {
    const members = history.consumers.filter((client) => client.group === group)
    const said = new Set(members.map(({ application }) => application))
    if (said.has(undefined)) continue
    shared.delete(group)
    if (said.size > 1) apart.add(group)
  }
  if (shared.size === 0) return apart
  for (const [group, reading] of readingsOf(history, shared)) {
    const moves = 1 + history.promotions.length
    if (reading.turns <= moves || tookOver(history, reading)) continue
    if (!wereOthersDown(history, group, reading)) apart.add(group)
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

function newReading(cluster: string): Reading {
  return { clusters: [], cameAt: 0, leftAt: 0, lastAt: 0, present: cluster, turns: 0 }
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
    const reading = readings.get(group) ?? newReading(cluster)
    readings.set(group, reading)
    if (reading.present !== cluster) reading.turns++
    reading.present = cluster
    const at = ats[row] ?? 0
    if (!reading.clusters.includes(cluster)) {
      reading.clusters.push(cluster)
      reading.leftAt = reading.lastAt
      reading.cameAt = at
    }
    reading.lastAt = at
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

/** Whether everybody who read for the group elsewhere went down before it came where it is. */
function wereOthersDown({ consumers, clientDowns }: History, of: string, reading: Reading) {
  const { leftAt, cameAt, clusters } = reading
  const wasDown = (name: string) =>
    clientDowns.some((down) => down.client === name && down.from <= cameAt && down.until > leftAt)
  return consumers
    .filter(({ group, cluster }) => group === of && cluster !== clusters.at(-1))
    .every(({ name }) => wasDown(name))
}

// Rows of a history's tables, in the order of time or by partition.

import type { History } from '../history.ts'

/** Values of one column of a table, by row. */
export type Column = Int32Array | Float64Array

/** A table of what happened when to which partition. */
interface PartitionTable {
  column(name: 'partition' | 'at'): Column
}

/** Row numbers in the order of their instants, rows of one instant in the order written. */
export function rowsByTime(at: Column): Int32Array {
  const rows = new Int32Array(at.length)
  let sorted = true
  for (let row = 0; row < at.length; row++) {
    rows[row] = row
    if (row > 0 && (at[row - 1] ?? 0) > (at[row] ?? 0)) sorted = false
  }
  return sorted ? rows : rows.sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0) || a - b)
}

/** Row numbers of what happened to partitions in each cluster, in the order of time. */
export function rowsByCluster(history: History, table: PartitionTable): Map<string, number[]> {
  const rows = new Map<string, number[]>(history.clusters.map((cluster) => [cluster, []]))
  const listOf = history.partitions.map(({ cluster }) => rows.get(cluster))
  const partitions = table.column('partition')
  for (const row of rowsByTime(table.column('at'))) listOf[partitions[row] ?? -1]?.push(row)
  return rows
}

/** Row numbers by partition, each list in the order written. */
export function rowsByPartition(partitions: Column): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  for (let row = 0; row < partitions.length; row++) {
    const partition = partitions[row] ?? -1
    const list = rows.get(partition)
    if (list === undefined) rows.set(partition, [row])
    else list.push(row)
  }
  return rows
}

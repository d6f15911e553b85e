// Whether the timestamps of a log go up: what a search by timestamp needs to find the right record.

import type { History } from '../../history.ts'
import { standingIn } from './copies.ts'

/** A batch as its producer made it. */
interface Made {
  readonly firstRecordId: number
  readonly createdFirst: number
  readonly createdLast: number
}

/** By whole milliseconds, batch after batch. A copy keeps timestamps, whoever made it. */
export function isRising(history: History, partition: number): boolean {
  const batches = [...history.produced]
    .map(({ firstRecordId, createdFirst, createdLast }): Made => {
      return { firstRecordId, createdFirst, createdLast }
    })
    .sort((a, b) => a.firstRecordId - b.firstRecordId)
  let last = Number.NEGATIVE_INFINITY
  let at: Made | undefined
  for (const { recordId } of standingIn(history, partition) ?? []) {
    const made = batchOf(batches, recordId)
    if (made === at) continue
    if (made === undefined || Math.floor(made.createdFirst / 1_000) < last) return false
    last = Math.floor(made.createdLast / 1_000)
    at = made
  }
  return at !== undefined
}

/** The last one that begins at or before a record; `batches` in the order of their ids. */
function batchOf(batches: readonly Made[], recordId: number): Made | undefined {
  let [from, until] = [0, batches.length]
  while (from < until) {
    const middle = (from + until) >> 1
    if ((batches[middle]?.firstRecordId ?? 0) <= recordId) from = middle + 1
    else until = middle
  }
  return batches[from - 1]
}

// What a mirror is held to: at each offset the record of its source, from where its link has begun
// to where clients have gone on.

import type { History } from '../../history.ts'
import type { ObservedRun } from '../observed-run.ts'
import { type Copied, homeOf, standingIn, survivorOf } from './copies.ts'
import { failedMirrors, isCopying, mirrorPasts } from './mirror-states.ts'

/** Whether a topic's log is to be that of a link's source. One that has failed says so. */
export function isMirrorOf(run: ObservedRun, { link, source }: Copied, twin: number): boolean {
  const pasts = mirrorPasts(run)
  const pastOf = (index: number) => {
    const { cluster, topic } = run.history.partitions[index] ?? {}
    return pasts.get(`${cluster}:${topic}`)
  }
  const past = pastOf(twin)
  if (past?.alignedWith !== link.name || failedMirrors(run.history).has(twin)) return false
  // What had crossed before its source was cut stays where nobody copies, or nobody has yet.
  if (pastOf(source)?.wasCut !== true) return true
  return isCopying(past) && run.scenario.settle > 0
}

/** The record at each offset, those that were deleted since included. */
export function offsetsOf(history: History, partition: number): ReadonlyMap<number, number> {
  const standing = standingIn(history, partition) ?? []
  const known = new Map(standing.map(({ offset, recordId }) => [offset, recordId]))
  const start = survivorOf(history, partition)?.logStart ?? 0
  for (const row of history.appends) {
    if (row.partition !== partition || row.baseOffset >= start) continue
    for (let i = 0; i < row.count; i++) known.set(row.baseOffset + i, row.firstRecordId + i)
  }
  return known
}

/** The first offset that a client wrote once the mirror was stopped for the last time. */
export function writtenFrom(run: ObservedRun, twin: number): number {
  const { history } = run
  const { cluster, topic } = history.partitions[twin] ?? {}
  if (mirrorPasts(run).get(`${cluster}:${topic}`)?.state !== 'STOPPED') {
    return Number.POSITIVE_INFINITY
  }
  const own = history.promotions.filter(({ partitions }) => partitions.includes(twin))
  const since = own.at(-1)?.at ?? 0
  let first = Number.POSITIVE_INFINITY
  for (const { partition, at, firstRecordId, baseOffset } of history.appends) {
    const isOwn = partition === twin && at >= since && firstRecordId >= 0
    if (isOwn && homeOf(history, firstRecordId) === twin) first = Math.min(first, baseOffset)
  }
  return first
}

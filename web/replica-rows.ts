// Where replicas stand at a moment: the last sample of each, cut where it was cut since.

import type { PartitionView, ReplicaTrack } from '../src/contract.ts'

/** One replica's log as it is drawn; null where it has none. */
export interface ReplicaRow {
  readonly broker: number
  readonly role: ReplicaTrack['role']
  readonly logEnd: number | null
  readonly highWatermark: number | null
}

/** @param ms since the start of the run; before the first sample that one counts */
export function replicaRows(partition: PartitionView, ms: number): ReplicaRow[] {
  const { startMs, stepMs, tracks } = partition
  const index = Math.max(0, Math.floor((ms - startMs) / stepMs))
  return tracks.map(({ broker, role, logEnd, highWatermark }) => {
    const at = Math.min(index, logEnd.length - 1)
    const sampledMs = startMs + at * stepMs
    const end = cutSince(partition, broker, sampledMs, ms, logEnd[at] ?? null)
    const mark = highWatermark[at] ?? null
    const isAbove = mark !== null && end !== null && mark > end
    return { broker, role, logEnd: end, highWatermark: isAbove ? end : mark }
  })
}

/** A moment between two samples is often that of a truncation: the reader has gone there. */
function cutSince(
  { truncations }: PartitionView,
  broker: number,
  sampledMs: number,
  ms: number,
  logEnd: number | null,
): number | null {
  if (logEnd === null) return null
  const cuts = truncations.filter((cut) => cut.broker === broker)
  const since = cuts.filter(({ atMs }) => atMs > sampledMs && atMs <= ms)
  return since.reduce((end, { fromOffset }) => Math.min(end, fromOffset), logEnd)
}

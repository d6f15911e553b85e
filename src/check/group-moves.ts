// Claim: where a group goes on that moves to another cluster, against where it should. Its place
// there comes from a translated, a copied or a reset offset; what it was handed is known by id.
//
// move  a group's first delivery from a partition after it was handed the same records elsewhere,
//       or had a committed place in front of them: the first of all, or the first since the
//       partition was promoted.
// true  the offset of the first record that it should have been handed and was not; what stands in
//       front of its very first record of a producer is none of it, nor what came later, such as
//       copies that a mirror makes anew when its source is back.
// redo  records from the offset at which it went on up to the true one: handed again.
// skip  records from the true one up to the offset at which it went on: never handed.

import type { FinalLog } from '../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../history.ts'
import type { CommittedStarts } from './committed-starts.ts'
import { type Deliveries, deliveriesOf } from './deliveries.ts'
import type { GroupMove } from './judgement.ts'
import { countedLogs } from './ledger.ts'
import { rowsByPartition } from './rows.ts'
import { SeenRanges } from './seen-ranges.ts'

/** Moves of all groups, in the order of time, by the name of the group. */
export function groupMoves(
  history: History,
  deliveries: Deliveries = deliveriesOf(history),
): Map<string, GroupMove[]> {
  const moves = new Map<string, GroupMove[]>()
  if (history.clusters.length < 2) return moves
  const { readers, rows, readerOf } = deliveries
  const starts = deliveries.starts()
  const { delivered } = history
  const { at: ats, firstRecordId, count, baseOffset } = delivered.columnsByName()
  const lastAt = readers.map(() => -1)
  const logs = new Map(countedLogs(history).map((log) => [log.partition, log]))
  const groups = new Map<string, GroupReading>()
  const endAt = endsOf(history)
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const { group, partition } = readers[reader] ?? { group: '', partition: -1 }
    const reading = groups.get(group) ?? new GroupReading(starts.get(group))
    groups.set(group, reading)
    const cluster = history.partitions[partition]?.cluster ?? ''
    const at = ats[row] ?? 0
    const log = logs.get(partition)
    const since = lastAt[reader] ?? -1
    if (log !== undefined && isArrival(history, partition, since, at)) {
      const place = reading.wasElsewhere(cluster, since, at)
        ? placeIn(log, endAt(partition, at), reading, baseOffset[row])
        : null
      const list = moves.get(group) ?? []
      if (place !== null) {
        const name = history.partitionName(partition)
        moves.set(group, [...list, { partition: name, atMs: at / 1_000, ...place }])
      }
    }
    lastAt[reader] = at
    reading.add(cluster, at, firstRecordId[row], count[row])
  }
  return moves
}

/** Up to which offset a final log stood at an instant: where it was written since. */
function endsOf({ appends }: History): (partition: number, at: number) => number {
  const rows = rowsByPartition(appends.column('partition'))
  const { at: ats, baseOffset } = appends.columnsByName()
  return (partition, at) => {
    let end = Number.POSITIVE_INFINITY
    for (const row of rows.get(partition) ?? []) {
      if ((ats[row] ?? 0) > at) end = Math.min(end, baseOffset[row] ?? 0)
    }
    return end
  }
}

/** True for a reader's first delivery, and for its first one since a promotion of the partition. */
function isArrival(history: History, partition: number, since: number, at: number): boolean {
  if (since < 0) return true
  return history.promotions.some(
    (promotion) =>
      promotion.at > since && promotion.at <= at && promotion.partitions.includes(partition),
  )
}

/** What a group has been handed so far, by producer, and where last. */
class GroupReading {
  private readonly seen = new Map<number, SeenRanges>()
  private readonly lastIn = new Map<string, number>()
  private readonly starts: CommittedStarts | undefined

  constructor(starts: CommittedStarts | undefined) {
    this.starts = starts
  }

  add(cluster: string, at: number, first: number, count: number): void {
    this.lastIn.set(cluster, at)
    const seen = this.of(first)
    seen.take(first, first + count)
  }

  /** Whether it was in another cluster between two instants: handed something, or with a place. */
  wasElsewhere(cluster: string, since: number, until: number): boolean {
    const places = this.starts?.clusters ?? []
    return [...this.lastIn, ...places].some(([other, at]) => {
      return other !== cluster && at > since && at <= until
    })
  }

  /** Its committed place in a record's stream; endless where it has none. */
  placeIn(recordId: number): number {
    const stream = Math.floor(recordId / RECORDS_PER_STREAM)
    return this.starts?.first.get(stream) ?? Number.POSITIVE_INFINITY
  }

  of(recordId: number): SeenRanges {
    const stream = Math.floor(recordId / RECORDS_PER_STREAM)
    const seen = this.seen.get(stream) ?? new SeenRanges()
    this.seen.set(stream, seen)
    return seen
  }
}

/** Null where the log holds nothing that the group was handed, and nothing that is due to it. */
function placeIn(
  log: FinalLog,
  end: number,
  reading: GroupReading,
  offset: number,
): Pick<GroupMove, 'offset' | 'trueOffset' | 'skip' | 'redo'> | null {
  const gaps = gapsOf(log, end, reading)
  const { lastSeen } = gaps
  const due = gaps.unseen.filter((gap) => gap.isDue || (lastSeen >= 0 && gap.offset > lastSeen))
  const behind = lastSeen < 0 ? Number.POSITIVE_INFINITY : lastSeen + 1
  const trueOffset = Math.min(behind, due[0]?.offset ?? behind)
  if (trueOffset === Number.POSITIVE_INFINITY) return null
  let skip = 0
  for (const gap of due) skip += overlap(gap, trueOffset, offset)
  let redo = 0
  for (const { baseOffset, count } of log.ranges) {
    redo += overlap({ offset: baseOffset, count }, offset, trueOffset)
  }
  for (const gap of gaps.unseen) redo -= overlap(gap, offset, trueOffset)
  return { offset, trueOffset, skip, redo }
}

interface Gap {
  readonly offset: number
  readonly count: number
  /** Behind the first record of its producer that the group was handed, or behind its place. */
  readonly isDue: boolean
}

/** Records of a log that a group was not handed, and the last offset that it was handed of. */
function gapsOf(
  log: FinalLog,
  logEnd: number,
  reading: GroupReading,
): { unseen: Gap[]; lastSeen: number } {
  const unseen: Gap[] = []
  let lastSeen = -1
  for (const { baseOffset, count: written, firstRecordId } of log.ranges) {
    const count = Math.min(written, logEnd - baseOffset)
    if (count <= 0) break
    const seen = reading.of(firstRecordId)
    const parts = seen.newParts(firstRecordId, firstRecordId + count)
    const offsetOf = (id: number) => baseOffset + id - firstRecordId
    let end = firstRecordId + count
    for (const part of parts.toReversed()) if (part.end === end) end = part.start
    if (end > firstRecordId) lastSeen = offsetOf(end - 1)
    const place = reading.placeIn(firstRecordId)
    for (const { start, end } of parts) {
      const cut = Math.min(Math.max(start, place), end)
      const isDue = start > seen.first
      if (cut > start) unseen.push({ offset: offsetOf(start), count: cut - start, isDue })
      if (end > cut) unseen.push({ offset: offsetOf(cut), count: end - cut, isDue: true })
    }
  }
  return { unseen, lastSeen }
}

/** How many of a stretch's offsets are in [from, until). */
function overlap(
  { offset, count }: { offset: number; count: number },
  from: number,
  until: number,
): number {
  return Math.max(0, Math.min(offset + count, until) - Math.max(offset, from))
}

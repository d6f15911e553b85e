// Claim: what a failover between clusters cost, and what became of what it missed.
//
// late        missing at the promotion and read by everybody in the end: the target got it later,
//             or the old primary, which has it, became the primary again.
// stranded    only the old primary has it; somebody would have to bring it over by hand.
// gone        in no surviving log: its disk is gone, or it was truncated. late + stranded + gone =
//             missing.
// tail        D of the failback: what the old primary's logs had, acknowledged or not, and the
//             target had not. `cut` of it was truncated at the old primary afterwards, which is
//             what truncate-and-restore reports.
// client      promotion -> the first acknowledgement at the target of somebody who had written to
//             the source.
// switch      the last acknowledgement at the source before that one -> that one.

import { type History, OK, RECORDS_PER_STREAM } from '../../history.ts'
import { type Failover, marksOf } from '../failovers.ts'
import { type Intervals, RangeBag } from '../intervals.ts'
import type { LeaderLogs } from '../leader-log.ts'
import type { Ledger } from '../ledger.ts'
import { lineHomes } from '../lines.ts'
import { rowsByTime } from '../rows.ts'
import type { LinkFailover } from './judgement.ts'
import type { Piece } from './piece.ts'
import { pointAt } from './point.ts'

/**
 * Judges one promotion. Counts are records by id, times milliseconds of the run; a null time did
 * not come before the run ended.
 * @param acked acknowledged pieces of the link's path, those of other failovers among them
 */
export function judgeFailover(
  history: History,
  ledger: Ledger,
  logs: LeaderLogs,
  acked: readonly Piece[],
  failover: Failover,
): LinkFailover {
  const { link, homes, promotedAt, faultAt, until, missing } = failover
  const gone = missing.minus(ledger.surviving)
  const late = missing.minus(gone).and(readInTheEnd(history, failover))
  const mine = acked.filter((p) => failover.acked.has(p.firstRecordId))
  const at = { at: promotedAt, faultAt: faultAt ?? promotedAt }
  const shown = logs.ofCluster(link.from, promotedAt)
  const inSource = shown.minus(lostByDisks(history, homes, promotedAt))
  return {
    faultAtMs: faultAt === null ? null : faultAt / 1_000,
    promotedAtMs: promotedAt / 1_000,
    backAtMs: Number.isFinite(until) ? until / 1_000 : null,
    ...marksOf(history, failover),
    ...clientsOf(history, ledger, failover),
    missing: pointAt(history, mine, missing, at),
    late: late.size,
    stranded: missing.size - gone.size - late.size,
    gone: gone.size,
    lostInSource: missing.and(ackedBy(mine, promotedAt)).minus(inSource).size,
    lateMsMax: late.size === 0 ? null : latestOf(mine, late, failover) / 1_000,
    tail: tailOf(history, logs, failover, inSource),
  }
}

/** When clients of the homes were served by the target, and how long nobody served them. */
function clientsOf(
  history: History,
  ledger: Ledger,
  { homes, promotedAt }: Failover,
): { clientMs: number | null; switchMs: number | null } {
  const lines = lineHomes(history, ledger.failovers)
  const { produced, streams } = history
  const outcomes = produced.column('outcome')
  const doneAt = produced.column('doneAt')
  const stream = produced.column('stream')
  const partitions = produced.column('partition')
  const isHome = (row: number) => homes.has(partitions[row] ?? -1)
  // Whoever goes home again had begun there, so a line is known by all that was written to it.
  const own = new Set(
    streams.flatMap(({ id, partition }) => (homes.has(partition) ? lines[id] : [])),
  )
  const acked = rowsByTime(doneAt).filter(
    (row) => outcomes[row] === OK && own.has(lines[stream[row] ?? -1]),
  )
  const first = acked.findIndex((row) => !isHome(row) && (doneAt[row] ?? 0) > promotedAt)
  if (first < 0) return { clientMs: null, switchMs: null }
  const at = doneAt[acked[first] ?? 0] ?? 0
  const last = acked.slice(0, first).findLast(isHome)
  return {
    clientMs: (at - promotedAt) / 1_000,
    switchMs: last === undefined ? null : (at - (doneAt[last] ?? 0)) / 1_000,
  }
}

/** What stands in the end in the logs of whoever is the primary then. */
function readInTheEnd(history: History, { link, until }: Failover): Intervals {
  const clusters = Number.isFinite(until) ? [link.to, link.from] : [link.to]
  const bag = new RangeBag()
  for (const log of history.finalLogs) {
    if (!log.isSurvivor) continue
    if (!clusters.includes(history.partitions[log.partition]?.cluster ?? '')) continue
    for (const { firstRecordId, count } of log.ranges) bag.add(firstRecordId, count)
  }
  return bag.covered()
}

function ackedBy(pieces: readonly Piece[], at: number): Intervals {
  const bag = new RangeBag()
  for (const { firstRecordId, count, ackedAt } of pieces) {
    if (ackedAt <= at) bag.add(firstRecordId, count)
  }
  return bag.covered()
}

/** The longest wait for a late record, micros from the promotion. */
function latestOf(pieces: readonly Piece[], late: Intervals, failover: Failover): number {
  let longest = 0
  for (const { firstRecordId, count, copiedAt } of pieces) {
    if (late.countIn(firstRecordId, count) === 0) continue
    longest = Math.max(longest, Math.min(copiedAt, failover.until) - failover.promotedAt)
  }
  return longest
}

function tailOf(
  history: History,
  logs: LeaderLogs,
  { link, homes, promotedAt, until }: Failover,
  inSource: Intervals,
): LinkFailover['tail'] {
  const had = new RangeBag()
  had.addAll(inSource)
  const { appends } = history
  const partitions = appends.column('partition')
  const ats = appends.column('at')
  for (let row = 0; row < appends.length; row++) {
    const at = ats[row] ?? 0
    if (at <= promotedAt || at > until || !homes.has(partitions[row] ?? -1)) continue
    const { firstRecordId, count } = appends.row(row)
    if (firstRecordId >= 0) had.add(firstRecordId, count)
  }
  const inTarget = logs.ofCluster(link.to, promotedAt)
  const tail = ofHomes(history, had.covered().minus(inTarget), homes)
  return { records: tail.size, cut: tail.and(cutAfter(history, homes, promotedAt)).size }
}

/** Of some ids those that were written to one of the partitions. */
function ofHomes(history: History, ids: Intervals, homes: ReadonlySet<number>): Intervals {
  const bag = new RangeBag()
  for (const { id, partition } of history.streams) {
    if (homes.has(partition)) bag.addAll(ids.within(id * RECORDS_PER_STREAM, RECORDS_PER_STREAM))
  }
  return bag.covered()
}

/**
 * What disks had lost by an instant, and no replica of some partitions had any more: none has it in
 * the end, nor has one truncated it since.
 */
function lostByDisks(history: History, homes: ReadonlySet<number>, at: number): Intervals {
  const lost = new RangeBag()
  for (const { event, firstRecordId, count } of history.diskLostRanges) {
    const { at: lostAt = at, partition = -1 } = history.events[event] ?? {}
    if (lostAt <= at && homes.has(partition) && firstRecordId >= 0) lost.add(firstRecordId, count)
  }
  const kept = new RangeBag()
  for (const { partition, ranges } of history.finalLogs) {
    if (!homes.has(partition)) continue
    for (const { firstRecordId, count } of ranges) {
      if (firstRecordId >= 0) kept.add(firstRecordId, count)
    }
  }
  return lost
    .covered()
    .minus(kept.covered())
    .minus(cutAfter(history, homes, at))
}

/** What replicas of some partitions truncated after an instant. */
function cutAfter(history: History, homes: ReadonlySet<number>, at: number): Intervals {
  const bag = new RangeBag()
  for (const { truncation, firstRecordId, count } of history.truncatedRanges) {
    const cut = history.truncations.row(truncation)
    if (cut.at > at && homes.has(cut.partition)) bag.add(firstRecordId, count)
  }
  return bag.covered()
}

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
// detect      fault -> the alarm: the first event of kind 'alarm' after it, else the operator's.
// decide      -> the operator's act: the first event of kind 'operator' after the alarm.
// execute     -> the promotion.

import type { HistoryEvent } from '../../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import type { Failover } from '../failovers.ts'
import { type Intervals, RangeBag } from '../intervals.ts'
import type { LeaderLogs } from '../leader-log.ts'
import type { Ledger } from '../ledger.ts'
import type { LinkFailover } from './judgement.ts'
import type { Piece } from './path.ts'
import { pointAt } from './point.ts'

export function judgeFailover(
  history: History,
  ledger: Ledger,
  logs: LeaderLogs,
  acked: readonly Piece[],
  failover: Failover,
): LinkFailover {
  const { link, promotedAt, faultAt, until, missing } = failover
  const gone = missing.minus(ledger.surviving)
  const late = missing.minus(gone).and(readInTheEnd(history, failover))
  const mine = acked.filter((p) => failover.acked.has(p.firstRecordId))
  const at = { at: promotedAt, faultAt: faultAt ?? promotedAt }
  const inSource = logs.ofCluster(link.from, promotedAt)
  return {
    faultAtMs: faultAt === null ? null : faultAt / 1_000,
    promotedAtMs: promotedAt / 1_000,
    backAtMs: Number.isFinite(until) ? until / 1_000 : null,
    ...marksOf(history, failover),
    missing: pointAt(history, mine, missing, at),
    late: late.size,
    stranded: missing.size - gone.size - late.size,
    gone: gone.size,
    lostInSource: missing.and(ackedBy(mine, promotedAt)).minus(inSource).size,
    lateMsMax: late.size === 0 ? null : latestOf(mine, late, failover) / 1_000,
    tail: tailOf(history, logs, failover, inSource),
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

/** What replicas of some partitions truncated after an instant. */
function cutAfter(history: History, homes: ReadonlySet<number>, at: number): Intervals {
  const bag = new RangeBag()
  for (const { truncation, firstRecordId, count } of history.truncatedRanges) {
    const cut = history.truncations.row(truncation)
    if (cut.at > at && homes.has(cut.partition)) bag.add(firstRecordId, count)
  }
  return bag.covered()
}

/** Detect, decide and execute between a fault and a promotion. */
export function marksOf(
  history: History,
  { faultAt, promotedAt }: Failover,
): { detectMs: number | null; decideMs: number | null; executeMs: number | null } {
  if (faultAt === null) return { detectMs: null, decideMs: null, executeMs: null }
  const between = history.events.filter(({ at }) => at > faultAt && at <= promotedAt)
  const first = (kind: HistoryEvent['kind'], from: number) =>
    between.find((event) => event.kind === kind && event.at >= from)?.at
  const alarmAt = first('alarm', faultAt)
  const actedAt = first('operator', alarmAt ?? faultAt) ?? promotedAt
  const detectedAt = alarmAt ?? actedAt
  return {
    detectMs: (detectedAt - faultAt) / 1_000,
    decideMs: (actedAt - detectedAt) / 1_000,
    executeMs: (promotedAt - actedAt) / 1_000,
  }
}

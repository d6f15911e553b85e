// Failovers between clusters: the target of a link takes over from the source.
//
// homes    partitions of the source whose place was taken: those whose records a promoted partition
//          holds or whose name it bears, with or without a prefix; without any promoted partition
//          all of the source that the link carries.
// T0       the fault that led to the promotion, else the run's first one before it, and no order to
//          a mirror where something went wrong; without any fault the promotion itself, and with a
//          runbook that began as planned: a planned switch.
// P        when the target's partitions became writable as the primary.
// acked    what clients were told of the homes, by the old primary, until it becomes the primary
//          again. Acknowledgements after T0 are among them, also those after P: a source that is
//          cut off goes on acknowledging what nobody will read.
// missing  acked and in no log of the target's cluster at P. By id, and never by offset: a copy may
//          stand at another offset, and in another partition.
// detect   T0 -> the alarm: the first event of kind 'alarm' after it, else the operator's.
// decide   -> the operator's act: the first event of kind 'operator' after the alarm.
// execute  -> P.

import type { HistoryEvent, Link, Promotion, TopicPartition } from '../history/facts.ts'
import { type History, OK, RECORDS_PER_STREAM } from '../history.ts'
import { causesOf } from './causes.ts'
import { struck } from './first-fault.ts'
import { type Intervals, RangeBag } from './intervals.ts'
import { LeaderLogs } from './leader-log.ts'

/** Kinds of events with which a runbook begins. */
const BEGINNINGS = ['alarm', 'planned']

export interface Failover {
  readonly link: Link
  /** Null where nothing had struck. */
  readonly faultAt: number | null
  readonly promotedAt: number
  /** When the homes became the primary again; endless where they never did. */
  readonly until: number
  /** Event of the promotion. */
  readonly event: number
  readonly homes: ReadonlySet<number>
  readonly promoted: readonly number[]
  readonly acked: Intervals
  readonly missing: Intervals
}

/** All failovers in the order of time. */
export function failoversOf(history: History): Failover[] {
  if (history.promotions.length === 0) return []
  const logs = new LeaderLogs(history)
  const found: Failover[] = []
  for (const promotion of history.promotions) {
    const link = history.links.find(({ name }) => name === promotion.link)
    if (link === undefined) continue
    const homes = homesOf(history, link, promotion)
    const until = endOf(history, promotion, homes)
    const acked = ackedBetween(history, homes, primarySince(found, promotion, homes), until)
    found.push({
      ...{ link, faultAt: faultOf(history, promotion), promotedAt: promotion.at, until },
      ...{ event: promotion.event, homes, promoted: promotion.partitions, acked },
      missing: acked.minus(logs.ofCluster(link.to, promotion.at)),
    })
  }
  return found
}

function homesOf(history: History, link: Link, { partitions }: Promotion): Set<number> {
  const sources = history.partitions.filter(
    ({ cluster, topic }) => cluster === link.from && link.carries(topic),
  )
  if (partitions.length === 0) return new Set(sources.map(({ index }) => index))
  const homes = copiedTo(history, link, new Set(partitions))
  for (const index of partitions) {
    const target = history.partitions[index]
    for (const source of sources) {
      if (target !== undefined && isNamedAfter(target, source)) homes.add(source.index)
    }
  }
  return homes
}

/** Partitions of the source whose records were appended to one of the targets. */
function copiedTo(history: History, link: Link, targets: ReadonlySet<number>): Set<number> {
  const homes = new Set<number>()
  const partitions = history.appends.column('partition')
  const ids = history.appends.column('firstRecordId')
  for (let row = 0; row < ids.length; row++) {
    if (!targets.has(partitions[row] ?? -1)) continue
    const stream = history.streams[Math.floor((ids[row] ?? -1) / RECORDS_PER_STREAM)]
    if (stream === undefined) continue
    if (history.partitions[stream.partition]?.cluster === link.from) homes.add(stream.partition)
  }
  return homes
}

/** Whether a partition bears the name of another one, with or without a prefix. */
export function isNamedAfter(target: TopicPartition, source: TopicPartition): boolean {
  if (target.number !== source.number) return false
  if (target.topic === source.topic) return true
  return ['.', '-', '_'].some((separator) => target.topic.endsWith(separator + source.topic))
}

/** Since when the homes have been the primary, which they may have become again. */
function primarySince(
  before: readonly Failover[],
  { at }: Promotion,
  homes: ReadonlySet<number>,
): number {
  const ended = before.filter((failover) => failover.until <= at && overlap(failover.homes, homes))
  return Math.max(0, ...ended.map(({ until }) => until))
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return [...a].some((partition) => b.has(partition))
}

/** The first later promotion that makes one of the homes the primary again. */
function endOf(history: History, promotion: Promotion, homes: ReadonlySet<number>): number {
  const back = history.promotions.find(
    ({ at, partitions }) => at > promotion.at && partitions.some((index) => homes.has(index)),
  )
  return back?.at ?? Number.POSITIVE_INFINITY
}

function faultOf(history: History, promotion: Promotion): number | null {
  if (isPlanned(history, promotion)) return null
  const [root] = causesOf(history, promotion.event)
  const cause = history.faults.find(({ id }) => id === root?.id)
  if (cause !== undefined) return cause.from
  const before = struck(history.faults.filter(({ from }) => from <= promotion.at))
  return before.length === 0 ? null : Math.min(...before.map(({ from }) => from))
}

/** Whether the last runbook before it began because somebody wanted it, and not with an alarm. */
function isPlanned({ events }: History, { at }: Promotion): boolean {
  const last = events.findLast((event) => event.at <= at && BEGINNINGS.includes(event.kind))
  return last?.kind === 'planned'
}

/** What was acknowledged of some partitions after `since`, up to `until`. */
function ackedBetween(
  history: History,
  homes: ReadonlySet<number>,
  since: number,
  until: number,
): Intervals {
  const bag = new RangeBag()
  const { produced } = history
  const partitions = produced.column('partition')
  const outcomes = produced.column('outcome')
  const doneAt = produced.column('doneAt')
  const firsts = produced.column('firstRecordId')
  const counts = produced.column('count')
  for (let row = 0; row < produced.length; row++) {
    const at = doneAt[row] ?? 0
    if (outcomes[row] !== OK || at <= since || at > until) continue
    if (homes.has(partitions[row] ?? -1)) bag.add(firsts[row] ?? 0, counts[row] ?? 0)
  }
  return bag.covered()
}

/** Detect, decide and execute: from a fault to a promotion. */
export function marksOf(
  history: History,
  { faultAt, promotedAt }: Pick<Failover, 'faultAt' | 'promotedAt'>,
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

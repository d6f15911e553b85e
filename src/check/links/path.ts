// What a link carries, piece by piece: when each record was acknowledged, when it stood in the
// source's log and when it first stood in the target's. All by id: offsets, partitions and batches
// may differ on the two sides.
//
// A link carries what producers write to those topics of its source that it is set to copy; and
// what the source itself has of them as a copy, if no other link carries the records straight from
// their home to the target. Links with the same two ends and topics are judged by what all copy.

import type { Link, Promotion } from '../../history/facts.ts'
import { type History, OK, RECORDS_PER_STREAM } from '../../history.ts'
import { createdWithin } from '../created.ts'
import { isNamedAfter } from '../failovers.ts'
import { RangeBag } from '../intervals.ts'
import { type Column, rowsByTime } from '../rows.ts'
import { alignSpans, firstSpans, type SpansByStream } from './spans.ts'

/** Records of one producer that were sent, acknowledged and copied together. Times in micros. */
export interface Piece {
  readonly firstRecordId: number
  readonly count: number
  readonly bytes: number
  /** Where its producer wrote it. */
  readonly partition: number
  readonly createdFirst: number
  readonly createdLast: number
  /** Endless where it never was. */
  readonly ackedAt: number
  readonly sourceAt: number
  readonly copiedAt: number
  /** Where in the target; -1 where nowhere. */
  readonly copiedTo: number
  /** When nobody waited for it any longer: the source lost it, or the target took over. */
  readonly cutAt: number
}

export interface Path {
  readonly link: Link
  /** Whose records it carries. */
  readonly streams: ReadonlySet<number>
  /** By stream and id. */
  readonly pieces: readonly Piece[]
  /** Records and bytes appended in the target, the first time and again. */
  readonly copied: { readonly records: number; readonly bytes: number; readonly again: number }
}

/** The paths of a finished run, each worked out once, when somebody first asks. */
export class LinkPaths {
  readonly #history: History
  readonly #known = new Map<Link, Path>()

  constructor(history: History) {
    this.#history = history
  }

  of(link: Link): Path {
    const path = this.#known.get(link) ?? pathOf(this.#history, link)
    this.#known.set(link, path)
    return path
  }
}

/** What of a history a link carries. */
function pathOf(history: History, link: Link): Path {
  const sources = partitionsOf(history, link.from, link.carries)
  const targets = partitionsOf(history, link.to)
  const streams = streamsOf(history, link, sources)
  const appendRows = rowsByTime(history.appends.column('at'))
  const lists = [
    producedSpans(history, streams),
    appendedSpans(history, streams, sources, appendRows),
    appendedSpans(history, streams, targets, appendRows),
    cutSpans(history, streams, sources),
    filteredSpans(history, streams, link),
  ] as const
  const pieces: Piece[] = []
  const columns = columnsOf(history)
  for (const stream of streams) {
    const home = history.streams[stream]?.partition ?? -1
    const isForeign = history.partitions[home]?.cluster !== link.from
    alignSpans(
      lists.map((list) => list.get(stream) ?? []),
      (start, end, [sent = -1, source = -1, target = -1, cut = -1, filtered = -1]) => {
        if (sent < 0 || filtered >= 0 || (isForeign && source < 0)) return
        pieces.push(pieceOf(columns, link, { start, end, sent, source, target, cut, isForeign }))
      },
    )
  }
  return { link, streams, pieces, copied: copiedBy(history, streams, targets) }
}

interface Rows {
  readonly start: number
  readonly end: number
  readonly sent: number
  readonly source: number
  readonly target: number
  readonly cut: number
  readonly isForeign: boolean
}

/** What pieces are read from: a view of a column is not made anew for each. */
interface PieceColumns {
  readonly history: History
  readonly appendedAt: Column
  readonly appendedTo: Column
  readonly cutAt: Column
  readonly cutBy: Column
}

function columnsOf(history: History): PieceColumns {
  const { appends, truncations, truncatedRanges } = history
  return {
    history,
    appendedAt: appends.column('at'),
    appendedTo: appends.column('partition'),
    cutAt: truncations.column('at'),
    cutBy: truncatedRanges.column('truncation'),
  }
}

function pieceOf(
  columns: PieceColumns,
  link: Link,
  { start, end, sent, source, target, cut, isForeign }: Rows,
): Piece {
  const { history } = columns
  const row = history.produced.row(sent)
  const created = createdWithin(row, start, end)
  const at = (n: number) => (n < 0 ? Number.POSITIVE_INFINITY : (columns.appendedAt[n] ?? 0))
  const ackedAt = row.outcome === OK ? row.doneAt : Number.POSITIVE_INFINITY
  const truncation = columns.cutBy[cut] ?? -1
  return {
    firstRecordId: start,
    count: end - start,
    bytes: shareOf(row, end - row.firstRecordId) - shareOf(row, start - row.firstRecordId),
    partition: row.partition,
    createdFirst: created.first,
    createdLast: created.last,
    // A copy is the source's to lose only once the source has it.
    ackedAt: isForeign ? Math.max(ackedAt, at(source)) : ackedAt,
    sourceAt: at(source),
    copiedAt: at(target),
    copiedTo: target < 0 ? -1 : (columns.appendedTo[target] ?? -1),
    cutAt: Math.min(
      cut < 0 ? Number.POSITIVE_INFINITY : (columns.cutAt[truncation] ?? 0),
      takenOverAt(history, link, row.partition, ackedAt),
    ),
  }
}

/** When a link's target took a partition's place, for what was acknowledged at an instant. */
function takenOverAt(history: History, link: Link, home: number, ackedAt: number): number {
  const { promotions } = history
  if (promotions.length === 0) return Number.POSITIVE_INFINITY
  const took = promotions.filter(
    (promotion) => promotion.link === link.name && takesPlace(history, promotion, home),
  )
  const next = took.find(({ at }) => at >= ackedAt) ?? took.at(-1)
  if (next === undefined || next.at >= ackedAt) return next?.at ?? Number.POSITIVE_INFINITY
  const isBack = promotions.some(
    ({ at, partitions }) => at > next.at && at <= ackedAt && partitions.includes(home),
  )
  return isBack ? Number.POSITIVE_INFINITY : next.at
}

function takesPlace({ partitions }: History, promotion: Promotion, home: number): boolean {
  const source = partitions[home]
  if (source === undefined || promotion.partitions.length === 0) return true
  return promotion.partitions.some((index) => {
    const target = partitions[index]
    return target !== undefined && isNamedAfter(target, source)
  })
}

/** A batch's bytes up to its record `n`, as if all its records were of one size. */
function shareOf({ bytes, count }: { bytes: number; count: number }, n: number): number {
  return Math.round((bytes * n) / count)
}

/** Partitions of a cluster, of all its topics or of some. */
function partitionsOf(
  { partitions }: History,
  home: string,
  isWanted: (topic: string) => boolean = () => true,
): Set<number> {
  const own = partitions.filter(({ cluster, topic }) => cluster === home && isWanted(topic))
  return new Set(own.map(({ index }) => index))
}

/** Streams whose records the link carries, from the partitions that it copies. */
function streamsOf(history: History, link: Link, sources: ReadonlySet<number>): Set<number> {
  const { streams, partitions, links } = history
  const isCarried = (home: number) => {
    if (sources.has(home)) return true
    const { cluster = '', topic = '' } = partitions[home] ?? {}
    if (cluster === link.from || cluster === link.to) return false
    return !links.some((l) => l.from === cluster && l.to === link.to && l.carries(topic))
  }
  return new Set(streams.flatMap(({ id, partition }) => (isCarried(partition) ? [id] : [])))
}

/** What was sent; of an id in several rows the acknowledged one counts. */
function producedSpans(history: History, streams: ReadonlySet<number>): SpansByStream {
  const { produced } = history
  const outcomes = produced.column('outcome')
  const rows = rowsByTime(produced.column('doneAt'))
  const isOk = (row: number) => outcomes[row] === OK
  const byOutcome = [...rows.filter(isOk), ...rows.filter((row) => !isOk(row))]
  return firstSpans(
    byOutcome,
    produced.column('firstRecordId'),
    produced.column('count'),
    (stream) => streams.has(stream),
  )
}

/** First appends in one of some partitions, of rows in the order of time. */
function appendedSpans(
  history: History,
  streams: ReadonlySet<number>,
  places: ReadonlySet<number>,
  rows: readonly number[],
): SpansByStream {
  const { appends } = history
  const appendedTo = appends.column('partition')
  return firstSpans(
    rows,
    appends.column('firstRecordId'),
    appends.column('count'),
    (stream, row) => streams.has(stream) && places.has(appendedTo[row] ?? -1),
  )
}

/** What some log of some partitions lost. */
/** What the link left out on purpose: nobody waits for it at the target. */
function filteredSpans(history: History, streams: ReadonlySet<number>, link: Link): SpansByStream {
  const { filtered, links } = history
  const by = filtered.column('link')
  return firstSpans(
    by.keys(),
    filtered.column('firstRecordId'),
    filtered.column('count'),
    (stream, row) => streams.has(stream) && links[by[row] ?? -1]?.name === link.name,
  )
}

function cutSpans(
  history: History,
  streams: ReadonlySet<number>,
  places: ReadonlySet<number>,
): SpansByStream {
  const { truncations, truncatedRanges } = history
  const cutFrom = truncations.column('partition')
  const cutBy = truncatedRanges.column('truncation')
  return firstSpans(
    cutBy.keys(),
    truncatedRanges.column('firstRecordId'),
    truncatedRanges.column('count'),
    (stream, row) => streams.has(stream) && places.has(cutFrom[cutBy[row] ?? -1] ?? -1),
  )
}

/** Everything of these streams that leaders of some partitions appended. */
function copiedBy(
  history: History,
  streams: ReadonlySet<number>,
  places: ReadonlySet<number>,
): Path['copied'] {
  const { appends } = history
  const appendedTo = appends.column('partition')
  const firsts = appends.column('firstRecordId')
  const counts = appends.column('count')
  const sizes = appends.column('bytes')
  const bag = new RangeBag()
  let records = 0
  let bytes = 0
  for (let row = 0; row < appends.length; row++) {
    const first = firsts[row] ?? -1
    if (!places.has(appendedTo[row] ?? -1)) continue
    if (first < 0 || !streams.has(Math.floor(first / RECORDS_PER_STREAM))) continue
    records += counts[row] ?? 0
    bytes += sizes[row] ?? 0
    bag.add(first, counts[row] ?? 0)
  }
  return { records, bytes, again: records - bag.covered().size }
}

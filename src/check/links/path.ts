// What a link carries, piece by piece: when each record was acknowledged, when it stood in the
// source's log and when it first stood in the target's. All by id: offsets, partitions and batches
// may differ on the two sides.
//
// A link carries what producers write to those topics of its source that it is set to copy; and
// what the source itself has of them as a copy, if no other link carries the records straight from
// their home to the target. Links with the same two ends and topics are judged by what all copy.

import type { Link } from '../../history/facts.ts'
import { type History, OK } from '../../history.ts'
import { type Intervals, RangeBag } from '../intervals.ts'
import { rowsByCluster, rowsByTime } from '../rows.ts'
import { broughtHome, copiedBy } from './copied.ts'
import type { Copied } from './judgement.ts'
import { type Piece, PieceReader } from './piece.ts'
import { alignSpans, firstSpans, type SpansByStream } from './spans.ts'

export interface Path {
  readonly link: Link
  /** Whose records it carries. */
  readonly streams: ReadonlySet<number>
  /** By stream and id. */
  readonly pieces: readonly Piece[]
  /** Rows of what consumers were handed by the target, by time. */
  readonly delivered: readonly number[]
  readonly copied: Copied
}

/** The paths of a finished run, each worked out once, when somebody first asks. */
export class LinkPaths {
  readonly #history: History
  readonly #known = new Map<Link, Path>()
  /** By their end and what is carried: links with one source share them. */
  readonly #sources = new Map<string, SourceSpans>()
  #rows: PathRows | undefined

  constructor(history: History) {
    this.#history = history
  }

  /** Worked out when it is first asked for, and kept. */
  of(link: Link): Path {
    const known = this.#known.get(link)
    if (known !== undefined) return known
    this.#rows ??= pathRows(this.#history)
    const path = pathOf(this.#history, this.#carriedBy(link, this.#rows), this.#rows)
    this.#known.set(link, path)
    return path
  }

  #carriedBy(link: Link, rows: PathRows): Carried {
    const places = partitionsOf(this.#history, link.from, link.carries)
    const streams = streamsOf(this.#history, link, places)
    const key = `${link.from} ${[...places]} ${[...streams]}`
    const source = this.#sources.get(key) ?? sourceSpans(this.#history, link, places, streams, rows)
    this.#sources.set(key, source)
    return { link, places, streams, source }
  }
}

/** What a link carries, as its source knows it. */
interface Carried {
  readonly link: Link
  /** Partitions of the source. */
  readonly places: ReadonlySet<number>
  readonly streams: ReadonlySet<number>
  readonly source: SourceSpans
}

interface SourceSpans {
  readonly sent: SpansByStream
  readonly appended: SpansByStream
  readonly cut: SpansByStream
}

/** Rows of a history in the orders in which every path reads them. */
interface PathRows {
  /** By time, the acknowledged ones first: of an id in several rows those count. */
  readonly produced: readonly number[]
  /** By time, those of each cluster. */
  readonly appends: ReadonlyMap<string, readonly number[]>
  readonly delivered: ReadonlyMap<string, readonly number[]>
}

function pathRows(history: History): PathRows {
  const { produced, appends } = history
  const outcomes = produced.column('outcome')
  const rows = rowsByTime(produced.column('doneAt'))
  const isOk = (row: number) => outcomes[row] === OK
  return {
    produced: [...rows.filter(isOk), ...rows.filter((row) => !isOk(row))],
    appends: rowsByCluster(history, appends),
    delivered: rowsByCluster(history, history.delivered),
  }
}

function sourceSpans(
  history: History,
  { from }: Link,
  places: ReadonlySet<number>,
  streams: ReadonlySet<number>,
  rows: PathRows,
): SourceSpans {
  return {
    sent: producedSpans(history, streams, rows.produced),
    appended: appendedSpans(history, streams, places, rows.appends.get(from) ?? []),
    cut: cutSpans(history, streams, places),
  }
}

/** What of a history a link carries. */
function pathOf(history: History, carried: Carried, rows: PathRows): Path {
  const { link, streams, source } = carried
  const targets = partitionsOf(history, link.to)
  const lists = [
    source.sent,
    source.appended,
    appendedSpans(history, streams, targets, rows.appends.get(link.to) ?? []),
    source.cut,
    filteredSpans(history, streams, link),
  ] as const
  const pieces: Piece[] = []
  const reader = new PieceReader(history, link)
  const sentTo = history.produced.column('partition')
  for (const stream of streams) {
    const home = history.streams[stream]?.partition ?? -1
    const isForeign = history.partitions[home]?.cluster !== link.from
    alignSpans(
      lists.map((list) => list.get(stream) ?? []),
      (start, end, [sent = -1, appended = -1, target = -1, cut = -1, filtered = -1]) => {
        if (sent < 0 || filtered >= 0 || (isForeign && appended < 0)) return
        if (targets.has(sentTo[sent] ?? -1)) return
        pieces.push(reader.pieceOf({ start, end, sent, source: appended, target, cut, isForeign }))
      },
    )
  }
  const delivered = rows.delivered.get(link.to) ?? []
  return { link, streams, pieces, delivered, copied: copiedOf(history, carried, targets, rows) }
}

/** A record that comes home is no news, and the link has carried it all the same. */
function copiedOf(
  history: History,
  { link, places, streams }: Carried,
  targets: ReadonlySet<number>,
  rows: PathRows,
): Copied {
  const atTarget = rows.appends.get(link.to) ?? []
  const there = copiedBy(history, streams, atTarget, sentDirectly(history, streams, targets))
  const own = new Set(
    history.streams.flatMap(({ id, partition }) => (targets.has(partition) ? [id] : [])),
  )
  if (own.size === 0) return there
  const known = appendedSpans(history, own, places, rows.appends.get(link.from) ?? [])
  const home = broughtHome(history, known, atTarget)
  return {
    records: there.records + home.records,
    bytes: there.bytes + home.bytes,
    again: there.again + home.again,
  }
}

/**
 * What producers of these streams wrote to the target themselves. A client that is led there by a
 * name, a proxy or its seed list goes on with the batches that it has: they were made for the
 * source, are of its streams, and no link ever had them.
 */
function sentDirectly(
  { produced }: History,
  streams: ReadonlySet<number>,
  targets: ReadonlySet<number>,
): Intervals {
  const bag = new RangeBag()
  const by = produced.column('stream')
  const to = produced.column('partition')
  const firsts = produced.column('firstRecordId')
  const counts = produced.column('count')
  for (let row = 0; row < produced.length; row++) {
    if (!targets.has(to[row] ?? -1) || !streams.has(by[row] ?? -1)) continue
    bag.add(firsts[row] ?? 0, counts[row] ?? 0)
  }
  return bag.covered()
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

/** What was sent, of rows in the order in which they count. */
function producedSpans(
  { produced }: History,
  streams: ReadonlySet<number>,
  rows: readonly number[],
): SpansByStream {
  return firstSpans(rows, produced.column('firstRecordId'), produced.column('count'), (stream) =>
    streams.has(stream),
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

/** What some log of some partitions lost. */
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

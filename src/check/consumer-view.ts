// Claim C7: each group is handed every surviving record once, in order, and nothing else.
//
// redelivered   deliveries of a record id to a group beyond the first, but for those that the
//               application knew and dropped. Two copies in the log count as well as one copy read
//               twice, and one in another cluster's log.
// suppressed    deliveries that the application dropped because it remembered the record.
// skipped       ids of the surviving log between the first and the last offset a group was handed
//               that it never got. To a group that moves between clusters also those in front of
//               its first offset are due that follow what it had been handed elsewhere, in this log
//               or of the same producer, or the place that it had committed there.
// rewind        a delivery that starts below the position that the group had reached; its length in
//               offsets is summed.
// phantom       ids handed to a group that no surviving log holds.
// aborted read  ids handed to a group although their producer was told, for sure, that they failed.

import type { FinalLog } from '../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../history.ts'
import { type Deliveries, deliveriesOf, type Reader } from './deliveries.ts'
import { groupNames } from './group-names.ts'
import { type Intervals, RangeBag } from './intervals.ts'
import type { ConsumerView } from './judgement.ts'
import type { Ledger } from './ledger.ts'

/** What a group saw of one partition. */
export interface ReaderView {
  readonly group: string
  readonly delivered: number
  readonly suppressed: number
  readonly rewinds: number
  readonly rewoundOffsets: number
  /** Ids that it was handed, and those that it should have been. */
  readonly got: Intervals
  readonly expected: Intervals
}

interface Reading {
  readonly group: string
  readonly partition: number
  readonly bag: RangeBag
  firstOffset: number
  nextOffset: number
  delivered: number
  suppressed: number
  rewinds: number
  rewoundOffsets: number
}

/** What several readers saw, taken together by group. */
export function consumerViewOf(ledger: Ledger, readers: readonly ReaderView[]): ConsumerView {
  const groups = new Set(readers.map(({ group }) => group))
  const views = [...groups].map((group) =>
    viewOfGroup(
      ledger,
      readers.filter((reader) => reader.group === group),
    ),
  )
  const sum = (of: (view: ConsumerView) => number) =>
    views.reduce((total, view) => total + of(view), 0)
  return {
    delivered: sum((view) => view.delivered),
    redelivered: sum((view) => view.redelivered),
    suppressed: sum((view) => view.suppressed),
    skipped: sum((view) => view.skipped),
    rewinds: sum((view) => view.rewinds),
    rewoundOffsets: sum((view) => view.rewoundOffsets),
    phantom: sum((view) => view.phantom),
    abortedReads: sum((view) => view.abortedReads),
  }
}

/** By id over all that it read: a record and its copy in another cluster are one. */
function viewOfGroup(ledger: Ledger, readers: readonly ReaderView[]): ConsumerView {
  const sum = (of: (view: ReaderView) => number) =>
    readers.reduce((total, reader) => total + of(reader), 0)
  const delivered = sum((reader) => reader.delivered)
  const suppressed = sum((reader) => reader.suppressed)
  const got = unionOf(readers.map((reader) => reader.got))
  return {
    delivered,
    redelivered: delivered - got.size - suppressed,
    suppressed,
    skipped: unionOf(readers.map((reader) => reader.expected)).minus(got).size,
    rewinds: sum((reader) => reader.rewinds),
    rewoundOffsets: sum((reader) => reader.rewoundOffsets),
    phantom: got.minus(ledger.surviving).size,
    abortedReads: got.and(ledger.failed).size,
  }
}

function unionOf(sets: readonly Intervals[]): Intervals {
  const bag = new RangeBag()
  for (const set of sets) bag.addAll(set)
  return bag.covered()
}

/** Every group's view of every partition that it was handed something of. */
export function readerViews(
  history: History,
  deliveries: Deliveries = deliveriesOf(history),
): ReaderView[] {
  const readings = readAll(history, deliveries)
  const firsts = firstIds(history, readings, deliveries)
  const logs = new Map(
    history.finalLogs.filter((log) => log.isSurvivor).map((log) => [log.partition, log]),
  )
  const handed = handedByGroup(history, readings)
  return readings.map((reading) => {
    const { group, bag, delivered, suppressed, rewinds, rewoundOffsets } = reading
    const log = logs.get(reading.partition)
    const firstOffset = endOfHanded(log, handed.get(group), reading.firstOffset)
    const expected = expectedOf(log, { ...reading, firstOffset }, firsts.get(group))
    const counts = { delivered, suppressed, rewinds, rewoundOffsets }
    return { group, ...counts, got: bag.covered(), expected }
  })
}

/** All that each group was handed, wherever; of no use where there is one cluster. */
function handedByGroup(
  history: History,
  readings: readonly Reading[],
): ReadonlyMap<string, Intervals> {
  if (history.clusters.length < 2) return new Map()
  const sets = new Map<string, Intervals[]>()
  for (const { group, bag } of readings) {
    sets.set(group, [...(sets.get(group) ?? []), bag.covered()])
  }
  return new Map([...sets].map(([group, own]) => [group, unionOf(own)]))
}

/** Behind the last offset in front of `first` whose record is among `handed`; else `first`. */
function endOfHanded(
  log: FinalLog | undefined,
  handed: Intervals | undefined,
  first: number,
): number {
  let end = first
  if (handed === undefined) return end
  for (const { baseOffset, count, firstRecordId } of log?.ranges ?? []) {
    const inFront = Math.min(count, first - baseOffset)
    if (inFront <= 0) break
    handed.forEachIn(firstRecordId, inFront, (_, until) => {
      end = baseOffset + (until - firstRecordId)
    })
  }
  return end
}

/**
 * By group and producer's stream, the first id that the group was handed, or that is due to it.
 * Inside one cluster a group's first offset says where it began; of one that moves from another
 * only ids do.
 */
function firstIds(
  history: History,
  readings: readonly Reading[],
  deliveries: Deliveries,
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const firsts = new Map<string, Map<number, number>>()
  if (history.clusters.length < 2) return firsts
  for (const [group, { first }] of deliveries.starts()) {
    firsts.set(group, new Map(first))
  }
  for (const { group, bag } of readings) {
    const ofGroup = firsts.get(group) ?? new Map<number, number>()
    firsts.set(group, ofGroup)
    for (const start of bag.covered().starts) {
      const stream = Math.floor(start / RECORDS_PER_STREAM)
      ofGroup.set(stream, Math.min(ofGroup.get(stream) ?? start, start))
    }
  }
  return firsts
}

function readAll(history: History, { readers, rows, readerOf }: Deliveries): Reading[] {
  const readings = readers.map(newReading)
  const firsts = history.delivered.column('firstRecordId')
  const offsets = history.delivered.column('baseOffset')
  const counts = history.delivered.column('count')
  for (const row of rows) {
    const reading = readings[readerOf[row] ?? 0]
    if (reading === undefined) continue
    const offset = offsets[row] ?? 0
    const count = counts[row] ?? 0
    reading.delivered += count
    reading.bag.add(firsts[row] ?? 0, count)
    if (offset < reading.nextOffset) {
      reading.rewinds += 1
      reading.rewoundOffsets += reading.nextOffset - offset
    }
    reading.firstOffset = Math.min(reading.firstOffset, offset)
    // The position follows the delivery, also back: the next rewind counts from there.
    reading.nextOffset = offset + count
  }
  const nameOf = groupNames(history)
  for (const { consumer, partition, count } of history.suppressed) {
    const { cluster = '', group = '' } = history.consumers[consumer] ?? {}
    const name = nameOf(cluster, group)
    const reading = readings.find((one) => one.partition === partition && one.group === name)
    if (reading !== undefined) reading.suppressed += count
  }
  return readings
}

function newReading({ group, partition }: Reader): Reading {
  return {
    group,
    partition,
    bag: new RangeBag(),
    firstOffset: Number.POSITIVE_INFINITY,
    nextOffset: 0,
    delivered: 0,
    suppressed: 0,
    rewinds: 0,
    rewoundOffsets: 0,
  }
}

/** Ids of the surviving log between a reader's first record and its position. */
function expectedOf(
  log: FinalLog | undefined,
  reading: Reading,
  firsts: ReadonlyMap<number, number> | undefined,
): Intervals {
  const bag = new RangeBag()
  for (const { baseOffset, count, firstRecordId } of log?.ranges ?? []) {
    const until = Math.min(baseOffset + count, reading.nextOffset)
    const stream = Math.floor(firstRecordId / RECORDS_PER_STREAM)
    const first = firsts?.get(stream) ?? Number.POSITIVE_INFINITY
    const dueFrom = baseOffset + Math.max(0, first - firstRecordId)
    const from = Math.max(baseOffset, Math.min(reading.firstOffset, dueFrom))
    bag.add(firstRecordId + (from - baseOffset), until - from)
  }
  return bag.covered()
}

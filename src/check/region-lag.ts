// Claim: how far a group is behind what each region writes, through whichever copies it reads: its
// lag by region of origin. A consumer without a group is one alone. The lag of a partition
// (group-lag.ts) cannot tell it: what a link has not brought yet is in no partition that it reads.
//
// due     records that a region's producers sent to the topics whose records the group reads, that
//         were acknowledged and survive; from the first of their producer that it was handed on.
// behind  due, acknowledged, and not handed to the group yet, in any cluster.
// age     how long the oldest of them has been acknowledged.

import { type History, OK, RECORDS_PER_STREAM } from '../history.ts'
import { countInFront } from './bisection.ts'
import type { Deliveries } from './deliveries.ts'
import type { Intervals } from './intervals.ts'
import type { RegionLag } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { type Column, rowsByTime } from './rows.ts'
import { SeenRanges } from './seen-ranges.ts'

/** Ids of a stream that a group was handed for the first time. */
interface Arrival {
  readonly start: number
  readonly end: number
  readonly at: number
}

/** By group and region, in the order of their names. */
export function regionLags(
  history: History,
  ledger: Ledger,
  deliveries: Deliveries,
): readonly RegionLag[] {
  const reader = new WaitReader(history, ledger)
  const sends = sendsByStream(history)
  const lags: RegionLag[] = []
  for (const [group, arrivals] of arrivalsByGroup(history, deliveries)) {
    const waits = new Map<string, Waits>()
    for (const { id, region } of dueStreams(history, arrivals)) {
      const waiting = waits.get(region) ?? new Waits()
      waits.set(region, waiting)
      const handed = (arrivals.get(id)?.arrivals ?? []).toSorted((a, b) => a.start - b.start)
      for (const row of sends.get(id) ?? []) reader.addTo(waiting, row, handed)
    }
    for (const [region, waiting] of waits) {
      lags.push({ group, region, ...waiting.lag(history.endAt) })
    }
  }
  const keyOf = ({ group, region }: RegionLag) => `${group}\n${region}`
  return lags.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** Rows of acknowledged batches by stream. */
function sendsByStream({ produced }: History): Map<number, number[]> {
  const streams = produced.column('stream')
  const outcomes = produced.column('outcome')
  const rows = new Map<number, number[]>()
  for (let row = 0; row < produced.length; row++) {
    if (outcomes[row] !== OK) continue
    const stream = streams[row] ?? -1
    const known = rows.get(stream)
    if (known === undefined) rows.set(stream, [row])
    else known.push(row)
  }
  return rows
}

/** What a group was handed of a stream and had not been handed before. */
interface StreamArrivals {
  readonly seen: SeenRanges
  readonly arrivals: Arrival[]
}

/** By stream. */
type Arrivals = Map<number, StreamArrivals>

/** By the name of the group. */
function arrivalsByGroup(
  history: History,
  { readers, rows, readerOf }: Deliveries,
): Map<string, Arrivals> {
  const groups = new Map<string, Arrivals>()
  const ids = history.delivered.column('firstRecordId')
  const counts = history.delivered.column('count')
  const ats = history.delivered.column('at')
  for (const row of rows) {
    const group = readers[readerOf[row] ?? 0]?.group ?? ''
    const start = ids[row] ?? 0
    if (!history.isSent(start)) continue
    const end = start + (counts[row] ?? 0)
    const at = ats[row] ?? 0
    const { seen, arrivals } = ofStream(groups, group, Math.floor(start / RECORDS_PER_STREAM))
    seen.take(start, end, (from, until) => arrivals.push({ start: from, end: until, at }))
  }
  return groups
}

function ofStream(groups: Map<string, Arrivals>, group: string, stream: number): StreamArrivals {
  const ofGroup: Arrivals = groups.get(group) ?? new Map()
  groups.set(group, ofGroup)
  const known = ofGroup.get(stream) ?? { seen: new SeenRanges(), arrivals: [] }
  ofGroup.set(stream, known)
  return known
}

/** All that is sent to the topics of which the group was handed something. */
function dueStreams(history: History, arrivals: ReadonlyMap<number, unknown>): History['streams'] {
  const topicOf = (stream: number) => {
    const home = history.partitions[history.streams[stream]?.partition ?? -1]
    return home === undefined ? '' : `${home.cluster}\n${home.topic}`
  }
  const read = new Set([...arrivals.keys()].map(topicOf))
  return history.streams.filter(({ id }) => read.has(topicOf(id)))
}

/** Reads the waits of acknowledged batches, what survives of them. */
class WaitReader {
  private readonly surviving: Intervals
  private readonly firsts: Column
  private readonly counts: Column
  private readonly acked: Column
  /** Where the waits of the batch go that is read at the moment. */
  private waits = new Waits()
  private doneAt = 0
  /** What came of its stream, by id. */
  private handed: readonly Arrival[] = []

  constructor({ produced }: History, { surviving }: Ledger) {
    this.surviving = surviving
    this.firsts = produced.column('firstRecordId')
    this.counts = produced.column('count')
    this.acked = produced.column('doneAt')
  }

  /** Adds those of row `row`; `handed` is what came of its stream, by id. */
  addTo(waits: Waits, row: number, handed: readonly Arrival[]): void {
    this.waits = waits
    this.doneAt = this.acked[row] ?? 0
    this.handed = handed
    this.surviving.forEachIn(this.firsts[row] ?? 0, this.counts[row] ?? 0, this.addWaits)
  }

  /** The waits of ids that were acknowledged at one instant; one function for all of them. */
  private readonly addWaits = (first: number, end: number): void => {
    const { waits, doneAt, handed } = this
    let at = Math.max(first, handed[0]?.start ?? first)
    const inFront = countInFront(handed.length, (i) => (handed[i]?.end ?? 0) <= at)
    for (let k = inFront; at < end; k++) {
      const arrival = handed[k]
      const start = Math.min(end, arrival?.start ?? end)
      if (start > at) waits.add(doneAt, Number.POSITIVE_INFINITY, start - at)
      at = Math.max(at, start)
      if (arrival === undefined || at === end) break
      waits.add(doneAt, arrival.at, Math.min(end, arrival.end) - at)
      at = Math.min(end, arrival.end)
    }
  }
}

/** Records of one region that a group waited for, a place in each column for those of one wait. */
class Waits {
  private readonly from: number[] = []
  /** Endless where the group was never handed them. */
  private readonly until: number[] = []
  private readonly records: number[] = []

  /** From the acknowledgement to the delivery; whoever reads faster than that waits for nothing. */
  add(from: number, until: number, records: number): void {
    if (until <= from) return
    this.from.push(from)
    this.until.push(until)
    this.records.push(records)
  }

  lag(endAt: number): Omit<RegionLag, 'group' | 'region'> {
    const { from, until, records } = this
    let [open, oldest, longest] = [0, 0, 0]
    for (let i = 0; i < from.length; i++) {
      const age = Math.min(until[i], endAt) - from[i]
      longest = Math.max(longest, age)
      if (until[i] <= endAt) continue
      open += records[i]
      oldest = Math.max(oldest, age)
    }
    return {
      records: open,
      ageMs: oldest / 1_000,
      recordsMax: this.most(),
      ageMsMax: longest / 1_000,
    }
  }

  /** The most that were waited for at one time, by the end of each instant. */
  private most(): number {
    const { from, until, records } = this
    const begun = rowsByTime(Float64Array.from(from))
    const over = rowsByTime(Float64Array.from(until))
    let [now, most, ended] = [0, 0, 0]
    for (let i = 0; i < begun.length; i++) {
      const at = from[begun[i]]
      for (; until[over[ended]] <= at; ended++) now -= records[over[ended]]
      now += records[begun[i]]
      if (from[begun[i + 1]] !== at) most = Math.max(most, now)
    }
    return most
  }
}

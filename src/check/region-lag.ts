// Claim: how far a group is behind what each region writes, through whichever copies it reads: its
// lag by region of origin. A consumer without a group is one alone. The lag of a partition
// (group-lag.ts) cannot tell it: what a link has not brought yet is in no partition that it reads.
//
// due     records that a region's producers sent to the topics whose records the group reads, that
//         were acknowledged and survive; from the first of their producer that it was handed on.
// behind  due, acknowledged, and not handed to the group yet, in any cluster.
// age     how long the oldest of them has been acknowledged.

import { type History, OK, RECORDS_PER_STREAM } from '../history.ts'
import type { Deliveries } from './deliveries.ts'
import type { RegionLag } from './judgement.ts'
import type { Ledger } from './ledger.ts'
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
  const sends = sendsByStream(history)
  const lags: RegionLag[] = []
  for (const [group, arrivals] of arrivalsByGroup(history, deliveries)) {
    const waits = new Map<string, Waits>()
    for (const { id, region } of dueStreams(history, arrivals)) {
      const waiting = waits.get(region) ?? new Waits()
      waits.set(region, waiting)
      const handed = (arrivals.get(id) ?? []).toSorted((a, b) => a.start - b.start)
      for (const row of sends.get(id) ?? []) addWaits(history, ledger, row, handed, waiting)
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

/** What each group was handed and had not been handed before, by stream. */
function arrivalsByGroup(
  history: History,
  { readers, rows, readerOf }: Deliveries,
): Map<string, Map<number, Arrival[]>> {
  const groups = new Map<string, Map<number, Arrival[]>>()
  const seen = new Map<string, SeenRanges>()
  const ids = history.delivered.column('firstRecordId')
  const counts = history.delivered.column('count')
  const ats = history.delivered.column('at')
  for (const row of rows) {
    const group = readers[readerOf[row] ?? 0]?.group ?? ''
    const first = ids[row] ?? 0
    if (!history.isSent(first)) continue
    const stream = Math.floor(first / RECORDS_PER_STREAM)
    const known = seen.get(`${group}\n${stream}`) ?? new SeenRanges()
    seen.set(`${group}\n${stream}`, known)
    const ofGroup = groups.get(group) ?? new Map<number, Arrival[]>()
    groups.set(group, ofGroup)
    const arrivals = ofGroup.get(stream) ?? []
    ofGroup.set(stream, arrivals)
    for (const { start, end } of known.newParts(first, first + (counts[row] ?? 0))) {
      known.add({ start, end })
      arrivals.push({ start, end, at: ats[row] ?? 0 })
    }
  }
  return groups
}

/** All that is sent to the topics of which the group was handed something. */
function dueStreams(
  history: History,
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
): History['streams'] {
  const topicOf = (stream: number) => {
    const home = history.partitions[history.streams[stream]?.partition ?? -1]
    return home === undefined ? '' : `${home.cluster}\n${home.topic}`
  }
  const read = new Set([...arrivals.keys()].map(topicOf))
  return history.streams.filter(({ id }) => read.has(topicOf(id)))
}

/** The waits of one acknowledged batch; `handed` is what came of its stream, by id. */
function addWaits(
  history: History,
  ledger: Ledger,
  row: number,
  handed: readonly Arrival[],
  waits: Waits,
): void {
  const { firstRecordId, count, doneAt } = history.produced.row(row)
  const { starts, ends } = ledger.surviving.within(firstRecordId, count)
  for (const [i, first] of starts.entries()) {
    const end = ends[i] ?? first
    let at = Math.max(first, handed[0]?.start ?? first)
    for (let k = firstEndingAfter(handed, at); at < end; k++) {
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

function firstEndingAfter(arrivals: readonly Arrival[], id: number): number {
  let low = 0
  let high = arrivals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((arrivals[middle]?.end ?? 0) <= id) low = middle + 1
    else high = middle
  }
  return low
}

interface Wait {
  readonly from: number
  readonly until: number
  readonly records: number
}

/** Records of one region that a group waited for. */
class Waits {
  private readonly all: Wait[] = []

  /** From the acknowledgement to the delivery; whoever reads faster than that waits for nothing. */
  add(from: number, until: number, records: number): void {
    if (until > from) this.all.push({ from, until, records })
  }

  lag(endAt: number): Omit<RegionLag, 'group' | 'region'> {
    const open = this.all.filter(({ until }) => until > endAt)
    const age = ({ from, until }: Wait) => Math.min(until, endAt) - from
    const longest = (waits: readonly Wait[]) =>
      waits.reduce((most, wait) => Math.max(most, age(wait)), 0) / 1_000
    return {
      records: open.reduce((sum, { records }) => sum + records, 0),
      ageMs: longest(open),
      recordsMax: this.most(),
      ageMsMax: longest(this.all),
    }
  }

  /** The most that were waited for at one time. */
  private most(): number {
    const changes = this.all.flatMap(({ from, until, records }) => [
      { at: from, records },
      { at: until, records: -records },
    ])
    // What is handed over at the moment of another acknowledgement goes first.
    changes.sort((a, b) => a.at - b.at || a.records - b.records)
    let [now, most] = [0, 0]
    for (const { records } of changes) {
      now += records
      most = Math.max(most, now)
    }
    return most
  }
}

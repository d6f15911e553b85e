// What a run's producer saw and what became of its records, in the words of an experiment file.

import { RangeBag } from '../../../src/check/intervals.ts'
import { buildLedger } from '../../../src/check/ledger.ts'
import type { ProducedRow } from '../../../src/history/facts.ts'
import { FAIL, type History, OK, UNKNOWN } from '../../../src/history.ts'

export interface ProducerFigures {
  readonly acked: number
  readonly failed: ReadonlyMap<string, number>
  /** Longest time between two acknowledgements; null if none came after the fault. */
  readonly gapMs: number | null
  readonly gapStartsMs: number
  readonly gapEndsMs: number
  readonly ackP50BeforeMs: number
  readonly ackedLost: number
  readonly duplicates: number
  readonly failedButPresent: number
}

/** Batches of the streams that go to `partitions`, in the order in which they ended. */
export function producedOf(history: History, partitions: ReadonlySet<number>): ProducedRow[] {
  const rows: ProducedRow[] = []
  for (const row of history.produced) if (partitions.has(row.partition)) rows.push(row)
  return rows.sort((a, b) => a.doneAt - b.doneAt)
}

/** Batches of one producer, in the order in which they ended. */
export function producedBy(history: History, producer: string): ProducedRow[] {
  const mine = new Set(history.streams.filter((s) => s.producer === producer).map(({ id }) => id))
  const rows: ProducedRow[] = []
  for (const row of history.produced) if (mine.has(row.stream)) rows.push(row)
  return rows.sort((a, b) => a.doneAt - b.doneAt)
}

/** From send() to the application's poll(), of every record that was delivered; ms. */
export function deliveryLatencies(history: History): number[] {
  const latencies: number[] = []
  for (const row of history.delivered) {
    latencies.push(...latenciesOf({ ...row, doneAt: row.at }))
  }
  return latencies
}

/** Records of one origin that were done with together. */
interface Sendings {
  readonly count: number
  readonly createdFirst: number
  readonly createdLast: number
  readonly doneAt: number
}

/** Latency of every record of a batch, in ms; records are evenly spaced within it. */
export function latenciesOf(row: Sendings): number[] {
  const step = row.count > 1 ? (row.createdLast - row.createdFirst) / (row.count - 1) : 0
  return Array.from(
    { length: row.count },
    (_, i) => (row.doneAt - row.createdFirst - i * step) / 1000,
  )
}

/** Figures of one run; `faultAt` in micros of the simulation. */
export function producerFigures(
  history: History,
  partitions: ReadonlySet<number>,
  faultAt: number,
): ProducerFigures {
  const rows = producedOf(history, partitions)
  const oks = rows.filter((row) => row.outcome === OK)
  const before = oks.filter((row) => row.doneAt <= faultAt).flatMap(latenciesOf)
  before.sort((a, b) => a - b)
  return {
    acked: oks.reduce((sum, row) => sum + row.count, 0),
    failed: failures(history, rows),
    ...longestGap(oks, faultAt),
    ackP50BeforeMs: before[Math.floor(before.length / 2)] ?? Number.NaN,
    ...recordFates(history, rows),
  }
}

function longestGap(oks: readonly ProducedRow[], faultAt: number) {
  let longest = { from: 0, until: 0 }
  for (let i = 1; i < oks.length; i++) {
    const from = oks[i - 1].doneAt
    const until = oks[i].doneAt
    if (until - from > longest.until - longest.from) longest = { from, until }
  }
  const ackedAfter = oks.some((row) => row.doneAt > faultAt)
  return {
    gapMs: ackedAfter ? (longest.until - longest.from) / 1000 : null,
    gapStartsMs: (longest.from - faultAt) / 1000,
    gapEndsMs: (longest.until - faultAt) / 1000,
  }
}

function failures(history: History, rows: readonly ProducedRow[]): Map<string, number> {
  const failed = new Map<string, number>()
  for (const row of rows) {
    if (row.outcome !== FAIL && row.outcome !== UNKNOWN) continue
    const name = exceptionName(history.names.text(row.error))
    failed.set(name, (failed.get(name) ?? 0) + row.count)
  }
  return failed
}

/** Limits of the client's own time, which are one exception. */
const TIME_LIMITS = ['DELIVERY_TIMEOUT', 'METADATA_TIMEOUT', 'REQUEST_TIMED_OUT']
/** Errors whose exception bears another name. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  DUPLICATE_SEQUENCE_NUMBER: 'DuplicateSequenceException',
  MESSAGE_TOO_LARGE: 'RecordTooLargeException',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'OutOfOrderSequenceException',
  RECORD_LIST_TOO_LARGE: 'RecordBatchTooLargeException',
  UNKNOWN_SERVER_ERROR: 'UnknownServerException',
}

/** What the Java client calls an error. */
export function exceptionName(error: string): string {
  if (TIME_LIMITS.includes(error)) return 'TimeoutException'
  const named = EXCEPTIONS[error]
  if (named !== undefined) return named
  const words = error
    .replace(/_EXCEPTION$/, '')
    .toLowerCase()
    .split('_')
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Exception`
}

/** Fates of the records of these batches only. */
function recordFates(history: History, rows: readonly ProducedRow[]) {
  const ledger = buildLedger(history)
  const mine = (wanted: (row: ProducedRow) => boolean) => {
    const bag = new RangeBag()
    for (const row of rows) if (wanted(row)) bag.add(row.firstRecordId, row.count)
    return bag.covered()
  }
  const acked = mine((row) => row.outcome === OK)
  const failed = mine((row) => row.outcome === FAIL || row.outcome === UNKNOWN)
  return {
    ackedLost: acked.minus(ledger.surviving).size,
    duplicates: duplicatesIn(history, new Set(rows.map((row) => row.partition))),
    failedButPresent: failed.minus(acked).and(ledger.surviving).size,
  }
}

function duplicatesIn(history: History, partitions: ReadonlySet<number>): number {
  let copies = 0
  for (const log of history.finalLogs) {
    if (!log.isSurvivor || !partitions.has(log.partition)) continue
    const bag = new RangeBag()
    for (const range of log.ranges) bag.add(range.firstRecordId, range.count)
    copies += bag.surplus()
  }
  return copies
}

// Claim C4, one by one: records that a producer's own retries have put into a partition twice, each
// with what made it try again. What a replicator copies twice is its link's to explain.

import type { FinalLog } from '../history/facts.ts'
import { type History, NO_EVENT, RECORDS_PER_STREAM } from '../history.ts'
import { type Intervals, RangeBag } from './intervals.ts'
import type { RecordRange } from './judgement.ts'
import { recordRange } from './record-range.ts'

/** Ranges of records that stand twice where they were sent to, by partition; `max` at most. */
export function repeatedRanges(history: History, max: number): RecordRange[] {
  const ranges: RecordRange[] = []
  for (const log of history.finalLogs) {
    if (!log.isSurvivor) continue
    const twice = repeatedIn(history, log)
    for (let i = 0; i < twice.starts.length && ranges.length < max; i++) {
      const start = twice.startAt(i)
      const cause = triedAgainFor(history, log.partition, start)
      ranges.push(recordRange(history, start, twice.endAt(i), cause))
    }
  }
  return ranges
}

/** Ids of the log's own producers that stand in it more than once. */
function repeatedIn(history: History, { partition, ranges }: FinalLog): Intervals {
  const bag = new RangeBag()
  const [firsts, counts] = [ranges.column('firstRecordId'), ranges.column('count')]
  for (let row = 0; row < firsts.length; row++) {
    const first = firsts[row] ?? -1
    const stream = history.streams[Math.floor(first / RECORDS_PER_STREAM)]
    if (stream?.partition === partition) bag.add(first, counts[row] ?? 0)
  }
  return bag.repeated()
}

/** When a record was appended for the second time; the end of the run where that was not seen. */
function secondAppendOf({ appends, endAt }: History, partition: number, id: number): number {
  const of = appends.columnsByName()
  let seen = 0
  for (let row = 0; row < appends.length; row++) {
    const n = id - (of.firstRecordId[row] ?? 0)
    if (of.partition[row] !== partition || n < 0 || n >= (of.count[row] ?? 0)) continue
    if (++seen === 2) return of.at[row] ?? endAt
  }
  return endAt
}

/** The last error of the partition that its producer had been told of before it came again. */
function triedAgainFor(history: History, partition: number, id: number): number | null {
  const { clientErrors, names } = history
  const producer = history.producerOf(id)
  const before = secondAppendOf(history, partition, id)
  let cause: number | null = null
  for (const error of clientErrors) {
    if (error.at > before) break
    const isOwn = error.partition === partition && names.text(error.client) === producer
    if (isOwn && error.event !== NO_EVENT) cause = error.event
  }
  return cause
}

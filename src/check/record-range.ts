import { type History, RECORDS_PER_STREAM } from '../history.ts'
import type { RecordRange } from './judgement.ts'

/** The range of ids [start, end), all of one stream, under the names by which people know it. */
export function recordRange(
  history: History,
  start: number,
  end: number,
  cause: number | null,
): RecordRange {
  const stream = history.streams[Math.floor(start / RECORDS_PER_STREAM)]
  return {
    partition: stream === undefined ? '' : history.partitionName(stream.partition),
    producer: stream?.producer ?? '',
    firstRecordId: start,
    firstNumber: start % RECORDS_PER_STREAM,
    count: end - start,
    cause,
  }
}

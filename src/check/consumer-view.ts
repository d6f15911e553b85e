// Claim C7: each group is handed every surviving record once, in order, and nothing else.
//
// redelivered   deliveries of a record id to a group beyond the first. Two copies in the log count
//               as well as one copy read twice.
// skipped       ids of the surviving log between the first and the last offset a group was handed
//               that it never got.
// rewind        a delivery that starts below the position that the group had reached; its length in
//               offsets is summed.
// phantom       ids handed to a group that no surviving log holds.
// aborted read  ids handed to a group although their producer was told, for sure, that they failed.

import type { History } from '../history.ts'
import { deliveriesOf } from './deliveries.ts'
import { RangeBag } from './intervals.ts'
import type { ConsumerView } from './judgement.ts'
import type { Ledger } from './ledger.ts'

interface Reading {
  readonly partition: number
  readonly bag: RangeBag
  firstOffset: number
  nextOffset: number
}

/** Of all groups, or of one. */
export function consumerViewOf(
  history: History,
  ledger: Ledger,
  group: string | null = null,
): ConsumerView {
  const { readings, delivered, rewinds, rewoundOffsets } = readAll(history, group)
  let redelivered = 0
  let skipped = 0
  let phantom = 0
  let abortedReads = 0
  for (const reading of readings) {
    if (!Number.isFinite(reading.firstOffset)) continue
    const got = reading.bag.covered()
    redelivered += reading.bag.surplus()
    phantom += got.minus(ledger.surviving).size
    abortedReads += got.and(ledger.failed).size
    skipped += expectedOf(history, reading).minus(got).size
  }
  return { delivered, redelivered, skipped, rewinds, rewoundOffsets, phantom, abortedReads }
}

function readAll(
  history: History,
  group: string | null,
): {
  readings: Reading[]
  delivered: number
  rewinds: number
  rewoundOffsets: number
} {
  const { readers, rows, readerOf } = deliveriesOf(history)
  const readings: Reading[] = readers.map(({ partition }) => newReading(partition))
  const firsts = history.delivered.column('firstRecordId')
  const offsets = history.delivered.column('baseOffset')
  const counts = history.delivered.column('count')
  let delivered = 0
  let rewinds = 0
  let rewoundOffsets = 0
  for (const row of rows) {
    const reading = readings[readerOf[row] ?? 0]
    if (reading === undefined) continue
    if (group !== null && readers[readerOf[row] ?? 0]?.group !== group) continue
    const offset = offsets[row] ?? 0
    const count = counts[row] ?? 0
    delivered += count
    reading.bag.add(firsts[row] ?? 0, count)
    if (offset < reading.nextOffset) {
      rewinds += 1
      rewoundOffsets += reading.nextOffset - offset
    }
    reading.firstOffset = Math.min(reading.firstOffset, offset)
    // The position follows the delivery, also back: the next rewind counts from there.
    reading.nextOffset = offset + count
  }
  return { readings, delivered, rewinds, rewoundOffsets }
}

function newReading(partition: number): Reading {
  const bag = new RangeBag()
  return { partition, bag, firstOffset: Number.POSITIVE_INFINITY, nextOffset: 0 }
}

/** Ids of the surviving log between a reader's first offset and its position. */
function expectedOf(history: History, reading: Reading): ReturnType<RangeBag['covered']> {
  const bag = new RangeBag()
  for (const log of history.finalLogs) {
    if (!log.isSurvivor || log.partition !== reading.partition) continue
    for (const range of log.ranges) {
      const from = Math.max(range.baseOffset, reading.firstOffset)
      const until = Math.min(range.baseOffset + range.count, reading.nextOffset)
      bag.add(range.firstRecordId + (from - range.baseOffset), until - from)
    }
  }
  return bag.covered()
}

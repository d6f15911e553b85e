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
import { rowsByTime } from './flows.ts'
import { RangeBag } from './intervals.ts'
import type { ConsumerView } from './judgement.ts'
import type { Ledger } from './ledger.ts'

interface Reader {
  readonly partition: number
  readonly bag: RangeBag
  firstOffset: number
  nextOffset: number
}

export function consumerViewOf(history: History, ledger: Ledger): ConsumerView {
  const { readers, delivered, rewinds, rewoundOffsets } = readAll(history)
  let redelivered = 0
  let skipped = 0
  let phantom = 0
  let abortedReads = 0
  for (const reader of readers) {
    const got = reader.bag.covered()
    redelivered += reader.bag.surplus()
    phantom += got.minus(ledger.surviving).size
    abortedReads += got.and(ledger.failed).size
    skipped += expectedOf(history, reader).minus(got).size
  }
  return { delivered, redelivered, skipped, rewinds, rewoundOffsets, phantom, abortedReads }
}

function readAll(history: History): {
  readers: Reader[]
  delivered: number
  rewinds: number
  rewoundOffsets: number
} {
  const readers = new Map<string, Reader>()
  let delivered = 0
  let rewinds = 0
  let rewoundOffsets = 0
  for (const index of rowsByTime(history.delivered.column('at'))) {
    const row = history.delivered.row(index)
    const key = `${history.consumers[row.consumer]?.group ?? ''} ${row.partition}`
    const reader = readers.get(key) ?? newReader(row.partition, row.baseOffset)
    readers.set(key, reader)
    delivered += row.count
    reader.bag.add(row.firstRecordId, row.count)
    if (row.baseOffset < reader.nextOffset) {
      rewinds += 1
      rewoundOffsets += reader.nextOffset - row.baseOffset
    }
    reader.firstOffset = Math.min(reader.firstOffset, row.baseOffset)
    // The position follows the delivery, also back: the next rewind counts from there.
    reader.nextOffset = row.baseOffset + row.count
  }
  return { readers: [...readers.values()], delivered, rewinds, rewoundOffsets }
}

function newReader(partition: number, offset: number): Reader {
  return { partition, bag: new RangeBag(), firstOffset: offset, nextOffset: offset }
}

/** Ids of the surviving log between a reader's first offset and its position. */
function expectedOf(history: History, reader: Reader): ReturnType<RangeBag['covered']> {
  const bag = new RangeBag()
  for (const log of history.finalLogs) {
    if (!log.isSurvivor || log.partition !== reader.partition) continue
    for (const range of log.ranges) {
      const from = Math.max(range.baseOffset, reader.firstOffset)
      const until = Math.min(range.baseOffset + range.count, reader.nextOffset)
      bag.add(range.firstRecordId + (from - range.baseOffset), until - from)
    }
  }
  return bag.covered()
}

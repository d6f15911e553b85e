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
import { deliveriesOf, type Reader } from './deliveries.ts'
import { RangeBag } from './intervals.ts'
import type { ConsumerView } from './judgement.ts'
import type { Ledger } from './ledger.ts'

/** What a group saw of one partition. */
export interface ReaderView extends ConsumerView {
  readonly group: string
}

interface Reading {
  readonly group: string
  readonly partition: number
  readonly bag: RangeBag
  firstOffset: number
  nextOffset: number
  delivered: number
  rewinds: number
  rewoundOffsets: number
}

/** What several readers saw, taken together. */
export function consumerViewOf(readers: readonly ReaderView[]): ConsumerView {
  const sum = (of: (view: ConsumerView) => number) =>
    readers.reduce((total, reader) => total + of(reader), 0)
  return {
    delivered: sum((view) => view.delivered),
    redelivered: sum((view) => view.redelivered),
    skipped: sum((view) => view.skipped),
    rewinds: sum((view) => view.rewinds),
    rewoundOffsets: sum((view) => view.rewoundOffsets),
    phantom: sum((view) => view.phantom),
    abortedReads: sum((view) => view.abortedReads),
  }
}

/** Every group's view of every partition that it was handed something of. */
export function readerViews(history: History, ledger: Ledger): ReaderView[] {
  return readAll(history).map((reading) => {
    const { group, bag, delivered, rewinds, rewoundOffsets } = reading
    const got = bag.covered()
    return {
      group,
      delivered,
      redelivered: bag.surplus(),
      skipped: expectedOf(history, reading).minus(got).size,
      rewinds,
      rewoundOffsets,
      phantom: got.minus(ledger.surviving).size,
      abortedReads: got.and(ledger.failed).size,
    }
  })
}

function readAll(history: History): Reading[] {
  const { readers, rows, readerOf } = deliveriesOf(history)
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
    rewinds: 0,
    rewoundOffsets: 0,
  }
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

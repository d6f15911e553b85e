// The tables whose rows come by the hundred thousand: each says how one of its rows is written.

import type {
  AppendRow,
  DeliveredRow,
  HighWatermarkRow,
  LogRangeRow,
  PolledRow,
  ProducedRow,
  ReplicaSampleRow,
} from './facts.ts'
import { Table } from './table.ts'

/** What producers were told, a row a batch. */
export function producedTable(): Table<ProducedRow> {
  return new Table<ProducedRow>(
    {
      stream: 'i32',
      partition: 'i32',
      firstRecordId: 'f64',
      count: 'i32',
      bytes: 'i32',
      createdFirst: 'f64',
      createdLast: 'f64',
      doneAt: 'f64',
      outcome: 'i32',
      error: 'i32',
      baseOffset: 'f64',
      attempts: 'i32',
    },
    (to, at, row) => {
      to.stream[at] = row.stream
      to.partition[at] = row.partition
      to.firstRecordId[at] = row.firstRecordId
      to.count[at] = row.count
      to.bytes[at] = row.bytes
      to.createdFirst[at] = row.createdFirst
      to.createdLast[at] = row.createdLast
      to.doneAt[at] = row.doneAt
      to.outcome[at] = row.outcome
      to.error[at] = row.error
      to.baseOffset[at] = row.baseOffset
      to.attempts[at] = row.attempts
    },
  )
}

/** What applications read. */
export function deliveredTable(): Table<DeliveredRow> {
  return new Table<DeliveredRow>(
    {
      consumer: 'i32',
      partition: 'i32',
      firstRecordId: 'f64',
      count: 'i32',
      baseOffset: 'f64',
      at: 'f64',
      createdFirst: 'f64',
      createdLast: 'f64',
    },
    (to, at, row) => {
      to.consumer[at] = row.consumer
      to.partition[at] = row.partition
      to.firstRecordId[at] = row.firstRecordId
      to.count[at] = row.count
      to.baseOffset[at] = row.baseOffset
      to.at[at] = row.at
      to.createdFirst[at] = row.createdFirst
      to.createdLast[at] = row.createdLast
    },
  )
}

/** What leaders appended. */
export function appendsTable(): Table<AppendRow> {
  return new Table<AppendRow>(
    {
      partition: 'i32',
      broker: 'i32',
      leaderEpoch: 'i32',
      baseOffset: 'f64',
      count: 'i32',
      firstRecordId: 'f64',
      bytes: 'i32',
      at: 'f64',
    },
    (to, at, row) => {
      to.partition[at] = row.partition
      to.broker[at] = row.broker
      to.leaderEpoch[at] = row.leaderEpoch
      to.baseOffset[at] = row.baseOffset
      to.count[at] = row.count
      to.firstRecordId[at] = row.firstRecordId
      to.bytes[at] = row.bytes
      to.at[at] = row.at
    },
  )
}

/** How far leaders had committed. */
export function highWatermarksTable(): Table<HighWatermarkRow> {
  return new Table<HighWatermarkRow>(
    {
      partition: 'i32',
      broker: 'i32',
      leaderEpoch: 'i32',
      offset: 'f64',
      at: 'f64',
    },
    (to, at, row) => {
      to.partition[at] = row.partition
      to.broker[at] = row.broker
      to.leaderEpoch[at] = row.leaderEpoch
      to.offset[at] = row.offset
      to.at[at] = row.at
    },
  )
}

/** Where replicas stood on the grid of the charts. */
export function replicaSamplesTable(): Table<ReplicaSampleRow> {
  return new Table<ReplicaSampleRow>(
    {
      partition: 'i32',
      broker: 'i32',
      logStart: 'f64',
      highWatermark: 'f64',
      logEnd: 'f64',
      at: 'f64',
    },
    (to, at, row) => {
      to.partition[at] = row.partition
      to.broker[at] = row.broker
      to.logStart[at] = row.logStart
      to.highWatermark[at] = row.highWatermark
      to.logEnd[at] = row.logEnd
      to.at[at] = row.at
    },
  )
}

/** What links took from their source. */
export function polledTable(): Table<PolledRow> {
  return new Table<PolledRow>(
    {
      link: 'i32',
      partition: 'i32',
      at: 'f64',
      count: 'i32',
      createdFirst: 'f64',
      createdLast: 'f64',
    },
    (to, at, row) => {
      to.link[at] = row.link
      to.partition[at] = row.partition
      to.at[at] = row.at
      to.count[at] = row.count
      to.createdFirst[at] = row.createdFirst
      to.createdLast[at] = row.createdLast
    },
  )
}

/** What a log holds, range by range; there are many of them, each made when all of it is known. */
export function rangeTable(room = 1): Table<LogRangeRow> {
  return new Table<LogRangeRow>(
    { baseOffset: 'f64', count: 'f64', firstRecordId: 'f64', leaderEpoch: 'i32' },
    (to, at, row) => {
      to.baseOffset[at] = row.baseOffset
      to.count[at] = row.count
      to.firstRecordId[at] = row.firstRecordId
      to.leaderEpoch[at] = row.leaderEpoch
    },
    room,
  )
}

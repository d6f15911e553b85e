// A batch into which a replicator merged several ranges: every row names the records that it means.

import { describe, expect, it } from 'vitest'
import { History, logRanges } from '../../../src/history.ts'
import { rangesOfLog } from '../../../src/kafka/id-ranges.ts'
import type { RecordBatch } from '../../../src/kafka/messages.ts'
import { Causes } from '../../../src/lab/record/causes.ts'
import { Clock } from '../../../src/lab/record/clock.ts'
import { ConsumerRecorder } from '../../../src/lab/record/deliveries.ts'
import { LogRecorder } from '../../../src/lab/record/logs.ts'
import { logOf, produced } from '../../kafka/log/batches.ts'

const IDS = [
  { firstRecordId: 100, count: 3, createdFirst: 10, createdLast: 30 },
  { firstRecordId: 500, count: 5, createdFirst: 1_000, createdLast: 1_400 },
]

/** A log of a record of its own, the copied batch at offsets 1..8, and one more record. */
function copiedLog() {
  const log = logOf([4])
  log.appendAsLeader(produced({ count: 8, bytes: 801, firstRecordId: 100, ids: IDS }), 4)
  log.appendAsLeader(produced({ firstRecordId: 505 }), 4)
  const copied = log.batches()[1] as RecordBatch
  return { log, copied }
}

function recorders() {
  const history = new History()
  const clock = new Clock({ now: 2_000 })
  const causes = new Causes()
  const invariants = { onDelivered: () => undefined }
  const consumer = new ConsumerRecorder(
    { history, causes, clock, invariantsOf: () => invariants },
    { name: 'reader', cluster: '', group: '', region: 'home' },
  )
  return { history, log: new LogRecorder(history, causes, 1, clock), consumer }
}

describe('a batch of several ranges of records', () => {
  it('is appended as one row a range, which share its bytes', () => {
    const { history, log } = recorders()
    log.onAppend(0, copiedLog().copied, true)
    expect([...history.appends]).toMatchObject([
      { baseOffset: 1, firstRecordId: 100, count: 3, bytes: 300, leaderEpoch: 4 },
      { baseOffset: 4, firstRecordId: 500, count: 5, bytes: 501, leaderEpoch: 4 },
    ])
  })

  it('is truncated as its ranges', () => {
    const { history, log } = recorders()
    log.onTruncate(0, 9, 1, [copiedLog().copied])
    expect([...history.truncatedRanges]).toEqual([
      { truncation: 0, baseOffset: 1, firstRecordId: 100, count: 3 },
      { truncation: 0, baseOffset: 4, firstRecordId: 500, count: 5 },
    ])
  })

  it('is delivered as far as it was read, each record with its time of creation', () => {
    const { history, consumer } = recorders()
    const { copied } = copiedLog()
    consumer.onDelivered(0, [copied], 2, 6)
    expect([...history.delivered]).toMatchObject([
      { baseOffset: 2, firstRecordId: 101, count: 2, createdFirst: 20, createdLast: 30 },
      { baseOffset: 4, firstRecordId: 500, count: 2, createdFirst: 1_000, createdLast: 1_100 },
    ])
  })

  it('stands in the final log as its ranges, joined with what goes on behind them', () => {
    const { log } = copiedLog()
    expect([...logRanges(rangesOfLog(log.batches()))]).toEqual([
      { baseOffset: 0, firstRecordId: 0, count: 1, leaderEpoch: 4 },
      { baseOffset: 1, firstRecordId: 100, count: 3, leaderEpoch: 4 },
      { baseOffset: 4, firstRecordId: 500, count: 6, leaderEpoch: 4 },
    ])
  })
})

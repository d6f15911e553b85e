// Flows of a history for the outage rule (outage.ts).
//
// by partition  acknowledgements on the log that survives: once a fault has struck, the
//               acknowledgement of a record that is lost got nothing through, whatever its client
//               believes. A leader that is cut off and acks alone ends no outage.
// by stream     acknowledgements as their client saw them, lost or not.
// by reader     records that were new to a group: behind every offset that it had been handed.

import { type History, OK } from '../history.ts'
import { deliveriesOf, rowsByTime } from './deliveries.ts'
import { firstFaultAt, type Ledger } from './ledger.ts'
import { type Flow, newFlow, type Period } from './outage.ts'

export interface ConsumeFlow {
  readonly group: string
  readonly partition: number
  readonly flow: Flow
}

/** The stretch of time that is judged: from the first send to the end of the load. */
export function loadPeriod(history: History): Period {
  return { startAt: history.startAt, endAt: history.loadEndAt, faults: history.faults }
}

/** Acknowledgements on the surviving log by partition. */
export function ackFlows(history: History, ledger: Ledger): Map<number, Flow> {
  return flowsBy(history, 'partition', lostAfterFault(history, ledger))
}

/** Acknowledgements as the clients saw them, by stream. */
export function ackFlowsByStream(history: History): Map<number, Flow> {
  return flowsBy(history, 'stream', () => false)
}

function flowsBy(
  history: History,
  key: 'partition' | 'stream',
  isVoid: (row: number) => boolean,
): Map<number, Flow> {
  const { produced } = history
  const keys = produced.column(key)
  const doneAt = produced.column('doneAt')
  const createdFirst = produced.column('createdFirst')
  const outcomes = produced.column('outcome')
  const flows = new Map<number, Flow>()
  for (const row of rowsByTime(doneAt)) {
    const flow = flows.get(keys[row] ?? -1) ?? newFlow()
    flows.set(keys[row] ?? -1, flow)
    if (outcomes[row] === OK && !isVoid(row)) {
      flow.at.push(doneAt[row] ?? 0)
      flow.sentAt.push(createdFirst[row] ?? 0)
    } else {
      flow.failedAt.push(doneAt[row] ?? 0)
    }
  }
  return flows
}

/** True where a client's own process was down at some moment from `from` to `until`. */
export function wasDown(
  history: History,
  clients: readonly string[],
  from: number,
  until: number,
): boolean {
  return history.clientDowns.some(
    (down) => clients.includes(down.client) && down.from <= until && down.until >= from,
  )
}

/** Tells rows whose records were all acknowledged after the first fault and are lost. */
function lostAfterFault(history: History, ledger: Ledger): (row: number) => boolean {
  const faultAt = firstFaultAt(history)
  if (faultAt === null || ledger.lost.size === 0) return () => false
  const doneAt = history.produced.column('doneAt')
  const firsts = history.produced.column('firstRecordId')
  const counts = history.produced.column('count')
  return (row) => {
    const count = counts[row] ?? 0
    if ((doneAt[row] ?? 0) <= faultAt) return false
    return ledger.lost.countIn(firsts[row] ?? 0, count) === count
  }
}

/** New records by group and partition; what stayed undelivered at the end counts as failed. */
export function consumeFlows(history: History, ledger: Ledger): ConsumeFlow[] {
  const { readers, rows, readerOf } = deliveriesOf(history)
  const flows = readers.map((reader) => ({ ...reader, flow: newFlow() }))
  const nextOffsets = readers.map(() => 0)
  const ats = history.delivered.column('at')
  const offsets = history.delivered.column('baseOffset')
  const counts = history.delivered.column('count')
  const createdFirst = history.delivered.column('createdFirst')
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const end = (offsets[row] ?? 0) + (counts[row] ?? 0)
    if (end <= (nextOffsets[reader] ?? 0)) continue
    nextOffsets[reader] = end
    flows[reader]?.flow.at.push(ats[row] ?? 0)
    flows[reader]?.flow.sentAt.push(createdFirst[row] ?? 0)
  }
  for (const [reader, { partition, flow }] of flows.entries()) {
    if (hasUndelivered(history, ledger, partition, nextOffsets[reader] ?? 0)) {
      flow.failedAt.push(history.loadEndAt)
    }
  }
  return flows
}

/** True where the surviving log holds an acknowledged record behind `offset`. */
function hasUndelivered(
  history: History,
  ledger: Ledger,
  partition: number,
  offset: number,
): boolean {
  const log = history.finalLogs.find((l) => l.partition === partition && l.isSurvivor)
  if (log === undefined || log.logEnd <= offset) return false
  for (const range of log.ranges) {
    const skip = Math.max(0, offset - range.baseOffset)
    if (skip >= range.count) continue
    if (ledger.acked.countIn(range.firstRecordId + skip, range.count - skip) > 0) return true
  }
  return false
}

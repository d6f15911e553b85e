// Flows of a history for the outage rule: acknowledgements by partition and by producer, and new
// records by group and partition. New means an offset that the group had not been handed before.

import { type History, OK } from '../history.ts'
import { deliveriesOf, rowsByTime } from './deliveries.ts'
import type { Ledger } from './ledger.ts'
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

/** Acknowledgements by partition. */
export function ackFlows(history: History): Map<number, Flow> {
  const partitions = history.produced.column('partition')
  return flowsBy(history, (row) => partitions[row] ?? -1)
}

/** Acknowledgements by producer name. */
export function ackFlowsByClient(history: History): Map<string, Flow> {
  const streams = history.produced.column('stream')
  return flowsBy(history, (row) => history.streams[streams[row] ?? -1]?.producer ?? '')
}

function flowsBy<Key>(history: History, keyOf: (row: number) => Key): Map<Key, Flow> {
  const { produced } = history
  const doneAt = produced.column('doneAt')
  const createdFirst = produced.column('createdFirst')
  const outcomes = produced.column('outcome')
  const flows = new Map<Key, Flow>()
  for (const row of rowsByTime(doneAt)) {
    const key = keyOf(row)
    const flow = flows.get(key) ?? newFlow()
    flows.set(key, flow)
    if (outcomes[row] === OK) {
      flow.at.push(doneAt[row] ?? 0)
      flow.sentAt.push(createdFirst[row] ?? 0)
    } else {
      flow.failedAt.push(doneAt[row] ?? 0)
    }
  }
  return flows
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

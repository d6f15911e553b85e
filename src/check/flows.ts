// Flows of a history for the outage rule: acknowledgements by partition and by producer, and new
// records by group and partition. New means an offset that the group had not been handed before.

import { type History, OK } from '../history.ts'
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
  const flows = new Map<string, ConsumeFlow>()
  const nextOffsets = new Map<string, number>()
  const ats = history.delivered.column('at')
  for (const index of rowsByTime(ats)) {
    const row = history.delivered.row(index)
    const group = history.consumers[row.consumer]?.group ?? ''
    const key = `${group} ${row.partition}`
    const known = flows.get(key) ?? { group, partition: row.partition, flow: newFlow() }
    flows.set(key, known)
    const end = row.baseOffset + row.count
    if (end <= (nextOffsets.get(key) ?? 0)) continue
    nextOffsets.set(key, end)
    known.flow.at.push(row.at)
    known.flow.sentAt.push(row.createdFirst)
  }
  for (const [key, { partition, flow }] of flows) {
    if (hasUndelivered(history, ledger, partition, nextOffsets.get(key) ?? 0)) {
      flow.failedAt.push(history.loadEndAt)
    }
  }
  return [...flows.values()]
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

/** Row numbers in the order of their instants, rows of one instant in the order written. */
export function rowsByTime(at: Int32Array | Float64Array): number[] {
  const rows = Array.from({ length: at.length }, (_, row) => row)
  let sorted = true
  for (let i = 1; i < at.length && sorted; i++) sorted = (at[i - 1] ?? 0) <= (at[i] ?? 0)
  return sorted ? rows : rows.sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0) || a - b)
}

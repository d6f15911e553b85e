// Flows of a history for the outage rule (outage.ts).
//
// by partition  acknowledgements on the log that survives: once the fault has struck that leads to
//               a loss (loss-fault.ts), acknowledging what will be lost gets nothing through,
//               whatever the client believes. A leader that is cut off and acks ends no outage.
// by client     acknowledgements as a producer saw them, lost or not, by partition.
// by reader     records that were new to a group: behind every offset that it had been handed.

import { type History, OK } from '../history.ts'
import { deliveriesOf } from './deliveries.ts'
import type { Ledger } from './ledger.ts'
import { lossesOf } from './loss-fault.ts'
import { type Flow, newFlow, type Period } from './outage.ts'
import { rowsByTime } from './rows.ts'

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
  const partitions = history.produced.column('partition')
  return flowsBy(history, (row) => partitions[row] ?? -1, lostAfterFault(history, ledger))
}

export interface ClientFlow {
  readonly client: string
  readonly flow: Flow
}

/** Acknowledgements as each producer saw them; a flow for each partition that it wrote to. */
export function ackFlowsByClient(history: History): ClientFlow[] {
  const names = new Map<string, number>()
  const width = history.partitions.length
  const keys = history.streams.map(({ producer, partition }) => {
    const number = names.get(producer) ?? names.size
    names.set(producer, number)
    return number * width + partition
  })
  const streams = history.produced.column('stream')
  const flows = flowsBy(
    history,
    (row) => keys[streams[row] ?? -1] ?? -1,
    () => false,
  )
  const clients = [...names.keys()]
  return [...flows].map(([key, flow]) => ({ client: clients[Math.floor(key / width)] ?? '', flow }))
}

function flowsBy(
  history: History,
  keyOf: (row: number) => number,
  isVoid: (row: number) => boolean,
): Map<number, Flow> {
  const { produced } = history
  const doneAt = produced.column('doneAt')
  const createdFirst = produced.column('createdFirst')
  const outcomes = produced.column('outcome')
  const flows = new Map<number, Flow>()
  for (const row of rowsByTime(doneAt)) {
    const key = keyOf(row)
    const flow = flows.get(key) ?? newFlow()
    flows.set(key, flow)
    if (outcomes[row] === OK && !isVoid(row)) {
      flow.at.push(doneAt[row] ?? 0)
      flow.sentAt.push(createdFirst[row] ?? 0)
    } else {
      flow.failedAt.push(doneAt[row] ?? 0)
    }
  }
  return flows
}

/**
 * True where at some moment from `from` to `until` none of the clients ran: what a group reads goes
 * on while any member lives to take it over.
 */
export function wereAllDown(
  history: History,
  clients: readonly string[],
  from: number,
  until: number,
): boolean {
  const downs = history.clientDowns.filter(
    (down) => clients.includes(down.client) && down.from <= until && down.until >= from,
  )
  const isDown = (client: string, at: number) =>
    downs.some((down) => down.client === client && down.from <= at && down.until >= at)
  const moments = [from, ...downs.map((down) => Math.max(from, down.from))]
  return moments.some((at) => clients.every((client) => isDown(client, at)))
}

/** Tells rows whose records were all acknowledged after the fault that lost them. */
function lostAfterFault(history: History, ledger: Ledger): (row: number) => boolean {
  const losses = lossesOf(history, ledger)
  if (losses.size === 0) return () => false
  const partitions = history.produced.column('partition')
  const doneAt = history.produced.column('doneAt')
  const firsts = history.produced.column('firstRecordId')
  const counts = history.produced.column('count')
  return (row) => {
    const loss = losses.get(partitions[row] ?? -1)
    if (loss === undefined || (doneAt[row] ?? 0) <= loss.faultAt) return false
    const count = counts[row] ?? 0
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

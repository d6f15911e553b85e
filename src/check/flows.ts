// Flows of a history for the outage rule (outage.ts).
//
// by partition  acknowledgements on the log that survives: once the fault has struck that leads to
//               a loss (loss-fault.ts), acknowledging what will be lost gets nothing through,
//               whatever the client believes. A leader that is cut off and acks ends no outage,
//               nor does a cluster from which another one takes over.
// by client     acknowledgements as a producer saw them, lost or not, by partition.
// Partitions are those where a producer's line began (lines.ts). What consumers were handed flows
// in consume-flows.ts.

import { type History, OK } from '../history.ts'
import type { Ledger } from './ledger.ts'
import { lineHomes } from './lines.ts'
import { lossesOf } from './loss-fault.ts'
import { type Flow, newFlow, type Period } from './outage.ts'
import { rowsByTime } from './rows.ts'

/** The stretch of time that is judged: from the first send to the end of the load. */
export function loadPeriod(history: History): Period {
  return { startAt: history.startAt, endAt: history.loadEndAt, faults: history.faults }
}

/** Acknowledgements on the surviving log by partition. */
export function ackFlows(history: History, ledger: Ledger): Map<number, Flow> {
  const lines = lineHomes(history, ledger.failovers)
  const streams = history.produced.column('stream')
  return flowsBy(history, (row) => lines[streams[row] ?? -1] ?? -1, lostAfterFault(history, ledger))
}

export interface ClientFlow {
  readonly client: string
  readonly flow: Flow
}

/** Acknowledgements as each producer saw them; a flow for each partition that it wrote to. */
export function ackFlowsByClient(history: History, ledger: Ledger): ClientFlow[] {
  const names = new Map<string, number>()
  const width = history.partitions.length
  const lines = lineHomes(history, ledger.failovers)
  const keys = history.streams.map(({ producer, id }) => {
    const number = names.get(producer) ?? names.size
    names.set(producer, number)
    return number * width + (lines[id] ?? 0)
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
  const streams = produced.column('stream')
  const flows = new Map<number, Flow>()
  for (const row of rowsByTime(doneAt)) {
    const key = keyOf(row)
    let flow = flows.get(key)
    if (flow === undefined) {
      flow = newFlow()
      flows.set(key, flow)
    }
    if (outcomes[row] === OK && !isVoid(row)) {
      flow.at.push(doneAt[row] ?? 0)
      flow.sentAt.push(createdFirst[row] ?? 0)
      flow.by.push(streams[row] ?? -1)
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
  return clients.length > 0 && moments.some((at) => clients.every((c) => isDown(c, at)))
}

/** Tells rows acknowledged after the fault that lost all their records, or left them behind. */
function lostAfterFault(history: History, ledger: Ledger): (row: number) => boolean {
  const losses = lossesOf(history, ledger)
  if (losses.size === 0 && ledger.failovers.length === 0) return () => false
  const partitions = history.produced.column('partition')
  const doneAt = history.produced.column('doneAt')
  const firsts = history.produced.column('firstRecordId')
  const counts = history.produced.column('count')
  return (row) => {
    const at = doneAt[row] ?? 0
    const first = firsts[row] ?? 0
    const count = counts[row] ?? 0
    const loss = losses.get(partitions[row] ?? -1)
    const isLost = loss !== undefined && at > loss.faultAt
    if (isLost && ledger.lost.countIn(first, count) === count) return true
    return ledger.failovers.some(
      ({ faultAt, missing }) => at > (faultAt ?? at) && missing.countIn(first, count) === count,
    )
  }
}

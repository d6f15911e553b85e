// Flows of what consumers were handed, for the outage rule (outage.ts): records that were new to a
// group, by the partition on which their producer's line began (lines.ts), inside one cluster the
// partition that was read.
//
// new  behind every offset of the partition that the group had been handed. Where there are several
//      clusters also behind every id of the producer: a group that moves is first handed again what
//      it had, and that ends no outage.
// failed  a send that did not get through, and what stayed undelivered at the end: a group that
//      is handed nothing because every send is refused waits as much as its producers do.

import { type History, RECORDS_PER_STREAM } from '../history.ts'
import { type Deliveries, deliveriesOf } from './deliveries.ts'
import type { Ledger } from './ledger.ts'
import { lineHomes } from './lines.ts'
import { type Flow, newFlow } from './outage.ts'

export interface ConsumeFlow {
  readonly group: string
  readonly partition: number
  readonly flow: Flow
}

/** A flow for each partition and group that was handed any of its records. */
export function consumeFlows(
  history: History,
  ledger: Ledger,
  sends: ReadonlyMap<number, Flow>,
): ConsumeFlow[] {
  const flows =
    history.clusters.length > 1 ? flowsByLine(history, ledger) : flowsByPartition(history, ledger)
  for (const { partition, flow } of flows) {
    for (const at of sends.get(partition)?.failedAt ?? []) flow.failedAt.push(at)
  }
  return flows
}

function flowsByPartition(history: History, ledger: Ledger): ConsumeFlow[] {
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
    const skip = Math.max(0, Math.max(offset, log.logStart) - range.baseOffset)
    if (skip >= range.count) continue
    if (ledger.acked.countIn(range.firstRecordId + skip, range.count - skip) > 0) return true
  }
  return false
}

function flowsByLine(history: History, ledger: Ledger): ConsumeFlow[] {
  const { delivered } = history
  const deliveries = deliveriesOf(history)
  const lines = lineHomes(history, ledger.failovers)
  const ids = delivered.column('firstRecordId')
  const ats = delivered.column('at')
  const createdFirst = delivered.column('createdFirst')
  const flows = new Map<string, ConsumeFlow>()
  const got = new Map<string, number>()
  for (const { row, group, end } of newDeliveries(history, deliveries, got)) {
    const partition = lines[streamOf(ids[row] ?? 0)] ?? -1
    const key = `${group}\n${partition}`
    const known = flows.get(key) ?? { group, partition, flow: newFlow() }
    flows.set(key, known)
    known.flow.at.push(ats[row] ?? 0)
    known.flow.sentAt.push(createdFirst[row] ?? 0)
    got.set(markOf(group, streamOf(end - 1)), end)
  }
  const lastAcked = lastSurviving(ledger)
  for (const { group, partition, flow } of flows.values()) {
    const isBehind = lines.some((home, stream) => {
      const reached = got.get(markOf(group, stream)) ?? 0
      return home === partition && (lastAcked.get(stream) ?? 0) > reached
    })
    if (isBehind) flow.failedAt.push(history.loadEndAt)
  }
  return [...flows.values()]
}

/** Deliveries of what a group had not been handed, in whichever cluster, in the order of time. */
function* newDeliveries(
  history: History,
  { readers, rows, readerOf }: Deliveries,
  got: ReadonlyMap<string, number>,
): Generator<{ row: number; group: string; end: number }> {
  const nextOffsets = readers.map(() => 0)
  const offsets = history.delivered.column('baseOffset')
  const counts = history.delivered.column('count')
  const ids = history.delivered.column('firstRecordId')
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const group = readers[reader]?.group ?? ''
    const next = (offsets[row] ?? 0) + (counts[row] ?? 0)
    const end = (ids[row] ?? 0) + (counts[row] ?? 0)
    if (next <= (nextOffsets[reader] ?? 0)) continue
    nextOffsets[reader] = next
    if (end > (got.get(markOf(group, streamOf(end - 1))) ?? 0)) yield { row, group, end }
  }
}

function streamOf(recordId: number): number {
  return Math.floor(recordId / RECORDS_PER_STREAM)
}

function markOf(group: string, stream: number): string {
  return `${group}\n${stream}`
}

/** By stream: the end of the ids that were acknowledged and survive. */
function lastSurviving({ acked, surviving }: Ledger): Map<number, number> {
  const { starts, ends } = acked.and(surviving)
  return new Map(starts.map((start, i) => [streamOf(start), ends[i] ?? 0]))
}

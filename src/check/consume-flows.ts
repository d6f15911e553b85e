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
  deliveries: Deliveries = deliveriesOf(history),
): ConsumeFlow[] {
  const flowsOf = history.clusters.length > 1 ? flowsByLine : flowsByPartition
  const flows = flowsOf(history, ledger, deliveries)
  for (const { partition, flow } of flows) {
    for (const at of sends.get(partition)?.failedAt ?? []) flow.failedAt.push(at)
  }
  return flows
}

function flowsByPartition(
  history: History,
  ledger: Ledger,
  { readers, rows, readerOf }: Deliveries,
): ConsumeFlow[] {
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

/** How far a group was handed the ids of each stream, and its flows by partition. */
interface Handed {
  readonly group: string
  readonly until: Map<number, number>
  readonly flows: Map<number, Flow>
}

function flowsByLine(history: History, ledger: Ledger, deliveries: Deliveries): ConsumeFlow[] {
  const lines = lineHomes(history, ledger.failovers)
  const groups = handedByGroup(history, lines, deliveries)
  const lastAcked = lastSurviving(ledger)
  return groups.flatMap(({ group, until, flows }) =>
    [...flows].map(([partition, flow]) => {
      const isBehind = lines.some((home, stream) => {
        const reached = until.get(stream) ?? 0
        return home === partition && (lastAcked.get(stream) ?? 0) > reached
      })
      if (isBehind) flow.failedAt.push(history.loadEndAt)
      return { group, partition, flow }
    }),
  )
}

/** What groups had not been handed before, in whichever cluster, in the order of time. */
function handedByGroup(
  { delivered }: History,
  lines: readonly number[],
  { readers, rows, readerOf }: Deliveries,
): Handed[] {
  const { at, baseOffset, count, firstRecordId, createdFirst } = delivered.columnsByName()
  const groups = new Map<string, Handed>()
  const nextOffsets = readers.map(() => 0)
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const next = baseOffset[row] + count[row]
    const end = firstRecordId[row] + count[row]
    if (next <= (nextOffsets[reader] ?? 0)) continue
    nextOffsets[reader] = next
    const { group } = readers[reader]
    const handed = groups.get(group) ?? { group, until: new Map(), flows: new Map() }
    groups.set(group, handed)
    const stream = streamOf(end - 1)
    if (end <= (handed.until.get(stream) ?? 0)) continue
    handed.until.set(stream, end)
    const home = lines[streamOf(firstRecordId[row])] ?? -1
    const flow = handed.flows.get(home) ?? newFlow()
    handed.flows.set(home, flow)
    flow.at.push(at[row])
    flow.sentAt.push(createdFirst[row])
  }
  return [...groups.values()]
}

function streamOf(recordId: number): number {
  return Math.floor(recordId / RECORDS_PER_STREAM)
}

/** By stream: the end of the ids that were acknowledged and survive. */
function lastSurviving({ acked, surviving }: Ledger): Map<number, number> {
  const { starts, ends } = acked.and(surviving)
  return new Map(starts.map((start, i) => [streamOf(start), ends[i] ?? 0]))
}

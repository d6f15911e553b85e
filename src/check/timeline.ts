// The story of a run as a reader wants it: the recorded events, and between them the moments that
// only the judge knows: when each partition that had stopped took writes again, and when its
// consumers were handed something new.

import type { HistoryEvent } from '../history/facts.ts'
import { type History, NO_EVENT } from '../history.ts'
import type { FaultBand, Judgement, Rto, RtoOfPartition, TimelineEvent } from './judgement.ts'

/** Partitions told one by one; a region's loss may stop thousands. */
const MOMENTS_MAX = 20

/** All events in the order of time; judged moments have ids behind the recorded ones. */
export function timelineOf(history: History, judgement: Pick<Judgement, 'rto'>): TimelineEvent[] {
  const recorded = history.events.map((event) => told(history, event))
  const moments = [
    ...momentsOf(history, judgement.rto.produce, 'first-ack', 'first acknowledgement'),
    ...momentsOf(history, judgement.rto.consume, 'first-delivery', 'first new record delivered'),
  ]
  const numbered = moments.map((moment, i) => ({ ...moment, id: recorded.length + i }))
  return [...recorded, ...numbered].sort((a, b) => a.atMs - b.atMs || a.id - b.id)
}

/** The faults as bands over time. */
export function faultBands(history: History): FaultBand[] {
  return history.faults.map((fault) => ({
    id: fault.id,
    kind: fault.kind,
    target: fault.target,
    text: history.events[fault.id]?.text ?? `${fault.kind} ${fault.target}`,
    fromMs: fault.from / 1_000,
    untilMs: fault.until / 1_000,
  }))
}

function told(history: History, event: HistoryEvent): TimelineEvent {
  return {
    id: event.id,
    atMs: event.at / 1_000,
    actor: event.actor,
    kind: event.kind,
    text: event.text,
    cause: event.cause === NO_EVENT ? null : event.cause,
    partition: event.partition < 0 ? null : history.partitionName(event.partition),
    values: event.values,
  }
}

function momentsOf(
  history: History,
  rto: Rto,
  kind: string,
  what: string,
): Omit<TimelineEvent, 'id'>[] {
  return rto.byPartition.slice(0, MOMENTS_MAX).flatMap((partition) => {
    const { backAtMs, ms } = partition
    if (backAtMs === null || ms === null) return []
    return {
      atMs: backAtMs,
      actor: kind === 'first-ack' ? 'producers' : 'consumers',
      kind,
      text: `${partition.partition}: ${what} after the fault (${seconds(ms)})`,
      cause: causeOf(history, partition, backAtMs),
      partition: partition.partition,
      values: { ms },
    }
  })
}

/** The change that let the partition go on, else the fault that stopped it. */
function causeOf(history: History, rto: RtoOfPartition, backAtMs: number): number | null {
  const from = Math.round(rto.faultAtMs * 1_000)
  const change = history.partitionChanges.findLast(
    (c) =>
      c.leader >= 0 &&
      c.at >= from &&
      c.at <= Math.round(backAtMs * 1_000) &&
      c.event !== NO_EVENT &&
      history.partitionName(c.partition) === rto.partition,
  )
  if (change !== undefined) return change.event
  return history.faults.find((fault) => fault.from === from)?.id ?? null
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

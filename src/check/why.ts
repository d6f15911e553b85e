// Why: the way back from an event, or from a record, to the fault that began it.

import type { HistoryEvent } from '../history/facts.ts'
import { FAIL, type History, OK, PENDING, RECORDS_PER_STREAM, UNKNOWN } from '../history.ts'
import { truncationOf } from './acked-loss.ts'

const OUTCOMES: Readonly<Record<number, string>> = {
  [OK]: 'acknowledged',
  [FAIL]: 'failed for sure',
  [UNKNOWN]: 'given up, outcome unknown',
  [PENDING]: 'still open when the run ended',
}

/** The event and its causes, the first cause first. Empty for an id that no event has. */
export function causesOf(history: History, eventId: number): HistoryEvent[] {
  const chain: HistoryEvent[] = []
  let event = history.events[eventId]
  while (event !== undefined && !chain.includes(event)) {
    chain.push(event)
    event = history.events[event.cause]
  }
  return chain.reverse()
}

/** The chain of causes as lines of text, the first cause first. */
export function whyEvent(history: History, eventId: number): string[] {
  return causesOf(history, eventId).map((e) => line(e.at, `${e.actor}: ${e.text}`))
}

/** A record's life as lines of text: sent, appended, delivered, and what became of it and why. */
export function whyRecord(history: History, recordId: number): string[] {
  const stream = history.streams[Math.floor(recordId / RECORDS_PER_STREAM)]
  if (stream === undefined) return []
  const name = history.partitionName(stream.partition)
  const lines = [...appendLines(history, recordId), ...deliveryLines(history, recordId)]
  lines.push(...producedLines(history, recordId, `${stream.producer} to ${name}`))
  lines.sort((a, b) => a.at - b.at)
  const text = lines.map((l) => line(l.at, l.text))
  const truncation = truncationOf(history, recordId)
  if (truncation !== null) text.push(...whyEvent(history, truncation))
  text.push(placeLine(history, recordId))
  return text
}

interface Line {
  readonly at: number
  readonly text: string
}

function producedLines(history: History, recordId: number, route: string): Line[] {
  const { produced } = history
  const firsts = produced.column('firstRecordId')
  const counts = produced.column('count')
  const lines: Line[] = []
  for (let i = 0; i < firsts.length; i++) {
    const n = recordId - (firsts[i] ?? 0)
    if (n < 0 || n >= (counts[i] ?? 0)) continue
    const row = produced.row(i)
    const step = row.count < 2 ? 0 : (row.createdLast - row.createdFirst) / (row.count - 1)
    lines.push({ at: row.createdFirst + Math.floor(step * n), text: `sent by ${route}` })
    const error = row.error < 0 ? '' : `, ${history.names.text(row.error)}`
    const tries = row.attempts === 1 ? 'first attempt' : `${row.attempts} attempts`
    const outcome = OUTCOMES[row.outcome] ?? ''
    lines.push({ at: row.doneAt, text: `${outcome}${error} (${tries})` })
  }
  return lines
}

function appendLines(history: History, recordId: number): Line[] {
  const firsts = history.appends.column('firstRecordId')
  const counts = history.appends.column('count')
  const lines: Line[] = []
  for (let i = 0; i < firsts.length; i++) {
    const n = recordId - (firsts[i] ?? 0)
    if (n < 0 || n >= (counts[i] ?? 0)) continue
    const row = history.appends.row(i)
    const offset = row.baseOffset + n
    const text = `appended by leader ${row.broker} in epoch ${row.leaderEpoch} at offset ${offset}`
    lines.push({ at: row.at, text })
  }
  return lines
}

function deliveryLines(history: History, recordId: number): Line[] {
  const firsts = history.delivered.column('firstRecordId')
  const counts = history.delivered.column('count')
  const lines: Line[] = []
  for (let i = 0; i < firsts.length; i++) {
    const n = recordId - (firsts[i] ?? 0)
    if (n < 0 || n >= (counts[i] ?? 0)) continue
    const row = history.delivered.row(i)
    const consumer = history.consumers[row.consumer]
    const text = `delivered to ${consumer?.name ?? ''} at offset ${row.baseOffset + n}`
    lines.push({ at: row.at, text })
  }
  return lines
}

function placeLine(history: History, recordId: number): string {
  for (const log of history.finalLogs) {
    if (!log.isSurvivor) continue
    for (const range of log.ranges) {
      const n = recordId - range.firstRecordId
      if (n < 0 || n >= range.count) continue
      return `in the end: at offset ${range.baseOffset + n} of broker ${log.broker}'s log`
    }
  }
  return 'in the end: in no surviving log'
}

function line(at: number, text: string): string {
  const ms = Math.floor(at / 1_000)
  const seconds = `${Math.floor(ms / 1_000)}.${String(ms % 1_000).padStart(3, '0')}`
  return `${seconds.padStart(9)} s  ${text}`
}

// The life of one record: sent, appended, delivered, and what ended it, if anything did.

import type { FinalLog } from '../history/facts.ts'
import { FAIL, type History, OK, PENDING, RECORDS_PER_STREAM, UNKNOWN } from '../history.ts'
import { lossOf } from './acked-loss.ts'
import type { RecordLife, RecordMoment } from './judgement.ts'

const OUTCOMES: Readonly<Record<number, string>> = {
  [OK]: 'acknowledged',
  [FAIL]: 'failed for sure',
  [UNKNOWN]: 'given up, outcome unknown',
  [PENDING]: 'still open when the run ended',
}

/** Id of record `number`, from 0, that `producer` sent to a partition; null where none was sent. */
export function recordIdOf(
  history: History,
  producer: string,
  partition: string,
  number: number,
): number | null {
  const stream = history.streams.find(
    (known) => known.producer === producer && history.partitionName(known.partition) === partition,
  )
  if (stream === undefined) return null
  const id = stream.id * RECORDS_PER_STREAM + number
  return producedMoments(history, id, '').length > 0 ? id : null
}

/** What became of a record that was sent. */
export function lifeOf(history: History, recordId: number): RecordLife {
  const stream = history.streams[Math.floor(recordId / RECORDS_PER_STREAM)]
  const name = stream === undefined ? '' : history.partitionName(stream.partition)
  const moments = [...appendMoments(history, recordId), ...deliveryMoments(history, recordId)]
  moments.push(...producedMoments(history, recordId, `${stream?.producer} to ${name}`))
  moments.sort((a, b) => a.atMs - b.atMs)
  return { moments, cause: lossOf(history, recordId), place: placeOf(history, recordId) }
}

function producedMoments(history: History, recordId: number, route: string): RecordMoment[] {
  const { produced } = history
  const firsts = produced.column('firstRecordId')
  const counts = produced.column('count')
  const moments: RecordMoment[] = []
  for (let i = 0; i < firsts.length; i++) {
    const n = recordId - (firsts[i] ?? 0)
    if (n < 0 || n >= (counts[i] ?? 0)) continue
    const row = produced.row(i)
    const step = row.count < 2 ? 0 : (row.createdLast - row.createdFirst) / (row.count - 1)
    const sentAt = row.createdFirst + Math.floor(step * n)
    moments.push({ atMs: sentAt / 1_000, text: `sent by ${route}` })
    const error = row.error < 0 ? '' : `, ${history.names.text(row.error)}`
    const tries = row.attempts === 1 ? 'first attempt' : `${row.attempts} attempts`
    const outcome = OUTCOMES[row.outcome] ?? ''
    moments.push({ atMs: row.doneAt / 1_000, text: `${outcome}${error} (${tries})` })
  }
  return moments
}

function appendMoments(history: History, recordId: number): RecordMoment[] {
  const firsts = history.appends.column('firstRecordId')
  const counts = history.appends.column('count')
  const moments: RecordMoment[] = []
  for (let i = 0; i < firsts.length; i++) {
    const n = recordId - (firsts[i] ?? 0)
    if (n < 0 || n >= (counts[i] ?? 0)) continue
    const row = history.appends.row(i)
    const offset = row.baseOffset + n
    const by = `by leader ${row.broker} in epoch ${row.leaderEpoch} at offset ${offset}`
    const home = history.streams[Math.floor(recordId / RECORDS_PER_STREAM)]?.partition
    const isCopy = home !== undefined && home !== row.partition
    const text = isCopy
      ? `copied to ${history.partitionName(row.partition)} ${by}`
      : `appended ${by}`
    moments.push({ atMs: row.at / 1_000, text })
  }
  return moments
}

function deliveryMoments(history: History, recordId: number): RecordMoment[] {
  const firsts = history.delivered.column('firstRecordId')
  const counts = history.delivered.column('count')
  const moments: RecordMoment[] = []
  for (let i = 0; i < firsts.length; i++) {
    const n = recordId - (firsts[i] ?? 0)
    if (n < 0 || n >= (counts[i] ?? 0)) continue
    const row = history.delivered.row(i)
    const consumer = history.consumers[row.consumer]
    const text = `delivered to ${consumer?.name ?? ''} at offset ${row.baseOffset + n}`
    moments.push({ atMs: row.at / 1_000, text })
  }
  return moments
}

/** In the first surviving log that has it: all its offsets there, of which there should be one. */
function placeOf(history: History, recordId: number): string {
  for (const log of history.finalLogs) {
    if (!log.isSurvivor) continue
    const offsets = offsetsIn(log, recordId)
    if (offsets.length === 0) continue
    const kept = offsets.filter((offset) => offset >= log.logStart)
    const shown = kept.length > 0 ? kept : offsets
    const place = `offset ${shown.join(' and again at ')} of broker ${log.broker}'s log`
    return kept.length > 0 ? `at ${place}` : `deleted by retention, once at ${place}`
  }
  return 'in no surviving log'
}

function offsetsIn({ ranges }: FinalLog, recordId: number): number[] {
  const offsets: number[] = []
  for (const { firstRecordId, count, baseOffset } of ranges) {
    const n = recordId - firstRecordId
    if (n >= 0 && n < count) offsets.push(baseOffset + n)
  }
  return offsets
}

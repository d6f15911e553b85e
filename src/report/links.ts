// What links between clusters did, in words: rows of a name and a sentence, for every page that
// shows them.

import type {
  Conflict,
  LatencyPhases,
  LinkFailover,
  LinkJudgement,
  LinkPoint,
  RunResult,
} from '../contract.ts'
import { clock, count, duration, size } from './quantity.ts'

const MOVES_MAX = 8
const PARTITIONS_MAX = 3

export type Row = readonly [name: string, text: string]

/** One block a link, then the groups that moved; nothing of a run without links. */
export function linkRows(result: RunResult): Row[] {
  if (result.links.length === 0) return []
  const conflicts = result.conflicts.map(conflictRow)
  return [...result.links.flatMap(rowsOf), ...conflicts, ...moveRows(result)]
}

/** What no link can settle: two changes of one object, each made before the other had come. */
function conflictRow({ topic, between, keys, crossed, keysCrossed, keysApart }: Conflict): Row {
  const pairs = `${count(crossed)} pairs of writes to one key crossed`
  const of = `${count(keysCrossed)} of ${count(keys)} keys`
  const end = `${count(keysApart)} end with another value on each side, applied as they came`
  return [`${topic} in ${between.join(' and ')}`, `${pairs}, of ${of}; ${end}`]
}

function rowsOf(link: LinkJudgement): Row[] {
  const { system, from, to, copied, lag, atFault, atLoadEnd, predicted, failovers } = link
  const again = copied.again === 0 ? '' : `, ${count(copied.again)} of them again`
  return [
    [link.link, `${system}, ${from} to ${to}: ${count(copied.records)} records copied${again}`],
    ...latencyRows(link),
    ['  behind', `at most ${count(lag.recordsMax)} records, for up to ${duration(lag.msMax)}`],
    ...(atFault === null ? [] : [['  at the fault', pointText(atFault)] as const]),
    ...(predicted === null
      ? []
      : [
          ['  foretold', foretold(predicted.records, predicted.ms, predicted.scrapedAtMs)] as const,
        ]),
    ['  when the load ended', pointText(atLoadEnd)],
    ...failovers.flatMap(failoverRows),
    ...(link.neverCopied.length === 0
      ? []
      : [['  never copied', link.neverCopied.join(', ')] as const]),
    ...passedOverRows(link),
  ]
}

/** What never comes: a copy with a hole looks whole to whoever compares lags. */
function passedOverRows({ passedOver: { records, byPartition } }: LinkJudgement): Row[] {
  if (records === 0) return []
  const worst = byPartition.slice(0, PARTITIONS_MAX)
  const named = worst.map(({ partition, records: of }) => `${count(of)} of ${partition}`)
  const others = byPartition.length - worst.length
  const more = others === 0 ? '' : ` and ${count(others)} more`
  return [['  passed over', `${count(records)} records for good: ${named.join(', ')}${more}`]]
}

/** The four definitions of replication latency. */
function latencyRows({ latency: { record, log, risk, delivered } }: LinkJudgement): Row[] {
  const text = ({ all: { p50Ms, p99Ms, maxMs } }: LatencyPhases) =>
    `p50 ${duration(p50Ms)}, p99 ${duration(p99Ms)}, max ${duration(maxMs)}`
  return [
    ['  send to target', text(record)],
    ['  log to log', text(log)],
    ['  once acknowledged', text(risk)],
    ['  send to a reader', text(delivered)],
  ]
}

function pointText(point: LinkPoint): string {
  const missing = `${count(point.records)} of ${count(point.acked)} records were not there`
  if (point.records === 0) return missing
  const split = point.splitBrainMs > 0 ? `, split brain ${duration(point.splitBrainMs)}` : ''
  const times = `window ${duration(point.windowMs)}, age ${duration(point.ageMs)}`
  return `${missing}, ${size(point.bytes)}, ${times}${split}`
}

function foretold(records: number, ms: number | null, scrapedAtMs: number): string {
  const time = ms === null ? '' : `, ${duration(ms)}`
  return `${count(records)} records${time}, by the scrape at ${clock(scrapedAtMs)} s`
}

function failoverRows(failover: LinkFailover): Row[] {
  const { missing, late, stranded, gone, lostInSource, lateMsMax, tail } = failover
  const waited = lateMsMax === null ? '' : ` after up to ${duration(lateMsMax)}`
  const fates = [
    `${count(late)} came late${waited}`,
    `${count(stranded)} only with the old primary`,
    `${count(gone)} gone`,
    ...(lostInSource > 0 ? [`${count(lostInSource)} the source had lost itself`] : []),
  ]
  const split = `${count(tail.records)} records, ${count(tail.cut)} truncated since`
  return [
    [`  promoted at ${clock(failover.promotedAtMs)} s`, pointText(missing)],
    ['  of the missing', fates.join(', ')],
    ['  took over', failoverTime(failover)],
    ...(tail.records > 0 ? [['  the old log has more', split] as const] : []),
  ]
}

function failoverTime(failover: LinkFailover): string {
  const { faultAtMs, detectMs, decideMs, executeMs, clientMs, switchMs } = failover
  if (clientMs === null) return 'no client of the source was served by the target'
  const away = switchMs === null ? '' : `, ${duration(switchMs)} without writes`
  if (faultAtMs === null) return `planned: client ${duration(clientMs)}${away}`
  const total = (detectMs ?? 0) + (decideMs ?? 0) + (executeMs ?? 0) + clientMs
  const parts = [
    `detect ${duration(detectMs)}`,
    `decide ${duration(decideMs)}`,
    `execute ${duration(executeMs)}`,
    `client ${duration(clientMs)}`,
  ]
  return `${duration(total)} = ${parts.join(' + ')}${away}`
}

function moveRows(result: RunResult): Row[] {
  const moved = result.groups.flatMap(({ group, moves }) =>
    moves.map(({ partition, offset, trueOffset, skip, redo }): Row => {
      const place = `at ${count(offset)}, where ${count(trueOffset)} was right`
      const found = `${count(redo)} records again, ${count(skip)} skipped`
      return [`group ${group}`, `went on in ${partition} ${place}: ${found}`]
    }),
  )
  const rows = [...moved, ...standingRows(result)]
  if (rows.length <= MOVES_MAX) return rows
  const more = `${count(rows.length - MOVES_MAX)} more moves are in the JSON result`
  return [...rows.slice(0, MOVES_MAX), ['', more]]
}

/** A group that came to the side that took over, and has not gone on there, has no move to tell. */
function standingRows({ groups, links }: RunResult): Row[] {
  const takenOver = links.flatMap(({ to, failovers }) => (failovers.length > 0 ? [`${to}:`] : []))
  return groups.flatMap(({ group, moves, lags }) => {
    const standing = lags.filter(({ partition, state }) => {
      const isThere = takenOver.some((cluster) => partition.startsWith(cluster))
      return isThere && state === 'stalled' && !moves.some((move) => move.partition === partition)
    })
    return standing.map(({ partition, committed, records }): Row => {
      const behind = `${count(records)} records behind in the end`
      return [`group ${group}`, `stands still in ${partition} at ${count(committed)}: ${behind}`]
    })
  })
}

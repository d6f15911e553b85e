// I14, I15 and I20: what clients were told.

import { type History, OK } from '../../history.ts'
import type { Offset, RecordId } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { WatchedPartition } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** Records up to `to` reached an application. */
export function checkDelivered(
  run: WatchedRun,
  watched: WatchedPartition,
  batches: readonly RecordBatch[],
  to: Offset,
): void {
  if (watched.endedBecause !== null) return
  const { committedEnd } = watched
  for (const { baseOffset, count, leaderEpoch } of batches) {
    const last = Math.min(baseOffset + count, to) - 1
    const committedEpoch = last < committedEnd ? watched.epochAt(last) : -1
    if (committedEpoch === leaderEpoch) continue
    const facts = { offset: last, leaderEpoch, committed: committedEnd, committedEpoch }
    run.violations.report('I20', watched.name, watched, facts)
  }
}

/** At the end of the run: what was acknowledged, and what was read, is where it was said to be. */
export function checkPromises(
  run: WatchedRun,
  history: History,
  isAcksAll: (producer: string) => boolean,
): void {
  checkAcknowledged(run, history, isAcksAll)
  checkRead(run, history)
}

function checkAcknowledged(
  run: WatchedRun,
  { produced, streams }: History,
  isAcksAll: (producer: string) => boolean,
): void {
  const number = run.guards.elr ? 'I15' : 'I14'
  if (!run.violations.isWatched(number)) return
  const promised = streams.map(({ producer }) => isAcksAll(producer))
  const [stream, partition] = [produced.column('stream'), produced.column('partition')]
  const [first, count] = [produced.column('firstRecordId'), produced.column('count')]
  const [outcome, base] = [produced.column('outcome'), produced.column('baseOffset')]
  for (let i = 0; i < produced.length; i++) {
    if (outcome[i] !== OK || promised[stream[i] ?? -1] !== true) continue
    const watched = run.partition(partition[i] ?? 0)
    const [offset, recordId, records] = [base[i] ?? 0, first[i] ?? 0, count[i] ?? 0]
    if (isKept(run, watched, offset, recordId, records)) continue
    const facts = { offset, records, recordId, producer: streams[stream[i] ?? 0]?.producer ?? '' }
    run.violations.report(number, watched.name, watched, facts)
  }
}

function checkRead(run: WatchedRun, { delivered, consumers }: History): void {
  if (!run.violations.isWatched('I20')) return
  const [consumer, partition] = [delivered.column('consumer'), delivered.column('partition')]
  const [first, count] = [delivered.column('firstRecordId'), delivered.column('count')]
  const base = delivered.column('baseOffset')
  for (let i = 0; i < delivered.length; i++) {
    const watched = run.partition(partition[i] ?? 0)
    const [offset, recordId, records] = [base[i] ?? 0, first[i] ?? 0, count[i] ?? 0]
    if (isKept(run, watched, offset, recordId, records)) continue
    const reader = consumers[consumer[i] ?? 0]?.name ?? ''
    const facts = { offset, records, recordId, consumer: reader }
    run.violations.report('I20', watched.name, watched, facts)
  }
}

/** True also where nothing was promised, and for what retention has deleted since. */
function isKept(
  run: WatchedRun,
  watched: WatchedPartition,
  offset: Offset,
  recordId: RecordId,
  records: number,
): boolean {
  const log = keeperOf(run, watched)
  return log === null || holds(log, offset, recordId) || isDeleted(log, offset + records)
}

function isDeleted(log: PartitionLog, end: Offset): boolean {
  return end <= log.logStartOffset
}

function holds(log: PartitionLog, offset: Offset, recordId: RecordId): boolean {
  const batch = log.batchAt(Math.max(offset, log.logStartOffset))
  return batch !== undefined && recordId - offset === batch.firstRecordId - batch.baseOffset
}

/** The log to look in: the leader’s, or that of a candidate that can still become it. */
function keeperOf(run: WatchedRun, watched: WatchedPartition): PartitionLog | null {
  const candidates = watched.endedBecause === null ? watched.intactCandidates() : []
  const leader = watched.registration?.leader ?? -1
  const keeper = candidates.includes(leader) ? leader : candidates[0]
  return keeper === undefined ? null : (run.cluster.logOn(keeper, watched.index) ?? null)
}

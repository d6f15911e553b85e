// I14, I15 and I20: what clients were told.

import { type History, OK } from '../../history.ts'
import { recordIdAt } from '../../kafka/id-ranges.ts'
import type { Offset, RecordId } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { WatchedPartition } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** Records up to `to` reached an application; of what lies behind it a later poll will tell. */
export function checkDelivered(
  run: WatchedRun,
  watched: WatchedPartition,
  batches: readonly RecordBatch[],
  to: Offset,
): void {
  if (watched.endedBecause !== null) return
  const { committedEnd } = watched
  for (const { baseOffset, count, leaderEpoch } of batches) {
    if (baseOffset >= to) return
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
  history: History,
  isAcksAll: (producer: string) => boolean,
): void {
  const number = run.guards.elr ? 'I15' : 'I14'
  if (!run.violations.isWatched(number)) return
  const { produced, streams } = history
  const mistaken = mistakenRepeats(history)
  const promised = streams.map(({ producer }) => isAcksAll(producer))
  const [stream, partition] = [produced.column('stream'), produced.column('partition')]
  const [first, count] = [produced.column('firstRecordId'), produced.column('count')]
  const [outcome, base] = [produced.column('outcome'), produced.column('baseOffset')]
  const keepers = keepersOf(run)
  for (let i = 0; i < produced.length; i++) {
    const keeper = keepers[partition[i] ?? -1] ?? null
    if (keeper === null || outcome[i] !== OK || promised[stream[i] ?? -1] !== true) continue
    const offset = base[i] ?? 0
    const recordId = first[i] ?? 0
    const records = count[i] ?? 0
    if (keeper.holds(offset, recordId, records) || mistaken.has(recordId)) continue
    const watched = run.partition(partition[i] ?? 0)
    const facts = { offset, records, recordId, producer: streams[stream[i] ?? 0]?.producer ?? '' }
    run.violations.report(number, watched.name, watched, facts)
  }
}

/**
 * First records of batches that passed for a repetition of another producer's. A client that came
 * over brings an id that its new cluster may have given to somebody else: to two producers of one
 * id the log promises nothing. Inside one cluster no two have the same, and nothing is excused.
 */
function mistakenRepeats({ clusters, mistakenRepeats: all }: History): ReadonlySet<RecordId> {
  return new Set(clusters.length < 2 ? [] : all.map(({ firstRecordId }) => firstRecordId))
}

function checkRead(run: WatchedRun, { delivered, consumers }: History): void {
  if (!run.violations.isWatched('I20')) return
  const [consumer, partition] = [delivered.column('consumer'), delivered.column('partition')]
  const [first, count] = [delivered.column('firstRecordId'), delivered.column('count')]
  const base = delivered.column('baseOffset')
  const keepers = keepersOf(run)
  for (let i = 0; i < delivered.length; i++) {
    const keeper = keepers[partition[i] ?? -1] ?? null
    if (keeper === null) continue
    const offset = base[i] ?? 0
    const recordId = first[i] ?? 0
    const records = count[i] ?? 0
    if (keeper.holds(offset, recordId, records)) continue
    const watched = run.partition(partition[i] ?? 0)
    const reader = consumers[consumer[i] ?? 0]?.name ?? ''
    const facts = { offset, records, recordId, consumer: reader }
    run.violations.report('I20', watched.name, watched, facts)
  }
}

/** Where a record must be found at the end, by partition; null where nothing was promised. */
function keepersOf(run: WatchedRun): (LogCursor | null)[] {
  return run.partitions.map(({ candidates, endedBecause, registration, index }) => {
    if (endedBecause !== null) return null
    // Without a leader it is a candidate that can still become it.
    const leader = candidates.find(({ broker }) => broker === registration?.leader)
    const keeper = (leader ?? candidates[0])?.broker ?? -1
    const log = run.cluster.logOn(keeper, index)
    return log === undefined ? null : new LogCursor(log)
  })
}

/** Finds records in a log; fast where they are asked for in about their order. */
class LogCursor {
  readonly #batches: readonly RecordBatch[]
  readonly #start: Offset
  #at = 0

  constructor(log: PartitionLog) {
    this.#batches = log.batches()
    this.#start = log.logStartOffset
  }

  /** Whether the log has these records there, or had them before retention deleted them. */
  holds(offset: Offset, recordId: RecordId, records: number): boolean {
    const from = Math.max(offset, this.#start)
    if (offset + records <= from) return true
    const batches = this.#batches
    let batch = batches[this.#at]
    while (batch !== undefined && batch.baseOffset > from) batch = batches[--this.#at]
    while (batch !== undefined && batch.baseOffset + batch.count <= from) {
      batch = batches[++this.#at]
    }
    const isThere = batch !== undefined && batch.baseOffset <= from
    if (batch === undefined) this.#at = Math.max(0, batches.length - 1)
    return isThere && recordId + from - offset === recordIdAt(batch, from)
  }
}

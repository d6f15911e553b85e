// Records what happens to the logs of one broker: appends of leaders, truncations, high watermarks,
// and what its disk loses.

import type { DeletionRow } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import { type IdRange, rangesOfLog, visitRanges } from '../../kafka/id-ranges.ts'
import type { LeaderEpoch, NodeId, Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { DiskObserver } from '../../kafka/log/broker-store.ts'
import type { ProducedBatch, RecordBatch } from '../../kafka/messages.ts'
import type { PartitionObserver } from '../../kafka/partition/partition-ports.ts'
import type { Micros } from '../../sim/time.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'

/** High watermarks further apart than this get a row of their own; nearer ones are coalesced. */
const HIGH_WATERMARK_GRAIN: Micros = 20_000

/** The end that a log had, and the one that the disk has left it. */
interface DiskLossOfLog {
  readonly partition: PartitionIndex
  readonly from: Offset
  readonly to: Offset
  readonly removed: readonly RecordBatch[]
}

/**
 * Outlives the broker's processes. Followers' appends are not recorded, their truncations and
 * deletions are.
 */
export class LogRecorder implements PartitionObserver, DiskObserver {
  readonly #history: History
  readonly #causes: Causes
  readonly #broker: NodeId
  readonly #clock: Clock
  /** Row of the newest high watermark by partition, while this broker leads it. */
  readonly #highWatermarkRow: ({ row: number; at: Micros } | undefined)[] = []
  readonly #epochLed: (LeaderEpoch | undefined)[] = []
  readonly #diskLosses: DiskLossOfLog[] = []
  /** What it deleted by partition while it followed. */
  readonly #deletedBefore: (DeletionRow[] | undefined)[] = []

  constructor(history: History, causes: Causes, broker: NodeId, clock: Clock) {
    this.#history = history
    this.#causes = causes
    this.#broker = broker
    this.#clock = clock
  }

  /** Leaders only: a row for each range of ids, with its share of the batch's bytes. */
  onAppend(partition: PartitionIndex, batch: RecordBatch, asLeader: boolean): void {
    if (!asLeader) return
    if (batch.ids === undefined) {
      this.#appended(partition, batch, batch, batch.baseOffset, batch.bytes)
      return
    }
    const end = batch.baseOffset + batch.count
    visitRanges(batch, batch.baseOffset, end, (range, baseOffset) => {
      const bytes = shareOf(batch, baseOffset + range.count) - shareOf(batch, baseOffset)
      this.#appended(partition, batch, range, baseOffset, bytes)
    })
  }

  #appended(
    partition: PartitionIndex,
    { leaderEpoch }: RecordBatch,
    { firstRecordId, count }: IdRange,
    baseOffset: Offset,
    bytes: number,
  ): void {
    this.#history.appends.push({
      partition,
      broker: this.#broker,
      leaderEpoch,
      baseOffset,
      count,
      firstRecordId,
      bytes,
      at: this.#clock.now(),
    })
  }

  /** An event and the ids that went; nothing where no record did. */
  onTruncate(
    partition: PartitionIndex,
    from: Offset,
    to: Offset,
    removed: readonly RecordBatch[],
  ): void {
    if (to >= from) return
    const history = this.#history
    const at = this.#clock.now()
    const name = history.partitionName(partition)
    const event = history.event({
      at,
      actor: `broker ${this.#broker}`,
      kind: 'truncation',
      text: `truncated ${name} from ${from} to ${to}: ${from - to} records`,
      cause: this.#causes.ofPartition(partition, [this.#broker]),
      partition,
      values: { from, to },
    })
    const row = { partition, broker: this.#broker, fromOffset: to, toOffset: from, at, event }
    const truncation = history.truncations.push(row)
    for (const { baseOffset, count, firstRecordId } of rangesOfLog(removed)) {
      history.truncatedRanges.push({ truncation, baseOffset, count, firstRecordId })
    }
  }

  /** Kept until the fault is told of that took it: an effect comes behind its cause. */
  onDiskLoss(
    partition: PartitionIndex,
    from: Offset,
    to: Offset,
    removed: readonly RecordBatch[],
  ): void {
    this.#diskLosses.push({ partition, from, to, removed })
  }

  /** An event for each log of which its disk has lost records, and their ids. */
  tellDiskLosses(): void {
    const history = this.#history
    for (const { partition, from, to, removed } of this.#diskLosses.splice(0)) {
      const name = history.partitionName(partition)
      const what =
        to > 0 ? `what was not flushed of ${name}, from ${from} to ${to}` : `all of ${name}`
      const records = removed.reduce((sum, { count }) => sum + count, 0)
      const event = history.event({
        at: this.#clock.now(),
        actor: `broker ${this.#broker}`,
        kind: 'disk-loss',
        text: `lost ${what}: ${records} records`,
        cause: this.#causes.fault,
        partition,
        values: { from, to },
      })
      for (const { baseOffset, count, firstRecordId } of rangesOfLog(removed)) {
        history.diskLostRanges.push({ event, baseOffset, count, firstRecordId })
      }
    }
  }

  /** An event: the records are acknowledged and stand nowhere. */
  onMistakenRepeat(
    partition: PartitionIndex,
    { firstRecordId, count }: ProducedBatch,
    offset: Offset,
  ): void {
    const history = this.#history
    const producer = history.producerOf(firstRecordId)
    const event = history.event({
      at: this.#clock.now(),
      actor: `broker ${this.#broker}`,
      kind: 'mistaken-repeat',
      text:
        `${history.partitionName(partition)}: ${count} records of ${producer} pass for those at ` +
        `offset ${offset}, of a producer of the same id: acknowledged and not written`,
      cause: this.#causes.fault,
      partition,
      values: { offset, count },
    })
    history.mistakenRepeats.push({ partition, firstRecordId, count, event })
  }

  /** Followers delete the same by themselves, at times of their own. */
  onDeleted(partition: PartitionIndex, batch: RecordBatch): void {
    const isLeader = this.#epochLed[partition] !== undefined
    for (const { baseOffset, count, firstRecordId, leaderEpoch } of rangesOfLog([batch])) {
      const row = { partition, baseOffset, count, firstRecordId, leaderEpoch }
      if (isLeader) this.#history.deletions.push(row)
      else this.#keepDeleted(row)
    }
  }

  /** Ranges that go on are one: a follower may delete for as long as a run lasts. */
  #keepDeleted(row: DeletionRow): void {
    const kept = this.#deletedBefore[row.partition] ?? []
    this.#deletedBefore[row.partition] = kept
    const last = kept.at(-1)
    const goesOn =
      last !== undefined &&
      last.baseOffset + last.count === row.baseOffset &&
      last.firstRecordId + last.count === row.firstRecordId &&
      last.leaderEpoch === row.leaderEpoch
    if (goesOn) kept.splice(-1, 1, { ...last, count: last.count + row.count })
    else kept.push(row)
  }

  /** What it deleted before the leaders of that time did: they never will. */
  #tellDeletedBefore(partition: PartitionIndex): void {
    if (this.#deletedBefore[partition] === undefined) return
    const { deletions } = this.#history
    const told = [...deletions].filter((row) => row.partition === partition)
    for (const row of this.deletedAhead(partition, endOf(told))) deletions.push(row)
    this.#deletedBefore[partition] = undefined
  }

  /** What it has deleted as a follower from an offset on, in the order of offsets. */
  deletedAhead(partition: PartitionIndex, from: Offset): DeletionRow[] {
    const kept = this.#deletedBefore[partition] ?? []
    return kept.flatMap(({ baseOffset, count, firstRecordId, leaderEpoch }) => {
      const skip = Math.max(0, from - baseOffset)
      if (skip >= count) return []
      const rest = { baseOffset: baseOffset + skip, count: count - skip }
      return [{ partition, ...rest, firstRecordId: firstRecordId + skip, leaderEpoch }]
    })
  }

  /** Leaders only; one that comes within 20 ms of the last row replaces its offset. */
  onHighWatermark(partition: PartitionIndex, _before: Offset, offset: Offset): void {
    const leaderEpoch = this.#epochLed[partition]
    if (leaderEpoch === undefined) return
    const { highWatermarks } = this.#history
    const at = this.#clock.now()
    const newest = this.#highWatermarkRow[partition]
    if (newest !== undefined && at - newest.at < HIGH_WATERMARK_GRAIN) {
      highWatermarks.set(newest.row, 'offset', offset)
      return
    }
    const row = highWatermarks.push({ partition, broker: this.#broker, leaderEpoch, offset, at })
    if (newest === undefined) this.#highWatermarkRow[partition] = { row, at }
    else {
      newest.row = row
      newest.at = at
    }
  }

  /** Nothing to record: the producer's own answer is. */
  onReplicated(): void {}

  /** Nothing to record: what the controller commits is. */
  onIsr(): void {}

  /** A row for each epoch in which this broker leads. */
  onRole(
    partition: PartitionIndex,
    leader: NodeId,
    leaderEpoch: LeaderEpoch,
    logEnd: Offset,
  ): void {
    const isLeader = leader === this.#broker
    if (!isLeader) {
      this.#epochLed[partition] = undefined
      this.#highWatermarkRow[partition] = undefined
      return
    }
    if (this.#epochLed[partition] === leaderEpoch) return
    if (this.#epochLed[partition] === undefined) this.#tellDeletedBefore(partition)
    this.#epochLed[partition] = leaderEpoch
    this.#highWatermarkRow[partition] = undefined
    const at = this.#clock.now()
    const row = { partition, broker: this.#broker, leaderEpoch, at, logEnd }
    this.#history.leaderships.push(row)
  }
}

/** Where the last of what was deleted ends, 0 where nothing was. */
export function endOf(deleted: readonly Pick<DeletionRow, 'baseOffset' | 'count'>[]): Offset {
  return deleted.reduce((end, { baseOffset, count }) => Math.max(end, baseOffset + count), 0)
}

/** A batch's bytes up to the record at `offset`, as if all its records were of one size. */
function shareOf({ baseOffset, count, bytes }: RecordBatch, offset: Offset): number {
  return Math.round((bytes * (offset - baseOffset)) / count)
}

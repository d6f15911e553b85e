import { deliveriesOf } from '../../check/deliveries.ts'
import { RangeBag } from '../../check/intervals.ts'
import { buildLedger } from '../../check/ledger.ts'
import { changesOf, keptPartitions } from '../exposure.ts'
import type { ObservedRun } from '../observed-run.ts'
import { broken, type Claim } from './claim.ts'

/** I20 of Kafka's promises, and what makes a log a log: a reader goes on where it stopped. */
export const readInOrder: Claim = {
  name: 'read-in-order',
  says: 'a consumer is handed offset after offset without a gap, and what it read stays',
  check(run) {
    const kept = keptPartitions(run)
    if (run.scenario.consumers.length === 0 || !kept.includes(true)) return null
    const phantom = phantoms(run, kept)
    return [
      ...broken([phantom === 0, `${phantom} records were read and are in no log`]),
      ...jumps(run, kept),
    ]
  },
}

/** Records that were read of a partition that keeps what it has, and that no log holds. */
function phantoms({ history, result }: ObservedRun, kept: readonly boolean[]): number {
  const undecided = new Set(result.rpo.undecided)
  const read = new RangeBag()
  for (const { partition, firstRecordId, count } of history.delivered) {
    const isJudged = kept[partition] === true && !undecided.has(history.partitionName(partition))
    if (isJudged) read.add(firstRecordId, count)
  }
  return read.covered().minus(buildLedger(history).surviving).size
}

function jumps({ history, scenario }: ObservedRun, kept: readonly boolean[]): string[] {
  const groups = new Set(scenario.consumers.map(({ config }) => config['group.id']))
  const areOffsetsKept = keepsOffsets(history, kept)
  const { readers, rows, readerOf } = deliveriesOf(history)
  const next = new Map<number, number>()
  const found: string[] = []
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const { baseOffset, count, at } = history.delivered.row(row)
    const expected = next.get(reader) ?? baseOffset
    next.set(reader, baseOffset + count)
    const { group, partition } = readers[reader] ?? { group: '', partition: 0 }
    if (expected === baseOffset || kept[partition] !== true) continue
    // Members of a group go on where it has committed, which may be further back.
    if (groups.has(group) && (baseOffset < expected || !areOffsetsKept)) continue
    // auto.offset.reset: who finds its position deleted by retention begins at what is left.
    if (baseOffset > expected && isDeleted(history, partition, expected)) continue
    if (baseOffset < expected && wasSetBackByGhost(history, group, partition, at)) continue
    const name = history.partitionName(partition)
    found.push(`${group} was handed offset ${baseOffset} of ${name} instead of ${expected}`)
    if (found.length > 2) break
  }
  return found
}

/** Who finds no committed position begins where auto.offset.reset says, in any partition. */
function keepsOffsets({ partitions }: ObservedRun['history'], kept: readonly boolean[]): boolean {
  return partitions.every(({ topic, index }) => topic !== '__consumer_offsets' || kept[index])
}

/**
 * 1. A leader stands still, another is elected, the application's process ends.
 * 2. The first leader wakes in the moment in which the process starts anew, and has not heard yet
 *    of the other. The process knows its offset and no leader epoch: it takes what it is told.
 * 3. There its offset is out of range, and auto.offset.reset finds the end of the old leader's log.
 * Who has its offsets in a group has their leader epochs too, and does not believe an older one.
 */
function wasSetBackByGhost(
  history: ObservedRun['history'],
  consumer: string,
  partition: number,
  at: number,
): boolean {
  const { clientDowns, events } = history
  const down = clientDowns.findLast(({ client, until }) => client === consumer && until <= at)
  if (down === undefined) return false
  const seeks = events.filter(
    ({ kind, actor, partition: of }) =>
      kind === 'seek' && actor === `consumer ${consumer}` && of === partition,
  )
  const wasReset = seeks.some((seek) => seek.at >= down.until && seek.at <= at)
  const before = changesOf(history, partition).filter((change) => change.at <= down.until)
  return wasReset && new Set(before.map(({ leader }) => leader)).size > 1
}

function isDeleted({ deletions }: ObservedRun['history'], partition: number, offset: number) {
  return [...deletions].some(
    (row) =>
      row.partition === partition &&
      row.baseOffset <= offset &&
      offset < row.baseOffset + row.count,
  )
}

import { deliveriesOf } from '../../check/deliveries.ts'
import { RangeBag } from '../../check/intervals.ts'
import { buildLedger } from '../../check/ledger.ts'
import { keptPartitions } from '../exposure.ts'
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
    const { baseOffset, count } = history.delivered.row(row)
    const expected = next.get(reader) ?? baseOffset
    next.set(reader, baseOffset + count)
    const { group, partition } = readers[reader] ?? { group: '', partition: 0 }
    if (expected === baseOffset || kept[partition] !== true) continue
    // Members of a group go on where it has committed, which may be further back.
    if (groups.has(group) && (baseOffset < expected || !areOffsetsKept)) continue
    // auto.offset.reset: who finds its position deleted by retention begins at what is left.
    if (baseOffset > expected && isDeleted(history, partition, expected)) continue
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

function isDeleted({ deletions }: ObservedRun['history'], partition: number, offset: number) {
  return [...deletions].some(
    (row) =>
      row.partition === partition &&
      row.baseOffset <= offset &&
      offset < row.baseOffset + row.count,
  )
}

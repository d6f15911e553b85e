import { deliveriesOf } from '../../check/deliveries.ts'
import { keptPartitions } from '../exposure.ts'
import type { ObservedRun } from '../observed-run.ts'
import { broken, type Claim } from './claim.ts'

/** I20 of Kafka's promises, and what makes a log a log: a reader goes on where it stopped. */
export const readInOrder: Claim = {
  name: 'read-in-order',
  says: 'a consumer is handed offset after offset without a gap, and what it read stays',
  check(run) {
    if (run.scenario.consumers.length === 0 || keptPartitions(run).includes(false)) return null
    const { phantom } = run.result.consumerView
    const undecided = run.result.rpo.undecided.length > 0
    return [
      ...broken([undecided || phantom === 0, `${phantom} records were read and are in no log`]),
      ...jumps(run),
    ]
  },
}

function jumps({ history, scenario }: ObservedRun): string[] {
  const groups = new Set(scenario.consumers.map(({ config }) => config['group.id']))
  const { readers, rows, readerOf } = deliveriesOf(history)
  const next = new Map<number, number>()
  const found: string[] = []
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const { baseOffset, count } = history.delivered.row(row)
    const expected = next.get(reader) ?? baseOffset
    next.set(reader, baseOffset + count)
    if (expected === baseOffset) continue
    const { group, partition } = readers[reader] ?? { group: '', partition: 0 }
    // Members of a group go on where it has committed, which may be further back.
    if (groups.has(group) && baseOffset < expected) continue
    // auto.offset.reset: who finds its position deleted by retention begins at what is left.
    if (baseOffset > expected && isDeleted(history, partition, expected)) continue
    const name = history.partitionName(partition)
    found.push(`${group} was handed offset ${baseOffset} of ${name} instead of ${expected}`)
    if (found.length > 2) break
  }
  return found
}

function isDeleted({ deletions }: ObservedRun['history'], partition: number, offset: number) {
  return [...deletions].some(
    (row) =>
      row.partition === partition &&
      row.baseOffset <= offset &&
      offset < row.baseOffset + row.count,
  )
}

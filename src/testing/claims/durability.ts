import { buildLedger } from '../../check/ledger.ts'
import type { LogRangeRow } from '../../history/facts.ts'
import { OK, RECORDS_PER_STREAM } from '../../history.ts'
import { changesOf, keptPartitions } from '../exposure.ts'
import { type ObservedRun, producerOf, waitsForAll } from '../observed-run.ts'
import type { Claim } from './claim.ts'

/** I14 and I15 of Kafka's promises; what they ask of a run is in exposure.ts. */
export const ackedSurvives: Claim = {
  name: 'acked-survives',
  says: 'what acks=all acknowledged is in the log, where the acknowledgement said',
  check(run) {
    const kept = keptPartitions(run)
    const isJudged = run.history.partitions.some(({ index }) => kept[index] && isLed(run, index))
    if (!isJudged || !run.scenario.producers.some(waitsForAll)) return null
    return [...lostStreams(run, kept), ...displaced(run, kept)]
  },
}

/** Without a leader at the end it is not decided which log counts. */
function isLed({ history }: ObservedRun, partition: number): boolean {
  return (changesOf(history, partition).at(-1)?.leader ?? -1) >= 0
}

function lostStreams(run: ObservedRun, kept: readonly boolean[]): string[] {
  const { history } = run
  const { lost } = buildLedger(history)
  return history.streams.flatMap(({ id, partition }) => {
    const count = lost.countIn(id * RECORDS_PER_STREAM, RECORDS_PER_STREAM)
    if (count === 0 || kept[partition] !== true || !isLed(run, partition)) return []
    const { name } = producerOf(run, id)
    if (!waitsForAll(producerOf(run, id))) return []
    return [`${history.partitionName(partition)} lost ${count} acknowledged records of ${name}`]
  })
}

/** Acknowledged batches that stand at another offset than their producer was told. */
function displaced(run: ObservedRun, kept: readonly boolean[]): string[] {
  const { history } = run
  const standing = new Map<number, readonly LogRangeRow[]>()
  for (const { partition, isSurvivor, ranges } of history.finalLogs) {
    if (isSurvivor && kept[partition] === true) standing.set(partition, [...ranges])
  }
  const found: string[] = []
  for (const row of history.produced) {
    const ranges = standing.get(row.partition)
    const isTold = row.outcome === OK && row.baseOffset >= 0 && ranges !== undefined
    if (!isTold || !waitsForAll(producerOf(run, row.stream))) continue
    if (recordAt(ranges, row.baseOffset) === row.firstRecordId) continue
    const name = history.partitionName(row.partition)
    found.push(`${name}: acknowledged at ${row.baseOffset}, where another record stands`)
    if (found.length > 2) break
  }
  return found
}

/** The record at an offset, -1 for none; ranges are in the order of their offsets. */
function recordAt(ranges: readonly LogRangeRow[], offset: number): number {
  let [from, until] = [0, ranges.length]
  while (from < until) {
    const middle = (from + until) >> 1
    const range = ranges[middle]
    if (range === undefined) return -1
    if (offset < range.baseOffset) until = middle
    else if (offset >= range.baseOffset + range.count) from = middle + 1
    else return range.firstRecordId + offset - range.baseOffset
  }
  return -1
}

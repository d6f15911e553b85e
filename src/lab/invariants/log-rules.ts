// I18 and I19: whole logs, two by two. The batches of a partition are few enough to be walked when
// a leader changes and when the run ends.

import { haveSameIds } from '../../kafka/id-ranges.ts'
import type { Offset } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { WatchedPartition, WatchedReplica } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** Where two logs part; -1 where they do not. */
interface Parting {
  /** First offset that both have, with different records. */
  readonly differs: Offset
  /** First such offset at which the leader epoch is the same. */
  readonly sameEpoch: Offset
}

/** Every pair of replicas, whether their brokers run or not. */
export function checkAllLogs(run: WatchedRun, watched: WatchedPartition): void {
  for (const [i, replica] of watched.replicas.entries()) {
    for (const other of watched.replicas.slice(i + 1)) checkPair(run, replica, other)
  }
}

/** A new leader’s log beside each other one. */
export function checkLogsWith(run: WatchedRun, leader: WatchedReplica): void {
  for (const other of leader.of.replicas) if (other !== leader) checkPair(run, leader, other)
}

function checkPair(run: WatchedRun, a: WatchedReplica, b: WatchedReplica): void {
  const watched = a.of
  if (watched.isRewritten) return
  const logOfA = run.cluster.logOn(a.broker, watched.index)
  const logOfB = run.cluster.logOn(b.broker, watched.index)
  if (logOfA === undefined || logOfB === undefined) return
  const { differs, sameEpoch } = partingOf(logOfA.batches(), logOfB.batches())
  if (differs < 0) return
  const brokers = [a.broker, b.broker]
  if (sameEpoch >= 0) {
    run.violations.report('I18', watched.name, null, { brokers, offset: sameEpoch })
  }
  const highWatermarks = [logOfA.highWatermark, logOfB.highWatermark]
  const fetched = Math.max(followedTo(a, b, logOfB), followedTo(b, a, logOfA))
  const facts = { brokers, offset: differs, highWatermarks, fetched }
  // Truncation by epochs needs no clean run: whatever was lost, a fetch finds where logs part.
  if (differs < fetched) run.violations.report('I19', watched.name, null, facts)
  else if (differs < Math.min(logOfA.highWatermark, logOfB.highWatermark)) {
    run.violations.report('I19', watched.name, watched, facts)
  }
}

/**
 * How far a follower’s log must be its leader’s: as far as it has fetched in this epoch without
 * being told that the logs diverge.
 */
function followedTo(leader: WatchedReplica, follower: WatchedReplica, log: PartitionLog): Offset {
  if (leader.epochLed < 0 || leader.epochLed !== follower.leaderEpoch) return 0
  const seen = leader.partition?.follower(follower.broker)
  if (seen === undefined || !seen.hasFetched) return 0
  return Math.min(seen.logEndOffset, log.logEndOffset)
}

function partingOf(a: readonly RecordBatch[], b: readonly RecordBatch[]): Parting {
  let [i, j, differs] = [0, 0, -1]
  while (i < a.length && j < b.length) {
    const x = a[i]
    const y = b[j]
    if (x === undefined || y === undefined) break
    const endOfX = x.baseOffset + x.count
    const endOfY = y.baseOffset + y.count
    const overlap = endOfX > y.baseOffset && endOfY > x.baseOffset
    if (overlap && !isSame(x, y)) {
      const at = Math.max(x.baseOffset, y.baseOffset)
      if (differs < 0) differs = at
      if (x.leaderEpoch === y.leaderEpoch) return { differs, sameEpoch: at }
    }
    if (endOfX <= endOfY) i++
    if (endOfY <= endOfX) j++
  }
  return { differs, sameEpoch: -1 }
}

/** Replicas share the batches that they got from one another, so mostly it is one object. */
function isSame(a: RecordBatch, b: RecordBatch): boolean {
  if (a === b) return true
  return (
    a.baseOffset === b.baseOffset &&
    a.count === b.count &&
    a.leaderEpoch === b.leaderEpoch &&
    a.producerId === b.producerId &&
    a.baseSequence === b.baseSequence &&
    haveSameIds(a, b)
  )
}

// I9, I10, I12 and I16: a leader moves its high watermark, and what lies below it is committed.

import type { Offset } from '../../kafka/ids.ts'
import type { Partition } from '../../kafka/partition/partition.ts'
import type { WatchedPartition, WatchedReplica } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** The high watermark of a leader has moved. */
export function checkCommit(run: WatchedRun, replica: WatchedReplica): void {
  const { partition, of } = replica
  if (partition === null) return
  const end = partition.log.highWatermark
  checkSize(run, replica, partition)
  checkFetched(run, replica, partition, end)
  checkShown(run, replica)
  if (end <= of.committedEnd) return
  of.commit(partition.log, end)
  checkCandidates(run, of)
}

/** min.insync.replicas as this leader knows it, at most the number of replicas. */
function minIsrOf({ config, replicas }: Partition): number {
  return Math.min(config.minInsyncReplicas, replicas.length)
}

function checkSize(run: WatchedRun, { broker, of }: WatchedReplica, partition: Partition): void {
  const { isr } = partition.isrState
  const minIsr = minIsrOf(partition)
  if (isr.length >= minIsr) return
  const facts = { leader: broker, isr, minIsr, highWatermark: partition.log.highWatermark }
  run.violations.report('I10', of.name, null, facts)
}

function checkFetched(
  run: WatchedRun,
  { broker, of }: WatchedReplica,
  partition: Partition,
  end: Offset,
): void {
  const { maximal } = partition.isrState
  for (let i = 0; i < maximal.length; i++) {
    const follower = maximal[i] ?? -1
    if (follower === broker) continue
    const fetchedTo = partition.follower(follower)?.logEndOffset ?? -1
    if (fetchedTo >= end) continue
    const facts = { leader: broker, highWatermark: end, follower, fetchedTo, maximalIsr: maximal }
    run.violations.report('I16', of.name, null, facts)
  }
}

/** An acks=all request that waited for `required` is about to be answered. */
export function checkAnswer(run: WatchedRun, replica: WatchedReplica, required: Offset): void {
  const { partition, of, broker } = replica
  if (partition === null) return
  const { maximal } = partition.isrState
  const minIsr = minIsrOf(partition)
  const { highWatermark } = partition.log
  if (maximal.length >= minIsr && highWatermark >= required) return
  const facts = { leader: broker, required, highWatermark, maximalIsr: maximal, minIsr }
  run.violations.report('I16', of.name, null, facts)
}

/**
 * A new leader’s high watermark lags until its followers have fetched; up to its epoch’s start it
 * says so (OFFSET_NOT_AVAILABLE). From there on clients must never see less than they saw before.
 */
export function checkShown(run: WatchedRun, { partition, of, broker }: WatchedReplica): void {
  if (partition === null || partition.log.highWatermark >= of.committedEnd) return
  const { leaderEpoch, leaderEpochStartOffset, log } = partition
  if (leaderEpochStartOffset === null || log.highWatermark < leaderEpochStartOffset) return
  if (!of.isNewest(leaderEpoch) || !run.cluster.isServing(broker)) return
  run.violations.report('I9', of.name, of, {
    leader: broker,
    leaderEpoch,
    leaderEpochStartOffset,
    highWatermark: log.highWatermark,
    committed: of.committedEnd,
  })
}

/**
 * Every replica that may be elected reaches to the end of what is committed. One that lost records
 * is no candidate until a leader has taken it back: I17 sees to that.
 */
export function checkCandidates(run: WatchedRun, watched: WatchedPartition): void {
  if (watched.endedBecause !== null) return
  const { candidates, committedEnd } = watched
  for (let i = 0; i < candidates.length; i++) {
    const logEnd = candidates[i]?.log?.logEndOffset ?? 0
    if (logEnd >= committedEnd) continue
    run.violations.report('I12', watched.name, watched, {
      broker: candidates[i]?.broker ?? -1,
      logEndOffset: logEnd,
      committed: committedEnd,
      isr: watched.registration?.isr ?? [],
      elr: watched.registration?.elr ?? [],
    })
  }
}

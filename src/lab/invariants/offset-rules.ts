// I7 and I8: the offsets of one replica, after something happened to its log.

import type { WatchedReplica } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/**
 * Does nothing for a replica without a log. I8 is asked of a leader alone; what it has seen is the
 * measure for the next time.
 */
export function checkOffsets({ violations }: WatchedRun, replica: WatchedReplica): void {
  const { log } = replica
  if (log === null) return
  const { logStartOffset, highWatermark, logEndOffset } = log
  if (logStartOffset > highWatermark || highWatermark > logEndOffset) {
    const { broker } = replica
    const facts = { broker, logStartOffset, highWatermark, logEndOffset }
    violations.report('I7', replica.of.name, null, facts)
  }
  if (replica.epochLed < 0) return
  if (highWatermark < replica.highWatermark) {
    violations.report('I8', replica.of.name, null, {
      leader: replica.broker,
      leaderEpoch: replica.epochLed,
      from: replica.highWatermark,
      to: highWatermark,
    })
  }
  replica.highWatermark = highWatermark
}

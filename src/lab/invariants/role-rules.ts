// I1, I2, I11 and I13: what a broker takes itself for.

import { checkShown } from './commit-rules.ts'
import { checkLogsWith } from './log-rules.ts'
import { checkOffsets } from './offset-rules.ts'
import type { WatchedReplica } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** The broker’s partition has taken on new metadata, or the controller’s answer. */
export function checkView(run: WatchedRun, replica: WatchedReplica): void {
  const { partition, of, broker } = replica
  if (partition === null) return
  const { leaderEpoch, partitionEpoch } = partition
  const isBack = partitionEpoch < replica.partitionEpoch || leaderEpoch < replica.leaderEpoch
  const committed = of.leaderEpochAt[partitionEpoch]
  if (isBack || (committed !== undefined && committed !== leaderEpoch)) {
    run.violations.report('I2', of.name, null, {
      broker,
      partitionEpochs: [replica.partitionEpoch, partitionEpoch],
      leaderEpochs: [replica.leaderEpoch, leaderEpoch],
      committedLeaderEpoch: committed ?? -1,
    })
  }
  replica.leaderEpoch = leaderEpoch
  replica.partitionEpoch = partitionEpoch
}

/** The broker acts as leader of `replica.epochLed` from now on. */
export function checkTakeover(run: WatchedRun, replica: WatchedReplica): void {
  const { of, broker, epochLed, log } = replica
  const other = of.ledBy[epochLed]
  if (other !== undefined && other !== broker) {
    const facts = { brokers: [other, broker], leaderEpoch: epochLed }
    run.violations.report('I1', of.name, null, facts)
  }
  of.ledBy[epochLed] = broker
  if (log === null) return
  replica.highWatermark = log.highWatermark
  checkOffsets(run, replica)
  checkComplete(run, replica)
  checkShown(run, replica)
  checkLogsWith(run, replica)
}

/** Who hears late of an election that is past already need not have what came after it. */
function checkComplete(run: WatchedRun, { of, broker, epochLed }: WatchedReplica): void {
  if (of.endedBecause !== null || !of.isNewest(epochLed)) return
  for (const { broker: id, log } of of.candidates) {
    const missingFrom = log === null ? 0 : of.firstDifference(log)
    if (missingFrom < 0 || missingFrom >= of.committedEnd) continue
    const facts = { broker: id, leaderEpoch: epochLed, committed: of.committedEnd, missingFrom }
    run.violations.report(id === broker ? 'I13' : 'I12', of.name, of, facts)
  }
}

/** A leader’s ISR changed, or the controller’s. One behind the times is judged by its own ISR. */
export function checkMaximalIsr(run: WatchedRun, replica: WatchedReplica): void {
  const { partition, epochLed, broker, of } = replica
  if (partition === null || epochLed < 0) return
  const { isr, maximal } = partition.isrState
  const { registration } = of
  const isBehind = registration === null || !of.isNewest(epochLed)
  const minIsr = Math.min(partition.config.minInsyncReplicas, partition.replicas.length)
  const candidates = isBehind || isr.length < minIsr ? isr : [...isr, ...of.intact(registration)]
  if (candidates.every((id) => maximal.includes(id))) return
  run.violations.report('I11', of.name, null, {
    leader: broker,
    isr,
    maximalIsr: maximal,
    controllerIsr: registration?.isr ?? [],
    controllerElr: registration?.elr ?? [],
  })
}

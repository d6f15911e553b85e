import { differencesOf } from '../../check/divergence.ts'
import type { TopicDescription } from '../../contract.ts'
import { hasRepairs, lostVoter } from '../exposure.ts'
import { fetchesFit } from '../fetch-size.ts'
import type { ObservedRun } from '../observed-run.ts'
import { broken, type Claim } from './claim.ts'

/** Everything that a fault leaves behind, time-outs and TCP's doubling waits, is shorter. */
const QUIET_MS = 80_000

/**
 * What still grows after this time has not come to a standstill. An answer to a follower may be on
 * its way for as long as that waits: replica.socket.timeout.ms, 30 s.
 */
const GROWS_WITHIN_MS = 40_000

/** Liveness: stale brokers end fenced, running ones unfenced, and replicas converge. */
export const clusterRecovers: Claim = {
  name: 'cluster-recovers',
  says: 'some time after the last fault every broker serves and every replica is in sync',
  check(run) {
    if (!hasRested(run) || isBeyondRepair(run) || !fetchesFit(run.scenario)) return null
    const { clusters, divergence } = run.result
    const { offsets, evidence } = divergence
    return [
      ...broken([offsets === 0 || !hasRepairs(run.scenario), `replicas differ: ${evidence}`]),
      ...clusters.flatMap(({ name, quorum, topics }) => [
        ...broken([quorum.leaderId >= 0, `there is no active controller of ${name}`]),
        ...topics.flatMap((topic) => unrecovered(run, name, topic)),
      ]),
      ...fencedBrokers(run).map((id) => `broker ${id} runs and is fenced`),
    ]
  },
}

type Partition = TopicDescription['partitions'][number]

/** Healed, and every process up, for long enough. */
function hasRested({ history, scenario, simulation }: ObservedRun): boolean {
  if (scenario.settle < QUIET_MS * 1_000) return false
  const since = history.endAt - QUIET_MS * 1_000
  const nodes = simulation.clusters.flatMap(({ cluster }) => [...cluster.nodes.values()])
  const running = nodes.every(({ process }) => process.state === 'running')
  const arrivals = history.brokerChanges.filter(({ change }) => change === 'registered')
  return running && arrivals.every(({ at }) => at < since)
}

/** Who lost a voter's disk or took a broker off the cluster has work of his own to do. */
function isBeyondRepair(run: ObservedRun): boolean {
  return lostVoter(run) || run.history.brokerChanges.some(({ change }) => change === 'unregistered')
}

function fencedBrokers({ simulation }: ObservedRun): number[] {
  return simulation.clusters.flatMap(({ cluster }) => {
    const state = cluster.activeController?.control.state.cluster
    if (state === undefined) return []
    return cluster.brokerIds.filter((id) => state.broker(id)?.fenced !== false)
  })
}

function unrecovered(run: ObservedRun, cluster: string, topic: TopicDescription): string[] {
  return topic.partitions.flatMap((partition) => {
    const index = run.history.partitions.findIndex((known) => {
      const { topic: of, number } = known
      return known.cluster === cluster && of === topic.name && number === partition.number
    })
    const name = run.history.partitionName(index)
    const { leader, replicas, isr, observers } = partition
    if (leader < 0) return hasLostCandidates(run, partition) ? [] : [`${name} has no leader`]
    // An operator may ask for fewer replicas than min.insync.replicas: then nothing is committed.
    const commits = isr.length >= Math.min(minIsrOf(topic), replicas.length)
    const late = replicas.filter((id) => !isr.includes(id) && !(observers ?? []).includes(id))
    const missing = late.filter(
      (id) => !isCatchingUp(run, index, id) && !hasForked(run, index, leader, id),
    )
    return [
      ...missing.map((id) => `replica ${id} of ${name} is not in the ISR`),
      ...(commits && hasRepairs(run.scenario) ? behind(run, index, leader, replicas) : []),
    ]
  })
}

/**
 * With eligible leader replicas Kafka 4.1.0 itself takes the last candidates from a partition that
 * has nobody in its ISR, and only an unclean election gives it a leader again:
 * - whoever alters min.insync.replicas has every ELR of the topic emptied, and who was last known
 *   to be in it forgotten (ClearElrRecord);
 * - a reassignment that ends while the ISR is below the minimum of as many replicas as there were
 *   leaves who was removed in the ELR (PartitionChangeBuilder.maybePopulateTargetElr), and as long
 *   as that is not empty, nobody is taken for the last known leader.
 */
function hasLostCandidates(
  { scenario, history }: ObservedRun,
  { isr, elr, lastKnownElr, replicas }: Partition,
): boolean {
  if (!scenario.guards.elr || isr.length > 0) return false
  if (elr.length > 0) return !elr.some((id) => replicas.includes(id))
  return lastKnownElr.length === 0 && history.events.some(altersMinIsr)
}

function altersMinIsr({ kind, text }: { readonly kind: string; readonly text: string }): boolean {
  return kind === 'operator' && text.includes('min.insync.replicas=')
}

/**
 * Still being filled, and never cut back since the run has come to rest. A fetch brings one batch
 * where replica.fetch.max.bytes is below it, so that a far replica needs a round trip for each.
 */
function isCatchingUp({ history }: ObservedRun, partition: number, broker: number): boolean {
  const { truncations, replicaSamples, finalLogs, endAt } = history
  const isOf = (of: { partition: number; broker: number }) =>
    of.partition === partition && of.broker === broker
  const before = endAt - GROWS_WITHIN_MS * 1_000
  const earlier = [...replicaSamples].findLast((row) => isOf(row) && row.at <= before)
  const end = finalLogs.find(isOf)?.logEnd ?? 0
  if (earlier === undefined || earlier.logEnd >= end) return false
  const restsSince = endAt - QUIET_MS * 1_000
  return ![...truncations].some((row) => isOf(row) && row.at > restsSince)
}

/**
 * Before KIP-101 a follower goes on from its high watermark, though its log may have forked below
 * it. Where a batch of the leader does not begin at the follower's end, the follower's thread gives
 * the partition up (UnexpectedAppendOffsetException), until somebody else leads it.
 */
function hasForked(
  { history, scenario }: ObservedRun,
  partition: number,
  leader: number,
  broker: number,
): boolean {
  if (scenario.guards.epochBasedTruncation) return false
  const logs = history.finalLogs.filter((log) => log.partition === partition)
  const [ours, theirs] = [broker, leader].map((id) => logs.find((log) => log.broker === id))
  return ours !== undefined && theirs !== undefined && differencesOf(ours, theirs).offsets > 0
}

/** As an operator may have changed it. */
function minIsrOf({ configs, partitions }: TopicDescription): number {
  const own = configs.find(([name]) => name === 'min.insync.replicas')
  return own === undefined ? (partitions[0]?.minIsr ?? 1) : Number(own[1])
}

/** Replicas that hold less than their leader, or know of less; while nobody writes. */
function behind(
  run: ObservedRun,
  index: number,
  leader: number,
  replicas: readonly number[],
): string[] {
  const { history } = run
  const name = history.partitionName(index)
  const writes = history.appends.column('at').at(-1) ?? 0
  if (writes > history.endAt - 10_000_000) return []
  const logs = history.finalLogs.filter(({ partition }) => partition === index)
  const end = logs.find(({ broker }) => broker === leader)?.logEnd ?? 0
  const held = logs.filter(({ broker }) => replicas.includes(broker))
  // Who is back in the ISR but not at the end of the log holds the high watermark of all.
  const isHeld = held.some(({ broker }) => isCatchingUp(run, index, broker))
  const knows = (broker: number) => !isHeld && !missedTheWatermark(run, index, leader, broker)
  return held
    .filter(
      ({ broker, logEnd, highWatermark }) =>
        logEnd !== end || (highWatermark !== end && knows(broker)),
    )
    .filter(({ broker }) => !isCatchingUp(run, index, broker))
    .map(
      ({ broker, logEnd, highWatermark }) =>
        `${name}: replica ${broker} ends at ${logEnd}, high watermark ${highWatermark}, not ${end}`,
    )
}

/** Longer than a long poll and the way of a change from the controller to a follower. */
const IN_FLIGHT_MS = 5_000

/**
 * A fetch session tells of a high watermark once. A follower that is given the partition anew while
 * the answer is on its way looks at none of it, and of an answer that makes it truncate it takes
 * nothing else: it hears of that watermark when it moves again, and here nobody writes.
 */
function missedTheWatermark(
  { history }: ObservedRun,
  partition: number,
  leader: number,
  broker: number,
): boolean {
  const moves = [...history.highWatermarks]
  const moved = moves.findLast((row) => row.partition === partition && row.broker === leader)
  const since = (moved?.at ?? 0) - IN_FLIGHT_MS * 1_000
  const truncates = [...history.truncations].some(
    (row) => row.partition === partition && row.broker === broker && row.at >= since,
  )
  const changes = history.partitionChanges.filter((change) => change.partition === partition)
  const isNewEpoch = changes.some(
    ({ at, leaderEpoch }, i) => at >= since && leaderEpoch !== changes[i - 1]?.leaderEpoch,
  )
  return truncates || isNewEpoch
}

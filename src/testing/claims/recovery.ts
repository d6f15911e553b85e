import type { TopicDescription } from '../../contract.ts'
import { hasRepairs, lostVoter } from '../exposure.ts'
import type { ObservedRun } from '../observed-run.ts'
import { broken, type Claim } from './claim.ts'

/** Everything that a fault leaves behind, time-outs and TCP's doubling waits, is shorter. */
const QUIET_MS = 80_000

/** Liveness: stale brokers end fenced, running ones unfenced, and replicas converge. */
export const clusterRecovers: Claim = {
  name: 'cluster-recovers',
  says: 'some time after the last fault every broker serves and every replica is in sync',
  check(run) {
    if (!hasRested(run) || isBeyondRepair(run)) return null
    const { result } = run
    const leader = result.state.quorum.leaderId
    const topics = result.state.topics.flatMap((topic) => unrecovered(run, topic))
    const { offsets, evidence } = result.divergence
    return [
      ...broken(
        [leader >= 0, 'there is no active controller'],
        [offsets === 0 || !hasRepairs(run.scenario), `replicas differ: ${evidence}`],
      ),
      ...fencedBrokers(run).map((id) => `broker ${id} runs and is fenced`),
      ...topics,
    ]
  },
}

/** Healed, and every process up, for long enough. */
function hasRested({ history, scenario, simulation }: ObservedRun): boolean {
  if (scenario.settle < QUIET_MS * 1_000) return false
  const since = history.endAt - QUIET_MS * 1_000
  const nodes = [...simulation.cluster.nodes.values()]
  const running = nodes.every(({ process }) => process.state === 'running')
  const arrivals = history.brokerChanges.filter(({ change }) => change === 'registered')
  return running && arrivals.every(({ at }) => at < since)
}

/** Who lost a voter's disk or took a broker off the cluster has work of his own to do. */
function isBeyondRepair(run: ObservedRun): boolean {
  return lostVoter(run) || run.history.brokerChanges.some(({ change }) => change === 'unregistered')
}

function fencedBrokers({ simulation }: ObservedRun): number[] {
  const { cluster } = simulation
  const state = cluster.activeController?.control.state.cluster
  return state === undefined
    ? []
    : cluster.brokerIds.filter((id) => state.broker(id)?.fenced !== false)
}

function unrecovered(run: ObservedRun, topic: TopicDescription): string[] {
  return topic.partitions.flatMap((partition) => {
    const name = `${topic.name}-${partition.number}`
    const { leader, replicas, isr, observers } = partition
    if (leader < 0) return [`${name} has no leader`]
    // An operator may ask for fewer replicas than min.insync.replicas: then nothing is committed.
    const commits = isr.length >= Math.min(minIsrOf(topic), replicas.length)
    const missing = replicas.filter((id) => !isr.includes(id) && !(observers ?? []).includes(id))
    return [
      ...missing.map((id) => `replica ${id} of ${name} is not in the ISR`),
      ...(commits && hasRepairs(run.scenario) ? behind(run, name, leader, replicas) : []),
    ]
  })
}

/** As an operator may have changed it. */
function minIsrOf({ configs, partitions }: TopicDescription): number {
  const own = configs.find(([name]) => name === 'min.insync.replicas')
  return own === undefined ? (partitions[0]?.minIsr ?? 1) : Number(own[1])
}

/** Replicas that hold less than their leader, or know of less; while nobody writes. */
function behind(
  { history }: ObservedRun,
  name: string,
  leader: number,
  replicas: readonly number[],
): string[] {
  const index = history.partitions.findIndex((p) => `${p.topic}-${p.number}` === name)
  const writes = history.appends.column('at').at(-1) ?? 0
  if (writes > history.endAt - 10_000_000) return []
  const logs = history.finalLogs.filter(({ partition }) => partition === index)
  const end = logs.find(({ broker }) => broker === leader)?.logEnd ?? 0
  return logs
    .filter(({ broker }) => replicas.includes(broker))
    .filter(({ logEnd, highWatermark }) => logEnd !== end || highWatermark !== end)
    .map(
      ({ broker, logEnd, highWatermark }) =>
        `${name}: replica ${broker} ends at ${logEnd}, high watermark ${highWatermark}, not ${end}`,
    )
}

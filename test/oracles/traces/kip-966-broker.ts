import { BROKER_CONFIG_DEFAULTS } from '../../../src/kafka/broker/broker-config.ts'
import { ReplicaFetcher } from '../../../src/kafka/broker/replica-fetcher.ts'
import type { NodeId } from '../../../src/kafka/ids.ts'
import { FollowerState } from '../../../src/kafka/partition/follower-state.ts'
import {
  committedIsr,
  type IsrState,
  pendingExpand,
  pendingShrink,
} from '../../../src/kafka/partition/isr-state.ts'
import type { Partition } from '../../../src/kafka/partition/partition.ts'
import { World } from '../../../src/sim/world.ts'
import { produced } from '../../kafka/log/batches.ts'
import { Bench, type TestReplica } from '../../kafka/partition/bench.ts'
import type { TraceBroker } from './kip-966-format.ts'

/** So late that nobody was caught up lately. */
const LATE = 1_000_000_000_000

/** The model's objects with one broker's state of a trace in them, and nobody else around. */
export class LoadedBroker {
  readonly replica: TestReplica
  readonly partition: Partition
  fetcher: ReplicaFetcher
  readonly #id: NodeId
  readonly #world = new World({ seed: 'traces' })
  readonly #brokerEpoch: number

  constructor(id: NodeId, state: TraceBroker, minInsyncReplicas: number) {
    const bench = new Bench()
    bench.now = LATE
    this.#id = id
    this.#brokerEpoch = state.brokerEpoch
    this.replica = bench.replica(id, { minInsyncReplicas })
    this.partition = this.replica.partition
    this.#loadLog(state)
    this.#loadPartition(state)
    this.fetcher = this.#fetcherOf(state.leader)
    if (state.fetcher === null) return
    this.fetcher.add(this.partition)
    const loaded = this.fetcher.states.get(0)
    if (loaded === undefined) throw new Error('the partition is followed')
    loaded.fetchOffset = state.fetcher.fetchOffset
    loaded.lastFetchedEpoch = state.fetcher.lastFetchedEpoch
  }

  #loadLog(state: TraceBroker): void {
    const { log } = this.partition
    for (const [epoch] of state.log) log.appendAsLeader(produced(), epoch)
    if (state.leaderEpochStartOffset !== null) {
      log.epochs.assign(state.leaderEpoch, state.leaderEpochStartOffset)
    }
    log.updateHighWatermark(state.highWatermark)
  }

  #loadPartition(state: TraceBroker): void {
    const { partition } = this
    partition.isLeader = state.role === 'LEADER'
    partition.leader = state.leader
    partition.leaderEpoch = state.leaderEpoch
    partition.partitionEpoch = state.partitionEpoch
    partition.replicas = state.replicas
    partition.leaderEpochStartOffset = state.leaderEpochStartOffset
    partition.isrState = isrStateOf(state)
    partition.followers = Object.entries(state.followers ?? {}).map(([id, known]) => {
      const follower = new FollowerState(Number(id))
      follower.logEndOffset = known.leo
      follower.brokerEpoch = known.brokerEpoch
      follower.hasFetched = known.leo >= 0
      return follower
    })
  }

  #fetcherOf(source: NodeId): ReplicaFetcher {
    const zone = this.#world.addZone(
      `z${this.#world.zones.size}`,
      this.#world.addRegion(`${this.#world.regions.size}`),
    )
    const host = this.#world.addHost(`h${this.#world.hosts.size}`, zone)
    return new ReplicaFetcher({
      context: this.#world.addProcess(`p${this.#world.processes.size}`, host),
      config: { ...BROKER_CONFIG_DEFAULTS, nodeId: this.#id },
      disk: host.disk,
      rpc: { send: () => {}, disconnect: () => {} },
      source,
      brokerEpoch: () => this.#brokerEpoch,
    })
  }

  /** What the replica manager does with the fetcher after a registration was applied. */
  follow(leaderEpochBefore: number): void {
    const { partition } = this
    if (!partition.isLeader && partition.leaderEpoch <= leaderEpochBefore) return
    this.fetcher = this.#fetcherOf(partition.leader)
    if (!partition.isLeader && partition.leader !== -1) this.fetcher.add(partition)
  }

  /** This broker's state under the trace's names, to be compared with `stateOf`. */
  view(): Record<string, unknown> {
    const { partition } = this
    const { log, isrState } = partition
    const state = this.fetcher.states.get(0)
    const role = partition.isLeader ? 'LEADER' : 'FOLLOWER'
    return {
      role: !partition.isLeader && partition.leader === -1 ? 'NONE' : role,
      isr: ascending(isrState.isr),
      maximalIsr: ascending(isrState.maximal),
      leader: partition.leader,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      leo: log.logEndOffset,
      highWatermark: log.highWatermark,
      log: log.batches().map((batch) => batch.leaderEpoch),
      leaderEpochStartOffset: partition.leaderEpochStartOffset,
      followers: partition.isLeader
        ? partition.followers.map((f) => [f.id, f.logEndOffset, f.brokerEpoch])
        : null,
      pending: isrState.kind === 'committed' ? null : ascending(isrState.proposed),
      fetcher: state && [this.fetcher.source, state.fetchOffset, state.lastFetchedEpoch],
    }
  }
}

/** The trace's state of one broker in the form of `LoadedBroker.view`. */
export function stateOf(state: TraceBroker): Record<string, unknown> {
  const { fetcher, followers, pendingAlterPartition: pending } = state
  return {
    role: state.role,
    isr: ascending(state.isr),
    maximalIsr: ascending(state.maximalIsr),
    leader: state.leader,
    leaderEpoch: state.leaderEpoch,
    partitionEpoch: state.partitionEpoch,
    leo: state.leo,
    highWatermark: state.highWatermark,
    log: state.log.map(([epoch]) => epoch),
    leaderEpochStartOffset: state.leaderEpochStartOffset,
    followers:
      followers && Object.entries(followers).map(([id, f]) => [Number(id), f.leo, f.brokerEpoch]),
    pending: pending && ascending(pending.isr),
    fetcher: fetcher ? [fetcher.leader, fetcher.fetchOffset, fetcher.lastFetchedEpoch] : undefined,
  }
}

export function ascending(ids: readonly NodeId[]): NodeId[] {
  return [...ids].sort((a, b) => a - b)
}

function isrStateOf(state: TraceBroker): IsrState {
  const committed = committedIsr(state.isr, 'RECOVERED')
  const proposed = state.pendingAlterPartition?.isr
  if (proposed === undefined) return committed
  const added = proposed.find((id) => !state.isr.includes(id))
  if (added !== undefined) return pendingExpand(committed, added)
  return pendingShrink(
    committed,
    state.isr.filter((id) => !proposed.includes(id)),
  )
}

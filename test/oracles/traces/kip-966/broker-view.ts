import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { PartitionLog } from '../../../../src/kafka/log/partition-log.ts'
import type { Partition } from '../../../../src/kafka/partition/partition.ts'
import { ascending, type TraceBroker, type TraceRecord } from './format.ts'
import type { TracedBroker, Values } from './traced-broker.ts'

/** What a trace tells of a broker; of one that does not run, only what is on its disk. */
export type BrokerView = Partial<TraceBroker>

/** The state of the production objects under the trace's names. */
export function viewOf(broker: TracedBroker, values: Values): BrokerView {
  const log = broker.store.logs.get(0)
  const stored = {
    state: broker.state,
    brokerEpoch: broker.brokerEpoch,
    leo: log?.logEndOffset ?? 0,
    highWatermark: log?.highWatermark ?? 0,
    log: recordsOf(log, values),
  }
  if (broker.state !== 'RUNNING') return { ...stored, role: 'NONE', followers: null, fetcher: null }
  const { metadataOffset, partition } = broker
  const roles = partition === undefined ? NO_PARTITION : partitionView(broker, partition)
  return { ...stored, metadataOffset, ...roles }
}

/** A trace's state in the same form: the keys that `got` has, and its lists in the same order. */
export function wantedOf(state: TraceBroker, got: BrokerView): BrokerView {
  const followers = state.followers === null ? null : byId(Object.entries(state.followers))
  const wanted: TraceBroker = {
    ...state,
    followers,
    // A broker to which the partition was never assigned follows nobody.
    fetcher: state.leader === -1 ? null : state.fetcher,
    replicas: ascending(state.replicas),
    isr: ascending(state.isr),
    maximalIsr: ascending(state.maximalIsr),
    awaitingFetchFrom: ascending(state.awaitingFetchFrom),
    pendingAlterPartition: state.pendingAlterPartition && {
      isr: ascending(state.pendingAlterPartition.isr),
      partitionEpoch: state.pendingAlterPartition.partitionEpoch,
    },
  }
  const entries = Object.keys(got).map((key) => [key, wanted[key as keyof TraceBroker]])
  return Object.fromEntries(entries) as BrokerView
}

const NO_PARTITION = {
  role: 'NONE',
  replicas: [],
  isr: [],
  maximalIsr: [],
  leader: -1,
  leaderEpoch: -1,
  partitionEpoch: -1,
  leaderEpochStartOffset: null,
  followers: null,
  fetcher: null,
  pendingAlterPartition: null,
} as const

function partitionView(broker: TracedBroker, partition: Partition): BrokerView {
  const { isrState } = partition
  const following = partition.leader === -1 ? 'NONE' : 'FOLLOWER'
  return {
    role: partition.isLeader ? 'LEADER' : following,
    replicas: ascending(partition.replicas),
    isr: ascending(isrState.isr),
    maximalIsr: ascending(isrState.maximal),
    leader: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    leaderEpochStartOffset: partition.leaderEpochStartOffset,
    followers: partition.isLeader ? followersOf(partition) : null,
    fetcher: fetcherOf(broker, partition.log),
    pendingAlterPartition:
      isrState.kind === 'committed'
        ? null
        : { isr: ascending(isrState.proposed), partitionEpoch: broker.proposedAt },
  }
}

function followersOf(partition: Partition): TraceBroker['followers'] {
  return byId(
    partition.followers.map(({ id, logEndOffset: leo, brokerEpoch }) => [
      String(id),
      { leo, brokerEpoch },
    ]),
  )
}

function byId<T>(entries: (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.sort(([a], [b]) => Number(a) - Number(b)))
}

/** Kafka's fetch names an epoch without records too; the trace that of the last record. */
function fetcherOf({ fetcher }: TracedBroker, log: PartitionLog): TraceBroker['fetcher'] {
  const state = fetcher?.states.get(0)
  if (fetcher === undefined || state === undefined) return null
  const { fetchOffset } = state
  const lastFetchedEpoch = epochOfLastRecord(log, fetchOffset) ?? -1
  const isEmpty = state.lastFetchedEpoch === log.epochs.latestEpoch()
  return {
    leader: fetcher.source,
    fetchOffset,
    lastFetchedEpoch: isEmpty ? lastFetchedEpoch : state.lastFetchedEpoch,
  }
}

function epochOfLastRecord(log: PartitionLog, end: number): number | undefined {
  return end > 0 ? log.batchAt(end - 1)?.leaderEpoch : undefined
}

function recordsOf(log: PartitionLog | undefined, values: Values): readonly TraceRecord[] {
  const batches = log?.batches() ?? []
  return batches.map((batch) => [batch.leaderEpoch, values.valueOf(batch.firstRecordId)] as const)
}

/** Ids of the peers from which `broker` awaits an answer. */
export function awaiting(
  broker: NodeId,
  fetches: Iterable<{ readonly fetcher: NodeId; readonly leader: NodeId }>,
): NodeId[] {
  const peers = new Set<NodeId>()
  for (const { fetcher, leader } of fetches) if (fetcher === broker) peers.add(leader)
  return ascending([...peers])
}

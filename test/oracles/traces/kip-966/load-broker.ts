import { FollowerState } from '../../../../src/kafka/partition/follower-state.ts'
import { proposeIsr } from '../../../../src/kafka/partition/isr-proposal.ts'
import {
  type CommittedIsr,
  committedIsr,
  type PendingIsr,
  pendingExpand,
  pendingShrink,
} from '../../../../src/kafka/partition/isr-state.ts'
import type { Partition } from '../../../../src/kafka/partition/partition.ts'
import { LOG_CONFIG, produced } from '../../../kafka/log/batches.ts'
import type { TraceBroker } from './format.ts'
import { type Surroundings, TracedBroker } from './traced-broker.ts'
import type { TracedController } from './traced-controller.ts'

/** A broker whose production objects are in the state that a trace gives. */
export function loadBroker(
  id: number,
  state: TraceBroker,
  controller: TracedController,
  around: Surroundings,
): TracedBroker {
  const broker = new TracedBroker(id, around)
  loadStore(broker, state, around)
  broker.metadataOffset = state.metadataOffset
  if (state.state === 'OFFLINE') return broker
  broker.start(-id)
  if (state.state === 'RUNNING') loadProcess(broker, state, controller)
  broker.sent.length = 0
  return broker
}

function loadStore({ store }: TracedBroker, state: TraceBroker, { values }: Surroundings): void {
  const log = store.getOrCreate(0, LOG_CONFIG)
  for (const [epoch, value] of state.log) {
    log.appendAsLeader(produced({ firstRecordId: values.idOf(value) }), epoch)
  }
  log.updateHighWatermark(state.highWatermark)
  if (state.state !== 'RUNNING' && state.brokerEpoch >= 0) store.shutDownCleanly(state.brokerEpoch)
  else store.checkpointHighWatermarks()
}

function loadProcess(broker: TracedBroker, state: TraceBroker, controller: TracedController): void {
  const past = controller.recordsUpTo(state.metadataOffset)
  broker.registered(
    { api: 'BrokerRegistration', error: 'NONE', brokerEpoch: state.brokerEpoch },
    controller.brokerIds,
    past,
  )
  if (state.leaderEpoch === -1 && controller.isAssigned(broker.id, state.metadataOffset)) return
  if (state.leaderEpochStartOffset !== null) {
    const { epochs } = broker.store.getOrCreate(0, LOG_CONFIG)
    epochs.assign(state.leaderEpoch, state.leaderEpochStartOffset)
  }
  broker.applyMetadata([])
  const { partition } = broker
  if (partition === undefined) return
  loadPartition(partition, state)
  loadFetcher(broker, partition, state)
}

function loadPartition(partition: Partition, state: TraceBroker): void {
  partition.isLeader = state.role === 'LEADER'
  partition.leader = state.leader
  partition.leaderEpoch = state.leaderEpoch
  partition.partitionEpoch = state.partitionEpoch
  partition.replicas = state.replicas
  partition.leaderEpochStartOffset = state.leaderEpochStartOffset
  partition.followers = Object.entries(state.followers ?? {}).map(([id, known]) => {
    const follower = new FollowerState(Number(id))
    follower.logEndOffset = known.leo
    follower.brokerEpoch = known.brokerEpoch
    follower.hasFetched = known.leo >= 0
    return follower
  })
  const committed = committedIsr(state.isr, 'RECOVERED')
  partition.isrState = committed
  const { pendingAlterPartition: pending } = state
  if (pending === null) return
  partition.partitionEpoch = pending.partitionEpoch
  proposeIsr(partition, pendingOf(committed, pending.isr))
  partition.partitionEpoch = state.partitionEpoch
}

function pendingOf(committed: CommittedIsr, proposed: readonly number[]): PendingIsr {
  const added = proposed.find((id) => !committed.isr.includes(id))
  if (added !== undefined) return pendingExpand(committed, added)
  return pendingShrink(
    committed,
    committed.isr.filter((id) => !proposed.includes(id)),
  )
}

function loadFetcher(broker: TracedBroker, partition: Partition, state: TraceBroker): void {
  const { fetchers } = broker.broker
  fetchers.remove(0)
  if (state.fetcher === null || state.leader === -1) return
  fetchers.add(partition)
  const loaded = broker.fetcher?.states.get(0)
  if (loaded === undefined) return
  loaded.fetchOffset = state.fetcher.fetchOffset
  loaded.lastFetchedEpoch = state.fetcher.lastFetchedEpoch
  if (state.awaitingFetchFrom.includes(state.fetcher.leader)) broker.fetcher?.run()
}

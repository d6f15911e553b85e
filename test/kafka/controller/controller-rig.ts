import type { ControllerOptions } from '../../../src/kafka/controller/controller-state.ts'
import {
  type Decision,
  ReplicationControl,
} from '../../../src/kafka/controller/replication-control.ts'
import type { NodeId } from '../../../src/kafka/ids.ts'
import type { LeaderRecoveryState, MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { type GuardName, guardsFor } from '../../../src/kafka/version.ts'

export const SESSION_TIMEOUT = 9000

/** A controller alone: what it decides is replayed at once; time stands until it is moved. */
export class ControllerRig {
  control: ReplicationControl
  now = 0
  readonly log: MetadataRecord[] = []
  readonly #epochs = new Map<NodeId, number>()
  readonly #incarnations = new Map<NodeId, number>()

  constructor(
    guards: Partial<Record<GuardName, boolean>> = {},
    options: Partial<ControllerOptions> = {},
  ) {
    this.control = new ReplicationControl({
      nodeId: 101,
      controllers: [101, 102, 103],
      guards: guardsFor('4.1', guards),
      sessionTimeout: SESSION_TIMEOUT,
      minInsyncReplicas: 1,
      uncleanLeaderElectionEnable: false,
      ...options,
    })
    this.control.activate(0)
  }

  /** Appends and replays a decision. @returns its reply */
  take<Reply>(decision: Decision<Reply>): Reply {
    for (const record of decision.records) this.control.replay(record, this.log.push(record) - 1)
    this.control.state.assertWhole()
    return decision.reply
  }

  /** Registers a new process; `isClean` proves that the last one shut down cleanly. */
  register(brokerId: NodeId, isClean = true) {
    const incarnation = (this.#incarnations.get(brokerId) ?? 0) + 1
    const previousBrokerEpoch = isClean ? (this.#epochs.get(brokerId) ?? -1) : -1
    const reply = this.take(
      this.control.registerBroker(
        { api: 'BrokerRegistration', brokerId, incarnation, rack: null, previousBrokerEpoch },
        this.log.length,
        this.now,
      ),
    )
    if (reply.error === 'NONE') {
      this.#incarnations.set(brokerId, incarnation)
      this.#epochs.set(brokerId, reply.brokerEpoch)
    }
    return reply
  }

  heartbeat(brokerId: NodeId, wish: { fence?: boolean; shutDown?: boolean } = {}) {
    this.control.trackBrokerHeartbeat(brokerId, this.epochOf(brokerId), this.now)
    const decision = this.control.processBrokerHeartbeat(
      {
        api: 'BrokerHeartbeat',
        brokerId,
        brokerEpoch: this.epochOf(brokerId),
        currentMetadataOffset: this.log.length - 1,
        wantFence: wish.fence ?? false,
        wantShutDown: wish.shutDown ?? false,
      },
      this.now,
    )
    const reply = this.take(decision)
    if (decision.isInControlledShutdown) {
      this.control.updateControlledShutdownOffset(brokerId, this.log.length - 1)
    }
    return reply
  }

  /** Registered, heard and unfenced. */
  start(...ids: NodeId[]): void {
    for (const id of ids) {
      this.register(id)
      this.heartbeat(id)
    }
  }

  createTopic(
    name: string,
    assignments: NodeId[][],
    configs: Record<string, string> = {},
    observers: NodeId[][] = [],
  ) {
    const firstPartition = this.control.state.partitions.size
    return this.take(
      this.control.createTopic({
        api: 'CreateTopic',
        name,
        firstPartition,
        assignments,
        observers,
        configs,
      }),
    )
  }

  /** Silence for a whole session; the others are heard half-way. @returns who is fenced */
  silence(...silent: NodeId[]): NodeId[] {
    this.now += SESSION_TIMEOUT / 2
    for (const { id, fenced } of [...this.control.state.cluster.brokers()]) {
      if (!silent.includes(id) && !fenced) this.heartbeat(id)
    }
    this.now += SESSION_TIMEOUT / 2 + 1
    return this.fenceStale()
  }

  /** The task runs as long as it finds a session that has ended. @returns who is fenced */
  fenceStale(): NodeId[] {
    const fenced: NodeId[] = []
    for (;;) {
      const result = this.control.maybeFenceStaleBroker(this.now)
      this.take({ records: result.records, reply: null })
      if (result.fenced >= 0) fenced.push(result.fenced)
      if (!result.hasMore) return fenced
    }
  }

  /** The leader asks for this ISR with the epochs that it knows. */
  alterIsr(index: number, isr: NodeId[], recovery: LeaderRecoveryState = 'RECOVERED') {
    const { leader, leaderEpoch, partitionEpoch } = this.partition(index)
    const reply = this.take(
      this.control.alterPartition({
        api: 'AlterPartition',
        brokerId: leader,
        brokerEpoch: this.epochOf(leader),
        partitions: [
          {
            partition: index,
            leaderEpoch,
            partitionEpoch,
            newIsr: isr.map((id) => ({ id, brokerEpoch: this.epochOf(id) })),
            recovery,
          },
        ],
      }),
    )
    return reply.partitions[0]?.error ?? reply.error
  }

  partition(index: number) {
    return this.control.state.partition(index).registration
  }

  epochOf(id: NodeId): number {
    return this.#epochs.get(id) ?? -1
  }
}

import {
  type Decision,
  ReplicationControl,
} from '../../../../src/kafka/controller/replication-control.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../../../../src/kafka/messages.ts'
import type { MetadataRecord, PartitionRecord } from '../../../../src/kafka/metadata/records.ts'
import type { Guards } from '../../../../src/kafka/version.ts'
import {
  ascending,
  type TraceBroker,
  type TraceConstants,
  type TraceController,
  type TraceRegistration,
  type TraceState,
} from './format.ts'

/** The traces' one topic and its one partition. */
export const TOPIC = 't'
const PARTITION = 0
/** Not a broker. */
const CONTROLLER = 3000
const SESSION_TIMEOUT = 9_000
/** Later than any session that is expired on purpose; the controller's clock stands still. */
const NOW = 1_000_000

/** The production controller in a trace's state, without a quorum below it. */
export class TracedController {
  readonly #control: ReplicationControl
  /** Partition records by their number in the trace. */
  readonly #records = new Map<number, MetadataRecord>()
  #metadataOffset: number
  /** Where the next record lies: far beyond the broker epochs that a trace gives. */
  #nextOffset = 1_000_000

  /** @param past the partition as earlier records left it, by their number */
  constructor(
    state: TraceState,
    constants: TraceConstants,
    guards: Guards,
    past: ReadonlyMap<number, TraceRegistration>,
  ) {
    const { controller, brokers } = state
    this.#metadataOffset = controller.metadataOffset
    this.#control = new ReplicationControl({
      guards,
      sessionTimeout: SESSION_TIMEOUT,
      nodeId: CONTROLLER,
      minInsyncReplicas: constants.MinISR,
      uncleanLeaderElectionEnable: constants.UncleanElection,
    })
    for (const [id, { fenced, brokerEpoch }] of Object.entries(controller.brokers)) {
      const brokerId = Number(id)
      const rest = { rack: null, fenced, inControlledShutdown: false }
      this.#replay({
        type: 'RegisterBroker',
        brokerId,
        brokerEpoch,
        incarnation: -brokerId,
        ...rest,
      })
    }
    this.#control.activate(NOW)
    this.#loadPartition(controller.partition)
    for (const [at, partition] of past) this.#records.set(at, partitionRecord(partition))
    this.#rememberPast(brokers)
  }

  #loadPartition(partition: TraceRegistration): void {
    const { adding, removing, elr = [], lastKnownElr = [], ...rest } = partition
    const registration = {
      ...rest,
      elr,
      lastKnownElr,
      observers: [],
      addingReplicas: adding,
      removingReplicas: removing,
      recovery: 'RECOVERED' as const,
    }
    this.#control.replay({ type: 'Topic', name: TOPIC, configs: {} }, 0)
    this.#control.state.topics.set(TOPIC, [PARTITION])
    this.#control.state.load({ index: PARTITION, topic: TOPIC, registration })
    this.#records.set(this.#metadataOffset, partitionRecord(partition))
  }

  /** What brokers that lag behind have applied last. */
  #rememberPast(brokers: Readonly<Record<string, TraceBroker>>): void {
    for (const broker of Object.values(brokers)) {
      if (broker.replicas.length === 0 || this.#records.has(broker.metadataOffset)) continue
      this.#records.set(broker.metadataOffset, partitionRecord(broker))
    }
  }

  /** The partition as it was when `metadataOffset` records were written. */
  recordsUpTo(metadataOffset: number): MetadataRecord[] {
    const known = [...this.#records.keys()].filter((at) => at <= metadataOffset)
    return ascending(known).flatMap((at) => this.#records.get(at) ?? [])
  }

  recordAt(metadataOffset: number): MetadataRecord | undefined {
    return this.#records.get(metadataOffset)
  }

  /** Whether `broker` has a replica, as of that record. */
  isAssigned(broker: NodeId, metadataOffset: number): boolean {
    let replicas: readonly NodeId[] = []
    for (const record of this.recordsUpTo(metadataOffset)) {
      if (record.type !== 'Partition' && record.type !== 'PartitionChange') continue
      replicas = record.replicas ?? replicas
    }
    return replicas.includes(broker)
  }

  get brokerIds(): NodeId[] {
    return [...this.#control.state.cluster.brokers()].map(({ id }) => id)
  }

  /** @param brokerEpoch the one that the trace gives: a log of its own would give another */
  register(request: BrokerRegistrationRequest, brokerEpoch: number): BrokerRegistrationResponse {
    return this.#take(this.#control.registerBroker(request, brokerEpoch, NOW))
  }

  alterPartition(request: AlterPartitionRequest): AlterPartitionResponse {
    return this.#take(this.#control.alterPartition(request))
  }

  reassign(replicas: readonly NodeId[]): void {
    const request = { api: 'AlterReassignment', partition: PARTITION, replicas } as const
    const { error } = this.#take(this.#control.alterReassignment(request))
    if (error !== 'NONE') throw new Error(`the reassignment is refused: ${error}`)
  }

  /** Its session ends; that of one that is fenced already ended before. */
  fence(id: NodeId): void {
    const { cluster } = this.#control.state
    const broker = cluster.broker(id)
    if (broker === undefined || broker.fenced) return
    // As one that was heard last before its session ran out: the time of a session never goes back.
    cluster.heartbeats.removeSession(id)
    cluster.heartbeats.updateContactTime(id, broker.epoch, NOW - SESSION_TIMEOUT - 1)
    const { records, fenced } = this.#control.maybeFenceStaleBroker(NOW)
    if (fenced !== id) throw new Error(`broker ${fenced} is fenced in place of ${id}`)
    this.#take({ records, reply: null })
  }

  /** A heartbeat of a broker that has all metadata. */
  unfence(id: NodeId): void {
    const decision = this.#control.processBrokerHeartbeat(
      {
        api: 'BrokerHeartbeat',
        brokerId: id,
        brokerEpoch: this.#control.state.cluster.broker(id)?.epoch ?? -1,
        currentMetadataOffset: Number.MAX_SAFE_INTEGER,
        wantFence: false,
        wantShutDown: false,
      },
      NOW,
    )
    this.#take(decision)
  }

  #take<Reply>({ records, reply }: Decision<Reply>): Reply {
    for (const record of records) {
      this.#replay(record)
      if (record.type === 'PartitionChange') this.#records.set(++this.#metadataOffset, record)
    }
    return reply
  }

  #replay(record: MetadataRecord): void {
    this.#control.replay(record, this.#nextOffset++)
  }

  /** Under the trace's names. */
  view(): TraceController {
    const { registration } = this.#control.state.partition(PARTITION)
    const brokers: Record<string, { fenced: boolean; brokerEpoch: number }> = {}
    for (const { id, fenced, epoch } of this.#control.state.cluster.brokers()) {
      brokers[id] = { fenced, brokerEpoch: epoch }
    }
    const { leader, leaderEpoch, partitionEpoch } = registration
    return {
      partition: {
        replicas: ascending(registration.replicas),
        isr: ascending(registration.isr),
        elr: ascending(registration.elr),
        lastKnownElr: ascending(registration.lastKnownElr),
        leader,
        leaderEpoch,
        partitionEpoch,
        adding: ascending(registration.addingReplicas),
        removing: ascending(registration.removingReplicas),
      },
      metadataOffset: this.#metadataOffset,
      brokers,
    }
  }
}

/** A record that says all that a broker reads of a registration. */
function partitionRecord(
  from: Pick<TraceRegistration, 'replicas' | 'isr' | 'leader' | 'leaderEpoch' | 'partitionEpoch'>,
): PartitionRecord {
  const { replicas, isr, leader, leaderEpoch, partitionEpoch } = from
  return {
    type: 'Partition',
    partition: PARTITION,
    topic: TOPIC,
    number: 0,
    first: PARTITION,
    observers: [],
    recovery: 'RECOVERED',
    ...{ replicas, isr, leader, leaderEpoch, partitionEpoch },
  }
}

import { Broker } from '../../../../src/kafka/broker/broker.ts'
import { BROKER_CONFIG_DEFAULTS } from '../../../../src/kafka/broker/broker-config.ts'
import { BrokerLifecycleManager } from '../../../../src/kafka/broker/lifecycle-manager.ts'
import type { ReplicaFetcher } from '../../../../src/kafka/broker/replica-fetcher.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'
import { BrokerStore } from '../../../../src/kafka/log/broker-store.ts'
import type {
  FetchRequest,
  FetchResponse,
  Request,
  Response,
} from '../../../../src/kafka/messages.ts'
import { MetadataDelta } from '../../../../src/kafka/metadata/metadata-delta.ts'
import { MetadataImage } from '../../../../src/kafka/metadata/metadata-image.ts'
import type { MetadataRecord } from '../../../../src/kafka/metadata/records.ts'
import { TopicPartitions } from '../../../../src/kafka/metadata/topic-partitions.ts'
import type { RpcCaller, RpcClient } from '../../../../src/kafka/network/rpc.ts'
import type { Partition } from '../../../../src/kafka/partition/partition.ts'
import type { IsrProposal, IsrProposer } from '../../../../src/kafka/partition/partition-ports.ts'
import type { Guards } from '../../../../src/kafka/version.ts'
import { Disk } from '../../../../src/sim/disk.ts'
import { Random } from '../../../../src/sim/random.ts'
import { millis } from '../../../../src/sim/time.ts'
import { LOG_CONFIG, produced } from '../../../kafka/log/batches.ts'
import type { BrokerState, TraceConstants } from './format.ts'
import { type HeldClock, HeldContext } from './held-context.ts'
import { TOPIC } from './traced-controller.ts'

/** A request on its way; the controller is nobody's `to`. */
export interface Call {
  readonly to: NodeId | null
  readonly request: Request
  readonly caller: RpcCaller
}

interface Overtaken {
  readonly proposal: IsrProposal
  readonly proposer: IsrProposer
}

/** What came of the records that producers wait for. */
export interface Outcomes {
  readonly acked: string[]
  readonly failed: string[]
}

/** The node that answers for the controller. */
export const CONTROLLER: NodeId = -2

/** Record ids by value, and back. */
export class Values {
  readonly #values: string[] = []

  idOf(value: string): number {
    const at = this.#values.indexOf(value)
    return at >= 0 ? at : this.#values.push(value) - 1
  }

  valueOf(id: number): string {
    return this.#values[id] ?? ''
  }
}

/** What the brokers of one replay share. */
export interface Surroundings {
  readonly clock: HeldClock
  readonly constants: TraceConstants
  readonly guards: Guards
  readonly values: Values
}

/**
 * The production objects of one broker: its disk, and for each process the data plane and the
 * life-cycle manager. What they send piles up; nothing happens that the replay did not ask for.
 */
export class TracedBroker {
  readonly id: NodeId
  readonly store = new BrokerStore()
  state: BrokerState = 'OFFLINE'
  /** Partition records in the image. */
  metadataOffset = -1
  readonly sent: Call[] = []
  readonly outcomes: Outcomes = { acked: [], failed: [] }
  readonly #around: Surroundings
  /** Proposals whose answer is on its way although metadata has replaced the state behind them. */
  readonly #overtaken = new Map<Call, Overtaken>()
  readonly #waiting = new Set<string>()
  #process: { context: HeldContext; broker: Broker; lifecycle: BrokerLifecycleManager } | null =
    null
  #image = new MetadataImage()
  #delta = new MetadataDelta()
  /** The last request of each kind, to be answered by `answer`. */
  readonly #last = new Map<Request['api'], Call>()

  constructor(id: NodeId, around: Surroundings) {
    this.id = id
    this.#around = around
  }

  get broker(): Broker {
    if (this.#process === null) throw new Error(`broker ${this.id} does not run`)
    return this.#process.broker
  }

  get partition(): Partition | undefined {
    return this.#process?.broker.replicas.partitions.get(0)
  }

  get fetcher(): ReplicaFetcher | undefined {
    return this.#process?.broker.fetchers.fetcherOf(0)
  }

  /** Partition epoch that the last proposal went out from. */
  get proposedAt(): number {
    const request = this.#last.get('AlterPartition')?.request
    return request?.api === 'AlterPartition' ? (request.partitions[0]?.partitionEpoch ?? -1) : -1
  }

  /** Others that are in the committed ISR. */
  get followersInIsr(): readonly NodeId[] {
    return this.partition?.isrState.isr.filter((id) => id !== this.id) ?? []
  }

  get brokerEpoch(): number {
    if (this.state === 'RUNNING') return this.#process?.lifecycle.brokerEpoch ?? -1
    // A process that starts holds what its store holds; reading the file leaves it as it is.
    return this.store.markerEpoch
  }

  /** A new process on the disk as it is; it asks to be registered. */
  start(incarnation: number): void {
    const { clock } = this.#around
    const context = new HeldContext(clock)
    const channel = {
      send: (request: Request, caller: RpcCaller) => this.#send(null, request, caller),
    }
    const lifecycle = new BrokerLifecycleManager(
      {
        brokerId: this.id,
        rack: null,
        incarnation,
        heartbeatIntervalMs: 2_000,
        sessionTimeoutMs: 9_000,
        heartbeatRetriedEveryInterval: true,
        initialRegistrationTimeoutMs: 60_000,
      },
      context,
      channel,
      {
        metadataOffset: () => this.metadataOffset,
        onCaughtUp: () => {},
        onUnfenced: () => {},
        onShutdownGranted: () => {},
        onRegistrationTimeout: () => {},
      },
    )
    const broker = new Broker({
      context,
      config: {
        ...BROKER_CONFIG_DEFAULTS,
        nodeId: this.id,
        // One record a response.
        replicaFetchMaxBytes: 1,
        topicDefaults: {
          ...LOG_CONFIG,
          minInsyncReplicas: this.#around.constants.MinISR,
          observerPromotionPolicy: 'none',
        },
      },
      guards: this.#around.guards,
      disk: new Disk(() => clock.now, new Random(1, 2, 3, 4)),
      store: this.store,
      topics: topicNames(),
      controller: channel,
      forwardingChannel: () => channel,
      rpcFor: () => this.#rpc(),
      observer: null,
      groupObserver: null,
      recordIds: { next: () => 0 },
      brokerEpoch: () => lifecycle.brokerEpoch,
    })
    this.#process = { context, broker, lifecycle }
    this.state = 'STARTING'
    context.withTimers(0, () => lifecycle.start(this.store.readMarker()))
  }

  #rpc(): RpcClient {
    return {
      send: (node: NodeId, request: Request, _timeoutMs: number, caller: RpcCaller) =>
        this.#send(node, request, caller),
      disconnect: () => {},
    }
  }

  #send(to: NodeId | null, request: Request, caller: RpcCaller): void {
    const call = { to, request, caller }
    this.sent.push(call)
    this.#last.set(request.api, call)
  }

  /** Answers the last request of that kind. */
  #answer(api: Request['api'], response: Response): void {
    const call = this.#last.get(api)
    if (call === undefined) throw new Error(`broker ${this.id} has sent no ${api}`)
    call.caller.onReply(call.request, response, null, CONTROLLER)
  }

  /**
   * The controller's answer to the registration. The image begins one partition record before the
   * registration, and nothing of it is acted on yet.
   */
  registered(response: Response, peers: readonly NodeId[], past: readonly MetadataRecord[]): void {
    this.#answer('BrokerRegistration', response)
    this.state = 'RUNNING'
    this.store.open()
    this.#image = new MetadataImage()
    this.#delta = new MetadataDelta()
    for (const id of peers) {
      this.#replay({
        type: 'RegisterBroker',
        brokerId: id,
        // The image lags behind all of them but the broker itself.
        brokerEpoch: id === this.id ? this.brokerEpoch : -1,
        incarnation: 0,
        rack: null,
        fenced: false,
        inControlledShutdown: false,
      })
    }
    this.#replay({ type: 'Topic', name: TOPIC, configs: {} })
    for (const record of past) this.#replay(record)
  }

  #replay(record: MetadataRecord): void {
    this.#image.replay(record, this.#image.offset + 1, this.#delta)
  }

  /** One publication, whatever number of records it brings. */
  applyMetadata(records: readonly MetadataRecord[]): void {
    for (const record of records) this.#replay(record)
    const delta = this.#delta
    this.#delta = new MetadataDelta()
    this.broker.onMetadata(this.#image, delta)
  }

  /** The process ends. Who waits for an answer of it sees the connection closed. */
  stop(how: 'lossy' | 'clean' | 'unclean'): void {
    // A process that is killed while it starts has got as far as loading its logs.
    if (how === 'unclean' && this.state === 'STARTING') this.store.open()
    // The traces keep the high watermark over a stop; Kafka reads the last checkpoint.
    this.store.checkpointHighWatermarks()
    if (how === 'clean') this.broker.shutDown()
    else if (how === 'lossy') this.store.wipe()
    for (const value of this.#waiting) this.outcomes.failed.push(value)
    this.#waiting.clear()
    this.state = 'OFFLINE'
    this.#process = null
    this.#overtaken.clear()
  }

  /** A producer sends one record with acks=all. */
  produce(value: string): void {
    const batch = produced({ firstRecordId: this.#around.values.idOf(value) })
    const request = { api: 'Produce', acks: -1, timeoutMs: 30_000 } as const
    this.#waiting.add(value)
    this.broker.produces.handle(
      { ...request, partitions: [{ partition: 0, batch }] },
      { send: (response) => this.#onProduced(value, response), done: () => {} },
    )
  }

  #onProduced(value: string, response: Response | null): void {
    this.#waiting.delete(value)
    const error = response?.api === 'Produce' ? response.partitions[0]?.error : undefined
    const { acked, failed } = this.outcomes
    if (error === 'NONE') acked.push(value)
    else failed.push(value)
  }

  /** Serves a fetch; one without data waits until its time is over. */
  serve(request: FetchRequest): FetchResponse {
    const answers: FetchResponse[] = []
    const send = (response: Response | null) => {
      if (response?.api === 'Fetch') answers.push(response)
    }
    this.#process?.context.withTimers(millis(request.maxWaitMs), () =>
      this.broker.fetches.handle(request, { send, done: () => {} }),
    )
    const [answer] = answers
    if (answer === undefined) throw new Error('a fetch is answered once its wait is over')
    return answer
  }

  /**
   * A leader has one AlterPartition request on its way at a time; the traces send another where
   * metadata has replaced the state of the first. Then the first counts as answered.
   */
  settleOvertaken(): boolean {
    const manager = this.#process?.broker.alterPartition
    const item = manager?.inFlight?.[0]
    if (manager === undefined || item === undefined) return false
    if (this.partition?.isrState === item.proposal.pending) return false
    const call = this.#last.get('AlterPartition')
    if (call !== undefined) this.#overtaken.set(call, item)
    const error = 'OPERATION_NOT_ATTEMPTED'
    const rest = { leader: -1, leaderEpoch: -1, partitionEpoch: -1, isr: [] }
    const answer = { partition: 0, error, recovery: 'RECOVERED', ...rest } as const
    const response = { api: 'AlterPartition', error: 'NONE', partitions: [answer] } as const
    this.#answer('AlterPartition', response)
    return true
  }

  overtakenBy(call: Call | undefined): Overtaken | undefined {
    return call && this.#overtaken.get(call)
  }

  /** The answer to a proposal that was loaded as pending. */
  answerProposal(response: Response): void {
    if (this.#process?.broker.alterPartition.inFlight) this.#answer('AlterPartition', response)
  }
}

function topicNames(): TopicPartitions {
  const names = new TopicPartitions()
  names.add(TOPIC, 1)
  return names
}

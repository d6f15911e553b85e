import { Broker } from '../../../src/kafka/broker/broker.ts'
import {
  BROKER_CONFIG_DEFAULTS,
  type BrokerConfig,
} from '../../../src/kafka/broker/broker-config.ts'
import { FINAL_SESSION_EPOCH, NO_FETCH_SESSION, type NodeId } from '../../../src/kafka/ids.ts'
import { BrokerStore } from '../../../src/kafka/log/broker-store.ts'
import type {
  Acks,
  FetchPartition,
  FetchRequest,
  ProducedBatch,
  Request,
  Response,
} from '../../../src/kafka/messages.ts'
import { MetadataDelta } from '../../../src/kafka/metadata/metadata-delta.ts'
import { MetadataImage } from '../../../src/kafka/metadata/metadata-image.ts'
import type { MetadataRecord, PartitionRecord } from '../../../src/kafka/metadata/records.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import type { RpcCaller, RpcClient } from '../../../src/kafka/network/rpc.ts'
import type { Partition } from '../../../src/kafka/partition/partition.ts'
import { type GuardName, guardsFor } from '../../../src/kafka/version.ts'
import type { Process } from '../../../src/sim/process.ts'
import { type Micros, SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

export interface BenchOptions {
  readonly delay?: Micros
  readonly configs?: Readonly<Record<string, string>>
  readonly partitions?: number
  readonly broker?: Partial<BrokerConfig>
  readonly version?: string
  readonly guards?: Partial<Record<GuardName, boolean>>
}

/** One broker of the bench: process, store and, while it runs, the data plane. */
export class BenchBroker {
  readonly id: NodeId
  readonly process: Process
  readonly store = new BrokerStore()
  image = new MetadataImage()
  epoch = -1
  broker: Broker | null = null
  startsFenced = false
  /** Silent to everyone: its network is cut. */
  isCut = false

  constructor(id: NodeId, process: Process) {
    this.id = id
    this.process = process
  }

  get running(): Broker {
    if (this.broker === null) throw new Error(`broker ${this.id} does not run`)
    return this.broker
  }
}

/**
 * Brokers with a scripted controller: tests replay metadata records into each broker by hand.
 * The wire has one delay for everything and loses what concerns a cut or dead broker.
 */
export class BrokerBench {
  readonly world = new World({ seed: 'broker-bench' })
  readonly topics = new TopicPartitions()
  readonly brokers = new Map<NodeId, BenchBroker>()
  readonly toController: { readonly request: Request; readonly caller: RpcCaller }[] = []
  readonly requests: { readonly at: Micros; readonly from: NodeId; readonly request: Request }[] =
    []
  /** Hears every message that arrives somewhere. */
  onMessage: ((from: NodeId, to: NodeId, message: Request | Response) => void) | null = null
  readonly #delay: Micros
  readonly #options: BenchOptions
  readonly #log: MetadataRecord[] = []

  constructor(ids: readonly NodeId[], options: BenchOptions = {}) {
    this.#delay = options.delay ?? 1_000
    this.#options = options
    this.topics.add('t', options.partitions ?? 1)
    const zone = this.world.addZone('z', this.world.addRegion('r'))
    for (const id of ids) {
      const host = this.world.addHost(`h${id}`, zone)
      const process = this.world.addProcess(`b${id}`, host)
      const made = new BenchBroker(id, process)
      host.disk.register(made.store)
      this.brokers.set(id, made)
      process.onBoot = () => this.#boot(made)
      process.start()
    }
    this.world.scheduler.run(0)
    this.commit({ type: 'Topic', name: 't', configs: options.configs ?? {} })
  }

  #boot(made: BenchBroker): void {
    const { disk } = made.process.host
    made.image = new MetadataImage()
    made.store.open()
    made.broker = new Broker({
      context: made.process,
      config: { ...BROKER_CONFIG_DEFAULTS, ...this.#options.broker, nodeId: made.id },
      guards: guardsFor(this.#options.version ?? '4.1', this.#options.guards),
      disk,
      store: made.store,
      topics: this.topics,
      controller: { send: (request, caller) => this.toController.push({ request, caller }) },
      forwardingChannel: () => ({
        send: (request, caller) => this.toController.push({ request, caller }),
      }),
      rpcFor: () => this.#rpc(made),
      observer: null,
      groupObserver: null,
      recordIds: { next: () => 0 },
      brokerEpoch: () => made.epoch,
    })
    made.epoch = this.#log.length
    this.commit({
      type: 'RegisterBroker',
      brokerId: made.id,
      brokerEpoch: made.epoch,
      incarnation: made.process.incarnation,
      rack: `rack${made.id}`,
      fenced: made.startsFenced,
      inControlledShutdown: false,
    })
  }

  #rpc(from: BenchBroker): RpcClient {
    return {
      send: (node, request, timeoutMs, caller) => {
        this.requests.push({ at: this.world.now, from: from.id, request })
        const { process } = from
        let isOpen = true
        const answer = (response: Response | null, failed: boolean) => {
          if (!isOpen) return
          isOpen = false
          caller.onReply(request, response, failed ? 'timed-out' : null, node)
        }
        const to = this.brokers.get(node)
        if (to !== undefined) this.#carry(from, to, request, (response) => answer(response, false))
        process.after(
          timeoutMs * 1000,
          process.handler(() => answer(null, true)),
        )
      },
      disconnect: () => {},
    }
  }

  #carry(
    from: BenchBroker,
    to: BenchBroker,
    request: Request,
    answer: (response: Response | null) => void,
  ): void {
    const isDark = () => from.isCut || to.isCut
    const deliver = to.process.handler(() => {
      if (isDark()) return
      this.onMessage?.(from.id, to.id, request)
      const send = (response: Response | null) => {
        const back = from.process.handler(() => {
          if (isDark()) return
          if (response !== null) this.onMessage?.(to.id, from.id, response)
          answer(response)
        })
        from.process.after(this.#delay, back)
      }
      to.running.handle(request, { send, done: () => {} })
    })
    to.process.after(this.#delay, deliver)
  }

  /** Adds records to the metadata log and shows them to `to`, by default to all that run. */
  commit(record: MetadataRecord, to: readonly NodeId[] = [...this.brokers.keys()]): void {
    this.#log.push(record)
    for (const id of to) this.catchUp(id)
  }

  /** Shows a broker all that is committed, or all but the last records. */
  catchUp(id: NodeId, butLast = 0): void {
    const made = this.brokers.get(id)
    if (made === undefined || made.broker === null) return
    const delta = new MetadataDelta()
    for (let offset = made.image.offset + 1; offset < this.#log.length - butLast; offset++) {
      const record = this.#log[offset]
      if (record !== undefined) made.image.replay(record, offset, delta)
    }
    made.broker.onMetadata(made.image, delta)
  }

  create(partition: number, overrides: Partial<PartitionRecord> = {}): void {
    this.commit({
      type: 'Partition',
      partition,
      topic: 't',
      number: partition,
      first: 0,
      replicas: [...this.brokers.keys()],
      observers: [],
      isr: [...this.brokers.keys()],
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      recovery: 'RECOVERED',
      ...overrides,
    })
  }

  /** Sends a request as a client would; the answers pile up in the returned list. */
  ask(node: NodeId, request: Request): (Response | null | 'done')[] {
    const answers: (Response | null | 'done')[] = []
    const to = this.brokers.get(node)
    to?.running.handle(request, {
      send: (response) => answers.push(response),
      done: () => answers.push('done'),
    })
    return answers
  }

  /** The controller answers its oldest request with the ISRs asked for. */
  acceptIsr(): void {
    const call = this.toController.shift()
    if (call?.request.api !== 'AlterPartition') throw new Error('no AlterPartition to answer')
    const { request } = call
    call.caller.onReply(
      request,
      {
        api: 'AlterPartition',
        error: 'NONE',
        partitions: request.partitions.map((p) => ({
          partition: p.partition,
          error: 'NONE' as const,
          leader: request.brokerId,
          leaderEpoch: p.leaderEpoch,
          partitionEpoch: p.partitionEpoch + 1,
          isr: p.newIsr.map((member) => member.id),
          recovery: 'RECOVERED' as const,
        })),
      },
      null,
      100,
    )
  }

  run(micros: Micros): void {
    this.world.scheduler.run(this.world.now + micros)
    for (const { broker } of this.brokers.values()) broker?.assertWhole()
  }

  /** kill -9 and a start of the same broker, its disk as it was. */
  restart(id: NodeId, isFenced = false): void {
    const made = this.brokers.get(id)
    if (made === undefined) return
    made.startsFenced = isFenced
    made.process.crash()
    made.broker = null
    made.process.start()
    this.run(0)
  }

  /** kill -9; the page cache stays. */
  kill(id: NodeId): void {
    const made = this.brokers.get(id)
    made?.process.crash()
    if (made !== undefined) made.broker = null
  }

  /** The machine loses power: what was not synced goes, as far as chance has it. */
  powerLoss(id: NodeId): void {
    const made = this.brokers.get(id)
    this.kill(id)
    made?.process.host.disk.powerLoss()
  }

  start(id: NodeId): void {
    this.brokers.get(id)?.process.start()
    this.run(0)
  }

  /** Partition t-0 as a broker has it; null while the broker is down. */
  partitionOf(id: NodeId): Partition | null {
    return this.brokers.get(id)?.broker?.replicas.partitions.get(0) ?? null
  }

  broker(id: NodeId): Broker {
    const made = this.brokers.get(id)
    if (made === undefined) throw new Error(`no broker ${id}`)
    return made.running
  }

  cut(id: NodeId, isCut: boolean): void {
    const made = this.brokers.get(id)
    if (made !== undefined) made.isCut = isCut
  }

  log(id: NodeId, partition = 0) {
    const found = this.broker(id).replicas.partitions.get(partition)
    if (found === undefined) throw new Error(`broker ${id} has no partition ${partition}`)
    return found.log
  }
}

/** Brokers with one partition that have had a second to follow its leader. */
export function started(ids: readonly number[], options: BenchOptions = {}): BrokerBench {
  const bench = new BrokerBench(ids, options)
  bench.create(0)
  bench.run(SECOND)
  return bench
}

/** The error of an answer's first partition. */
export function errorOf(answers: readonly unknown[]): unknown {
  const [answer] = answers as { partitions: { error: string }[] }[]
  return answer?.partitions[0]?.error
}

export function produceOf(batch: ProducedBatch, acks: Acks, partition = 0): Request {
  return { api: 'Produce', acks, timeoutMs: 30_000, partitions: [{ partition, batch }] }
}

export function consumerFetch(entry: Partial<FetchPartition>, clientRack = ''): FetchRequest {
  return {
    api: 'Fetch',
    replicaId: -1,
    brokerEpoch: -1,
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 52_428_800,
    isolation: 'read_uncommitted',
    clientRack,
    sessionId: NO_FETCH_SESSION,
    sessionEpoch: FINAL_SESSION_EPOCH,
    partitions: [
      {
        partition: 0,
        currentLeaderEpoch: -1,
        fetchOffset: 0,
        lastFetchedEpoch: -1,
        logStartOffset: -1,
        maxBytes: 1_048_576,
        ...entry,
      },
    ],
  }
}

import { NodeToControllerChannel } from '../../../src/kafka/broker/controller-channel.ts'
import { BrokerLifecycleManager } from '../../../src/kafka/broker/lifecycle-manager.ts'
import { isControllerRequest } from '../../../src/kafka/controller/controller-requests.ts'
import { QuorumController } from '../../../src/kafka/controller/quorum-controller.ts'
import type { NodeId } from '../../../src/kafka/ids.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import { MetadataLoader } from '../../../src/kafka/metadata/metadata-loader.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { CONTROLLER_CHANNEL, RAFT_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import { ClientChannel } from '../../../src/kafka/network/client-channel.ts'
import { RequestChannel } from '../../../src/kafka/network/request-channel.ts'
import type { Reply } from '../../../src/kafka/network/rpc.ts'
import { SERVICE_TIMES } from '../../../src/kafka/network/service-times.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'
import { RaftThread } from '../../../src/kafka/raft/raft-thread.ts'
import { type Guards, guardsFor, type KafkaVersion } from '../../../src/kafka/version.ts'
import type { Host } from '../../../src/sim/host.ts'
import type { Process } from '../../../src/sim/process.ts'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'
import { RegionLinks } from '../network/region-links.ts'
import { quorumConfig } from '../raft/quorum-config.ts'

/** What a controller decided, as the metadata log of a real cluster shows it. */
export interface Decided {
  readonly at: Micros
  readonly by: NodeId
  readonly record: MetadataRecord
}

export interface VoterNode {
  readonly id: NodeId
  readonly host: Host
  readonly process: Process
  readonly store: QuorumStore
  raft: RaftThread | null
  controller: QuorumController | null
}

export interface BrokerNode {
  readonly id: NodeId
  readonly host: Host
  readonly process: Process
  readonly store: QuorumStore
  /** Survives the process, as the file of a clean shutdown does. */
  cleanShutdownEpoch: number
  loader: MetadataLoader | null
  lifecycle: BrokerLifecycleManager | null
}

export interface ControlPlaneOptions {
  readonly seed: string
  readonly voters?: readonly NodeId[]
  readonly brokers?: readonly NodeId[]
  readonly version?: KafkaVersion
  readonly guards?: Partial<Guards>
}

/** Controllers and brokers without data: one voter and one broker a region, 50 ms apart. */
export class ControlPlaneRig {
  readonly world: World
  readonly voters = new Map<NodeId, VoterNode>()
  readonly brokers = new Map<NodeId, BrokerNode>()
  readonly decided: Decided[] = []
  readonly topics = new TopicPartitions()
  readonly #guards: Guards
  readonly #links: RegionLinks

  constructor({ seed, voters, brokers, version, guards }: ControlPlaneOptions) {
    this.world = new World({ seed })
    this.#guards = guardsFor(version ?? '4.1', guards)
    const regions = voters ?? [101, 102, 103]
    for (const [i, id] of regions.entries()) this.#addVoter(id, i)
    for (const [i, id] of (brokers ?? [1, 2, 3]).entries()) this.#addBroker(id, i % regions.length)
    this.#links = new RegionLinks(this.world)
  }

  get now(): Micros {
    return this.world.now
  }

  start(): this {
    for (const { process } of this.voters.values()) process.start()
    for (const { process } of this.brokers.values()) process.start()
    return this
  }

  run(duration: Micros): this {
    this.world.scheduler.run(this.now + duration)
    return this
  }

  runUntil(what: string, condition: () => boolean, limit: Micros = 60 * SECOND): this {
    const until = this.now + limit
    while (!condition()) {
      if (this.now >= until) throw new Error(`not within ${limit / SECOND} s: ${what}`)
      this.run(MS)
    }
    return this
  }

  /** Starts and waits until every broker is unfenced. */
  startAndSettle(): this {
    this.start()
    const allRunning = () =>
      [...this.brokers.values()].every(({ lifecycle }) => lifecycle?.state === 'running')
    this.runUntil('all brokers run', allRunning)
    return this.run(5 * SECOND)
  }

  get active(): VoterNode {
    let best: VoterNode | null = null
    for (const voter of this.voters.values()) {
      const { process, controller } = voter
      if (process.state !== 'running' || controller?.isActive !== true) continue
      if (best === null || controller.claimEpoch > (best.controller?.claimEpoch ?? 0)) best = voter
    }
    if (best === null) throw new Error('no active controller')
    return best
  }

  voter(id: NodeId): VoterNode {
    const voter = this.voters.get(id)
    if (voter === undefined) throw new Error(`no voter ${id}`)
    return voter
  }

  broker(id: NodeId): BrokerNode {
    const broker = this.brokers.get(id)
    if (broker === undefined) throw new Error(`no broker ${id}`)
    return broker
  }

  loader(id: NodeId): MetadataLoader {
    const { loader } = this.broker(id)
    if (loader === null) throw new Error(`broker ${id} has not booted`)
    return loader
  }

  /** Hands a request to a controller as if it came over the wire; answers collect in the array. */
  ask(request: Request, voter: VoterNode = this.active): Response[] {
    const answers: Response[] = []
    const reply: Reply = {
      send: (response) => {
        if (response !== null) answers.push(response)
      },
      done: () => {},
    }
    voter.controller?.handle(request, reply)
    return answers
  }

  createTopic(name: string, replicas: readonly NodeId[], firstPartition = 0): void {
    const configs = { 'min.insync.replicas': '2' }
    const assignments = [replicas]
    const topic = { name, firstPartition, assignments, observers: [[]], configs }
    const answers = this.ask({ api: 'CreateTopic', ...topic })
    this.runUntil(`topic ${name}`, () => answers.length > 0).run(SECOND)
  }

  /** Decisions of a kind about a broker since `since`. */
  fencesOf(brokerId: NodeId, since: Micros): Decided[] {
    return this.decided.filter(
      ({ at, record }) =>
        at >= since &&
        record.type === 'BrokerRegistrationChange' &&
        record.brokerId === brokerId &&
        record.fenced === true,
    )
  }

  /** Cuts a host from all others, silently. */
  isolate(host: Host): void {
    this.#links.isolate(host)
  }

  healAll(): void {
    this.#links.healAll()
  }

  #zone(index: number) {
    const name = `r${index + 1}`
    return this.world.zones.get(name) ?? this.world.addZone(name, this.world.addRegion(name))
  }

  #addVoter(id: NodeId, region: number): void {
    const host = this.world.addHost(`host-${id}`, this.#zone(region))
    const process = this.world.addProcess(`controller-${id}`, host)
    const store = new QuorumStore()
    host.disk.register(store)
    const voter: VoterNode = { id, host, process, store, raft: null, controller: null }
    this.voters.set(id, voter)
    process.onBoot = () => this.#bootVoter(voter)
    process.onTerminate = () => {
      voter.raft?.resign(voter.raft.node.epoch)
      process.exit()
    }
  }

  #bootVoter(voter: VoterNode): void {
    const { id, process, store, host } = voter
    const controller = new QuorumController(this.#controllerConfig(id), process, store, this.topics)
    controller.observer = {
      onActive: () => {},
      onInactive: () => {},
      onDecision: (by, records) => {
        for (const record of records) this.decided.push({ at: this.now, by, record })
      },
    }
    const channel = this.#channel(process, RAFT_CHANNEL)
    const raft = new RaftThread(
      this.#raftConfig(id),
      store,
      process,
      channel,
      host.disk,
      controller,
    )
    controller.connect(raft)
    const handle = (request: Request, reply: Reply) =>
      (isControllerRequest(request) ? controller : raft).handle(request, reply)
    new RequestChannel(process, this.world.network, { handle }, SERVICE_TIMES)
    voter.raft = raft
    voter.controller = controller
    raft.start()
  }

  #addBroker(id: NodeId, region: number): void {
    const host = this.world.addHost(`host-${id}`, this.#zone(region))
    const process = this.world.addProcess(`broker-${id}`, host)
    const store = new QuorumStore()
    host.disk.register(store)
    const broker: BrokerNode = {
      id,
      host,
      process,
      store,
      cleanShutdownEpoch: -1,
      loader: null,
      lifecycle: null,
    }
    this.brokers.set(id, broker)
    process.onBoot = () => this.#bootBroker(broker)
    process.onTerminate = () => broker.lifecycle?.beginControlledShutdown()
  }

  #bootBroker(broker: BrokerNode): void {
    const { id, process, store, host } = broker
    const loader = new MetadataLoader()
    const channel = this.#channel(process, RAFT_CHANNEL)
    const raft = new RaftThread(this.#raftConfig(id), store, process, channel, host.disk, loader)
    const toController = new NodeToControllerChannel(
      process,
      this.#channel(process, { ...CONTROLLER_CHANNEL, requestTimeout: 2_000 * MS }),
      raft.node,
      { requestTimeoutMs: 2_000, retryTimeoutMs: 2_000 },
    )
    const config = {
      brokerId: id,
      rack: host.zone.region.name,
      incarnation: process.incarnation,
      heartbeatIntervalMs: 2_000,
      sessionTimeoutMs: 9_000,
      heartbeatRetriedEveryInterval: true,
      initialRegistrationTimeoutMs: 60_000,
    }
    const lifecycle = new BrokerLifecycleManager(config, process, toController, {
      metadataOffset: () => loader.lastAppliedOffset,
      onCaughtUp: () => lifecycle.setReadyToUnfence(),
      onUnfenced: () => {},
      onShutdownGranted: () => {
        broker.cleanShutdownEpoch = lifecycle.brokerEpoch
        process.exit()
      },
      onRegistrationTimeout: () => process.exit(),
    })
    broker.loader = loader
    broker.lifecycle = lifecycle
    raft.start()
    lifecycle.start(broker.cleanShutdownEpoch)
    broker.cleanShutdownEpoch = -1
  }

  #channel(process: Process, options: typeof RAFT_CHANNEL): ClientChannel {
    const processOf = (id: NodeId) => this.voters.get(id)?.process ?? null
    return new ClientChannel(process, this.world.network, { processOf }, options)
  }

  #raftConfig(nodeId: NodeId) {
    return quorumConfig(nodeId, [...this.voters.keys()], this.#guards)
  }

  #controllerConfig(nodeId: NodeId) {
    return {
      nodeId,
      options: {
        guards: this.#guards,
        sessionTimeout: 9 * SECOND,
        nodeId,
        minInsyncReplicas: 1,
        uncleanLeaderElectionEnable: false,
      },
      staleCheckEveryEighth: this.#guards.staleCheckEveryEighth,
      maxIdleIntervalMs: 500,
      autoLeaderRebalanceEnable: true,
      leaderImbalanceCheckIntervalSeconds: 300,
      uncleanLeaderElectionIntervalMs: 300_000,
      controllerServiceMicros: 500,
    }
  }
}

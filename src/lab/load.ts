// From a scenario's clients to producers and consumers on processes, restarted where they crash or
// where an operator has them start anew, at the same cluster or at another one.

import { ANONYMOUS } from '../faults/acl-rules.ts'
import type { History } from '../history.ts'
import { Consumer } from '../kafka/clients/consumer.ts'
import { Producer } from '../kafka/clients/producer.ts'
import type { Assignment } from '../kafka/clients/subscription.ts'
import type { NodeId, PartitionIndex } from '../kafka/ids.ts'
import type { NodeDirectory } from '../kafka/network/client-channel.ts'
import type { ClientSpec, ConsumerSpec, ProducerSpec, Scenario } from '../scenario/model.ts'
import type { Process } from '../sim/process.ts'
import type { World } from '../sim/world.ts'
import { AddressBook } from '../workload/address-book.ts'
import { throughProxy } from '../workload/proxied-addresses.ts'
import { Applications } from './clients/applications.ts'
import { LiveEndpoints } from './clients/endpoints.ts'
import { loadOf } from './clients/lanes.ts'
import { ManagedClient } from './clients/managed-client.ts'
import { channelOptionsOf, consumerConfigOf, producerConfigOf } from './config/clients.ts'
import { groupSettingsOf } from './config/groups.ts'
import { processAt } from './geography.ts'
import type { LiveCluster } from './live-cluster.ts'
import type { Causes } from './record/causes.ts'
import { ProducerRecorder } from './record/clients.ts'
import type { Clock } from './record/clock.ts'
import { type ClientRecord, ConsumerRecorder } from './record/deliveries.ts'
import { intercepted } from './record/interceptors.ts'
import { watchEnd } from './watch.ts'

export class Clients {
  readonly producers: string[] = []
  readonly consumers: string[] = []
  readonly endpoints: LiveEndpoints
  readonly #world: World
  readonly #scenario: Scenario
  readonly #clusters: readonly LiveCluster[]
  readonly #history: History
  readonly #causes: Causes
  readonly #clock: Clock
  readonly #record: Omit<ClientRecord, 'invariantsOf'>
  readonly #applications: Applications
  readonly #recorders: ProducerRecorder[] = []
  readonly #managed = new Map<string, ManagedClient>()

  constructor(
    world: World,
    scenario: Scenario,
    clusters: readonly LiveCluster[],
    record: Omit<ClientRecord, 'invariantsOf'>,
  ) {
    this.#world = world
    this.#scenario = scenario
    this.#clusters = clusters
    this.#history = record.history
    this.#causes = record.causes
    this.#clock = record.clock
    this.#record = record
    this.#applications = new Applications(scenario, (name) => this.#clusterOf(name))
    this.endpoints = new LiveEndpoints(world, clusters, scenario.endpoints)
  }

  /** Its process starts at `spec.start`, scenario time, or now where that is past. */
  addProducer(spec: ProducerSpec): Process {
    const recorder = new ProducerRecorder(this.#history, this.#causes, spec.name, this.#clock)
    this.#recorders.push(recorder)
    this.producers.push(spec.name)
    return this.#add(spec, (client) => this.#bootProducer(client, spec, recorder))
  }

  addConsumer(spec: ConsumerSpec): Process {
    const { name, region, cluster, application } = spec
    const said = application === undefined ? {} : { application }
    const group = spec.config['group.id'] ?? name
    const invariantsOf = (of: string) => this.#clusterOf(of).invariants
    const record = { ...this.#record, invariantsOf }
    const recorder = new ConsumerRecorder(record, { name, cluster, group, region, ...said })
    this.consumers.push(name)
    return this.#add(spec, (client) => this.#bootConsumer(client, spec, recorder))
  }

  /** A client by name; what an operator has to do with. */
  managed(name: string): ManagedClient {
    const found = this.#managed.get(name)
    if (found === undefined) throw new Error(`no client ${name}`)
    return found
  }

  /** What was sent and not decided becomes part of the history. */
  close(): void {
    for (const recorder of this.#recorders) recorder.close()
  }

  #add(
    spec: ClientSpec & { readonly topic: string; readonly start: number },
    boot: (client: ManagedClient) => void,
  ): Process {
    const process = processAt(this.#world, spec, this.#clusterOf(spec.cluster).spec.disk)
    const { cluster, topic, access } = spec
    const bootstrap = access?.bootstrap ?? [cluster]
    const client = new ManagedClient(spec.name, process, { cluster, topics: [topic], bootstrap })
    this.#managed.set(spec.name, client)
    process.onBoot = () => {
      client.booted()
      this.#history.clientStarted(spec.name, this.#clock.now())
      boot(client)
    }
    if (access?.standby !== true) process.start(Math.max(0, spec.start - this.#clock.now()))
    return process
  }

  #clusterOf(name: string): LiveCluster {
    const found = this.#clusters.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no cluster ${name}`)
    return found
  }

  /** The addresses of a process that boots, and the cluster that they lead to. */
  #whereTo({ seat, process }: ManagedClient, spec: ClientSpec) {
    const { region, access } = spec
    const from = this.endpoints.seenFrom(region)
    const as = access?.principal ?? ANONYMOUS
    const addresses = new AddressBook(seat.bootstrap, from, process, access?.dnsCache ?? 0, as)
    const { cluster, bootstrapNodes } = addresses
    const live = this.#clusterOf(cluster ?? seat.cluster)
    const proxy = this.endpoints.proxyFor(seat.bootstrap, { ...spec, disk: live.spec.disk })
    const client = { process, network: this.#world.network }
    const book = proxy === null ? addresses : throughProxy(addresses, proxy, client)
    return { book, bootstrapNodes, live }
  }

  #onEnd(client: ManagedClient, leave: () => void, more = () => {}): void {
    watchEnd(client.process, () => {
      leave()
      more()
      if (!client.isOrdered) this.#history.clientStopped(client.name, this.#clock.now())
    })
  }

  #bootProducer(client: ManagedClient, spec: ProducerSpec, observer: ProducerRecorder): void {
    const { process, seat } = client
    const { book, bootstrapNodes, live } = this.#whereTo(client, spec)
    const { cluster, spec: own } = live
    observer.onServed = () => client.served()
    const [topic = spec.topic] = seat.topics
    const all = cluster.topics.partitionsOf(topic)
    const streams = new Map<PartitionIndex, number>()
    const clock = { now: this.#world.now, origin: this.#clock.origin }
    const producer = new Producer(process, this.#world.network, book, {
      config: producerConfigOf(spec, this.#scenario.version),
      lanes: loadOf(spec, topic, all, clock, process.random('load')),
      topics: [topic],
      meant: new Map([[topic, all]]),
      bootstrapNodes,
      streamOf: (partition) => this.#streamOf(spec, partition, streams),
      observer,
      channel: channelOptionsOf(spec.config, own.knobs.clientServiceMicros),
    })
    observer.follow(producer)
    const leave = this.endpoints.follow(seat.bootstrap, producer.channel)
    this.#onEnd(client, leave, () => observer.close())
    const exit = process.handler(() => process.exit(), 'exit')
    client.close = () => producer.close(() => process.after(0, exit))
  }

  #bootConsumer(client: ManagedClient, spec: ConsumerSpec, observer: ConsumerRecorder): void {
    const { process } = client
    const left = spec.stop === null ? null : this.#clock.origin + spec.stop - this.#world.now
    // Who comes back from a crash when its time is over has nothing to do any more.
    if (left !== null && left <= 0) {
      process.exit()
      return
    }
    if (left !== null)
      process.after(
        left,
        process.handler(() => client.close(), 'stop'),
      )
    const { book, bootstrapNodes, live } = this.#whereTo(client, spec)
    const { failover } = spec
    const group = spec.config['group.id']
    const from = client.cameFrom(live.name, failover?.from ?? spec.cluster)
    observer.memory = this.#applications.memoryOf(group ?? spec.name, spec)
    const join = () => this.#joinGroup(client, spec, observer, { book, bootstrapNodes, live })
    client.close = () => process.exit()
    if (failover === undefined || from === null || group === null) {
      join()
      return
    }
    this.#onEnd(client, () => {})
    const { topics } = client.seat
    const { network } = this.#world
    const arrival = { process, network, from, live, group, topics }
    this.#applications.takeOver(failover, arrival, (offsets, error) => {
      observer.onTaken(from, offsets, error)
      join()
    })
  }

  #joinGroup(
    client: ManagedClient,
    spec: ConsumerSpec,
    observer: ConsumerRecorder,
    { book, bootstrapNodes, live }: Whereto,
  ): void {
    const { process, seat } = client
    const { version, guards } = this.#scenario
    const group = groupSettingsOf(spec)
    const all = new Map(
      seat.topics.map((topic) => [topic, live.cluster.topics.partitionsOf(topic)]),
    )
    observer.onServed = (batches) => {
      client.served()
      this.#applications.notes.note(spec.config['group.id'] ?? spec.name, batches)
    }
    const consumer = new Consumer(process, this.#world.network, book, {
      config: consumerConfigOf(spec, version, guards),
      topics: seat.topics,
      meant: all,
      assignments: group === null ? assignmentsOf(spec, [...all.values()], observer) : [],
      group,
      bootstrapNodes,
      observer: intercepted(observer, spec, process, this.#world.network, live),
      processTime: { perPoll: spec.processTime, perRecord: spec.processTimePerRecord },
      channel: channelOptionsOf(spec.config, live.spec.knobs.clientServiceMicros),
    })
    this.#onEnd(client, this.endpoints.follow(seat.bootstrap, consumer.channel))
    client.close = () => {
      consumer.close()
      process.exit()
    }
    process.onTerminate = client.close
  }

  /** A new incarnation writes streams of its own, so that record ids stay unique. */
  #streamOf(
    spec: ProducerSpec,
    partition: PartitionIndex,
    streams: Map<PartitionIndex, number>,
  ): number {
    const known = streams.get(partition)
    if (known !== undefined) return known
    const id = this.#history.streams.length
    this.#history.streams.push({ id, producer: spec.name, region: spec.region, partition })
    streams.set(partition, id)
    return id
  }
}

/** What a process that boots is given. */
interface Whereto {
  readonly book: NodeDirectory
  readonly bootstrapNodes: readonly NodeId[]
  readonly live: LiveCluster
}

/** Without a group: its partitions, each from where the application had come to. */
function assignmentsOf(
  spec: ConsumerSpec,
  topics: readonly (readonly PartitionIndex[])[],
  observer: ConsumerRecorder,
): Assignment[] {
  return topics.flatMap((all) =>
    all
      .filter((_, number) => spec.partitions?.includes(number) ?? true)
      .map((partition) => ({ partition, start: observer.positionOf(partition) })),
  )
}

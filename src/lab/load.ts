// From a scenario's clients to producers and consumers on processes, restarted where they crash.

import type { History } from '../history.ts'
import { Consumer } from '../kafka/clients/consumer.ts'
import { Producer } from '../kafka/clients/producer.ts'
import type { Lane } from '../kafka/clients/record-source.ts'
import type { Assignment } from '../kafka/clients/subscription.ts'
import type { PartitionIndex } from '../kafka/ids.ts'
import type { TopicPartitions } from '../kafka/metadata/topic-partitions.ts'
import type { ConsumerSpec, ProducerSpec, Scenario } from '../scenario/model.ts'
import type { Process } from '../sim/process.ts'
import type { Micros } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import { type Load, lanesOf, type Pace } from '../workload/load.ts'
import { channelOptionsOf, consumerConfigOf, producerConfigOf } from './config/clients.ts'
import { groupSettingsOf } from './config/groups.ts'
import { processAt } from './geography.ts'
import type { LiveCluster } from './live-cluster.ts'
import type { Causes } from './record/causes.ts'
import { ProducerRecorder } from './record/clients.ts'
import type { Clock } from './record/clock.ts'
import { type ClientRecord, ConsumerRecorder } from './record/deliveries.ts'
import { watchEnd } from './watch.ts'

export class Clients {
  readonly producers: string[] = []
  readonly consumers: string[] = []
  readonly #world: World
  readonly #scenario: Scenario
  readonly #clusters: readonly LiveCluster[]
  readonly #history: History
  readonly #causes: Causes
  readonly #clock: Clock
  readonly #record: Omit<ClientRecord, 'invariants'>
  readonly #recorders: ProducerRecorder[] = []

  constructor(
    world: World,
    scenario: Scenario,
    clusters: readonly LiveCluster[],
    record: Omit<ClientRecord, 'invariants'>,
  ) {
    this.#world = world
    this.#scenario = scenario
    this.#clusters = clusters
    this.#history = record.history
    this.#causes = record.causes
    this.#clock = record.clock
    this.#record = record
  }

  /** Its process starts at `spec.start`, scenario time, or now where that is past. */
  addProducer(spec: ProducerSpec): Process {
    const live = this.#clusterOf(spec)
    const process = processAt(this.#world, spec, live.spec.disk)
    const recorder = new ProducerRecorder(this.#history, this.#causes, spec.name, this.#clock)
    this.#recorders.push(recorder)
    this.producers.push(spec.name)
    process.onBoot = () => this.#bootProducer(process, spec, live, recorder)
    process.start(Math.max(0, spec.start - this.#clock.now()))
    return process
  }

  addConsumer(spec: ConsumerSpec): Process {
    const live = this.#clusterOf(spec)
    const process = processAt(this.#world, spec, live.spec.disk)
    const { name, region, cluster } = spec
    const group = spec.config['group.id'] ?? name
    const record = { ...this.#record, invariants: live.invariants }
    const recorder = new ConsumerRecorder(record, { name, cluster, group, region })
    this.consumers.push(name)
    process.onBoot = () => this.#bootConsumer(process, spec, live, recorder)
    process.start(Math.max(0, spec.start - this.#clock.now()))
    return process
  }

  /** What was sent and not decided becomes part of the history. */
  close(): void {
    for (const recorder of this.#recorders) recorder.close()
  }

  #clusterOf(spec: { readonly cluster: string }): LiveCluster {
    const found = this.#clusters.find(({ name }) => name === spec.cluster)
    if (found === undefined) throw new Error(`no cluster ${spec.cluster}`)
    return found
  }

  #bootProducer(
    process: Process,
    spec: ProducerSpec,
    { cluster, spec: { knobs } }: LiveCluster,
    observer: ProducerRecorder,
  ): void {
    const { version } = this.#scenario
    this.#history.clientStarted(spec.name, this.#clock.now())
    watchEnd(process, () => {
      observer.close()
      this.#history.clientStopped(spec.name, this.#clock.now())
    })
    const streams = new Map<PartitionIndex, number>()
    const producer = new Producer(process, this.#world.network, cluster, {
      config: producerConfigOf(spec, version),
      lanes: this.#lanes(process, spec, cluster.topics),
      topics: [spec.topic],
      bootstrapNodes: cluster.brokerIds,
      streamOf: (partition) => this.#streamOf(spec, partition, streams),
      observer,
      channel: channelOptionsOf(spec.config, knobs.clientServiceMicros),
    })
    observer.follow(producer)
  }

  #bootConsumer(
    process: Process,
    spec: ConsumerSpec,
    { cluster, spec: { knobs } }: LiveCluster,
    observer: ConsumerRecorder,
  ): void {
    const { version, guards } = this.#scenario
    this.#history.clientStarted(spec.name, this.#clock.now())
    watchEnd(process, () => this.#history.clientStopped(spec.name, this.#clock.now()))
    const group = groupSettingsOf(spec)
    const consumer = new Consumer(process, this.#world.network, cluster, {
      config: consumerConfigOf(spec, version, guards),
      topics: [spec.topic],
      assignments: group === null ? assignmentsOf(spec, cluster.topics, observer) : [],
      group,
      bootstrapNodes: cluster.brokerIds,
      observer,
      processTime: { perPoll: spec.processTime, perRecord: spec.processTimePerRecord },
      channel: channelOptionsOf(spec.config, knobs.clientServiceMicros),
    })
    process.onTerminate = () => {
      consumer.close()
      process.exit()
    }
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

  #lanes(process: Process, spec: ProducerSpec, topics: TopicPartitions): Lane[] {
    const all = topics.partitionsOf(spec.topic)
    const chosen = spec.partitions
    const random = process.random('load')
    const base = { topic: spec.topic, payloadBytes: spec.recordBytes }
    if (chosen === null) {
      const spread =
        spec.keys === null
          ? { kind: 'sticky' as const }
          : { kind: 'keyed' as const, keys: spec.keys }
      const load: Load = { ...base, partitions: all, pace: this.#pace(spec, 1), spread }
      return [...lanesOf(load, random)]
    }
    return chosen.flatMap((number) => {
      const partition = all[number]
      const spread = { kind: 'partition' as const, partition }
      const pace = this.#pace(spec, 1 / chosen.length)
      return [...lanesOf({ ...base, partitions: all, pace, spread }, random)]
    })
  }

  /** World times; what lies before now is over and is not sent again after a restart. */
  #pace(spec: ProducerSpec, share: number): Pace {
    const { origin } = this.#clock
    const from: Micros = Math.max(this.#world.now, origin + spec.start)
    const until: Micros = origin + spec.stop
    const { load } = spec
    if (load.kind === 'closed') {
      return {
        kind: 'closed',
        from,
        until,
        outstanding: load.inFlight,
        thinkTime: load.thinkTime,
      }
    }
    const phases = load.steps.map((step, i) => ({
      from: Math.max(from, origin + step.at),
      until: Math.min(until, origin + (load.steps[i + 1]?.at ?? spec.stop)),
      recordsPerSecond: step.recordsPerSecond * share,
    }))
    return { kind: 'open', phases: phases.filter((phase) => phase.until > phase.from) }
  }
}

/** Without a group: its partitions, each from where the application had come to. */
function assignmentsOf(
  spec: ConsumerSpec,
  topics: TopicPartitions,
  observer: ConsumerRecorder,
): Assignment[] {
  return topics
    .partitionsOf(spec.topic)
    .filter((index) => spec.partitions?.includes(topics.numberOf(index)) ?? true)
    .map((partition) => ({ partition, start: observer.positionOf(partition) }))
}

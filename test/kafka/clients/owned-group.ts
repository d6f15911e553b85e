// Consumers of one group on a real cluster, each called by an owner that writes down what it heard.

import { Consumer, type ConsumerOptions } from '../../../src/kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import type { GroupSettings } from '../../../src/kafka/clients/group/group-settings.ts'
import type { CommittedOffset } from '../../../src/kafka/group-messages.ts'
import type { PartitionIndex } from '../../../src/kafka/ids.ts'
import { Simulation } from '../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import type { Process } from '../../../src/sim/process.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'

const TEXT = `
duration: 3600s
settle: 0s
regions: {eu: {}, us: {}}
network: {rtt: {us ~ eu: 20ms}}
cluster: {brokers: {eu: 3}, controllers: {eu: 1}}
topics:
  - {name: __consumer_offsets, partitions: 1, replicationFactor: 3}
  - {name: orders, partitions: 4}
producers:
  - {name: shop, region: us, topic: orders, rate: 100/s, keys: 100}
`

export const GROUP: GroupSettings = {
  group: 'copiers',
  instance: '',
  clientId: 'copier',
  clientHost: '/us',
  protocol: 'classic',
  rack: '',
  watchesRacks: false,
  assignors: ['range'],
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 3_000,
  maxPollIntervalMs: 300_000,
  requestTimeoutMs: 30_000,
  apiTimeoutMs: 60_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  commit: { kind: 'none' },
}

export interface OwnerOptions {
  readonly group?: Partial<GroupSettings>
  /** Seconds that it stands in onPartitionsRevoked, and what it commits there. */
  readonly revocation?: { readonly seconds: number; readonly commits: readonly CommittedOffset[] }
  readonly consumer?: Partial<ConsumerOptions>
}

/** An owner that polls for a second at a time, again and again. */
export class Owner {
  readonly told: string[] = []
  readonly process: Process
  private made: Consumer | null = null
  private readonly rig: OwnedGroup
  private readonly options: OwnerOptions
  isPolling = true

  constructor(rig: OwnedGroup, name: string, options: OwnerOptions) {
    this.rig = rig
    this.options = options
    this.process = rig.process(name, () => this.boot())
    this.process.start(0)
  }

  get consumer(): Consumer {
    if (this.made === null) throw new Error('not booted')
    return this.made
  }

  /** Numbers of the partitions that it has. */
  get owned(): number[] {
    return this.rig.numbers(this.consumer.subscription.owned)
  }

  note(text: string): void {
    this.told.push(`${Math.round(this.rig.now * 1_000)} ${text}`)
  }

  poll(): void {
    this.consumer.poll(1_000, () => {
      this.note('polled')
      if (this.isPolling) this.poll()
    })
  }

  /** Without the lines about polls. */
  get story(): string[] {
    return this.told.filter((line) => !line.endsWith('polled'))
  }

  private boot(): void {
    const { cluster } = this.rig.simulation
    const { group, consumer } = this.options
    this.made = new Consumer(this.process, this.rig.simulation.world.network, cluster, {
      config: { ...CONSUMER_DEFAULTS, autoOffsetReset: 'earliest' },
      topics: ['orders'],
      assignments: [],
      group: { ...GROUP, ...group },
      bootstrapNodes: cluster.brokerIds,
      polls: 'by-owner',
      observer: { onDelivered: () => {} },
      listener: {
        onPartitionsRevoked: (partitions, done) => this.revoked(partitions, done),
        onPartitionsLost: (partitions) => this.note(`lost ${this.rig.numbers(partitions)}`),
        onPartitionsAssigned: (partitions) => this.note(`gets ${this.rig.numbers(partitions)}`),
      },
      ...consumer,
    })
    this.poll()
  }

  private revoked(partitions: readonly PartitionIndex[], done: () => void): void {
    const { seconds, commits } = this.options.revocation ?? { seconds: 0, commits: [] }
    this.note(`revokes ${this.rig.numbers(partitions)} of ${this.owned}`)
    const timer = this.process.timer(() => {
      this.consumer.commitSync(commits, (outcome) => {
        this.note(outcome)
        done()
      })
    })
    timer.arm(seconds * SECOND)
  }
}

export class OwnedGroup {
  readonly simulation = new Simulation(scenarioOf(TEXT, 'owned-group.yaml'), 'owned')

  constructor() {
    this.simulation.boot()
  }

  process(name: string, build: () => void): Process {
    const { world } = this.simulation
    const zone = [...world.zones.values()].at(-1)
    if (zone === undefined) throw new Error('no zone')
    const process = world.addProcess(name, world.addHost(name, zone))
    process.onBoot = build
    return process
  }

  owner(name: string, options: OwnerOptions = {}): Owner {
    const owner = new Owner(this, name, options)
    this.run(0.001)
    return owner
  }

  /** A hundred records a second, to every partition. */
  produce(): void {
    for (const producer of this.simulation.scenario.producers) {
      this.simulation.clients.addProducer(producer)
    }
  }

  numbers(partitions: readonly PartitionIndex[]): number[] {
    return partitions.map((one) => this.simulation.cluster.topics.numberOf(one))
  }

  partition(number: number): PartitionIndex {
    return this.simulation.cluster.topics.partitionsOf('orders')[number] ?? -1
  }

  get now(): number {
    return this.simulation.now / SECOND
  }

  run(seconds: number): void {
    this.simulation.advance(this.simulation.now + Math.round(seconds * SECOND))
  }

  until(isDone: () => boolean): number {
    const limit = this.simulation.now + 600 * SECOND
    if (!this.simulation.advanceUntil(isDone, 10 * MS, limit)) throw new Error('it never came so')
    return this.now
  }
}

// A small cluster in the middle of its life, with a producer and a group of either protocol: what a
// test takes a part of to break.

import type { Broker } from '../../../src/kafka/broker/broker.ts'
import { Consumer } from '../../../src/kafka/clients/consumer.ts'
import { Producer } from '../../../src/kafka/clients/producer.ts'
import type { ControllerState } from '../../../src/kafka/controller/controller-state.ts'
import type { ClassicGroup } from '../../../src/kafka/groups/classic-group.ts'
import type { ConsumerGroup } from '../../../src/kafka/groups/consumer-group.ts'
import type { GroupShard } from '../../../src/kafka/groups/group-shard.ts'
import type { PartitionLog } from '../../../src/kafka/log/partition-log.ts'
import type { KafkaNode } from '../../../src/kafka/node.ts'
import type { Partition } from '../../../src/kafka/partition/partition.ts'
import type { LeaderState } from '../../../src/kafka/raft/leader-state.ts'
import type { RaftNode } from '../../../src/kafka/raft/raft-node.ts'
import { Simulation } from '../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { assertStatesWhole } from '../../../src/sim/state-checks.ts'
import { SECOND } from '../../../src/sim/time.ts'

const IDS = [1, 2, 3]

const DOCUMENT = {
  scenario: 'living',
  version: '4.1',
  seed: 'living',
  duration: '60s',
  regions: { r1: {}, r2: {}, r3: {} },
  network: { rtt: { 'r1 ~ r2': '20ms', 'r1 ~ r3': '20ms', 'r2 ~ r3': '20ms' } },
  cluster: {
    brokers: IDS.map((id) => ({ id, region: `r${id}` })),
    controllers: IDS.map((id) => ({ id: 100 + id, region: `r${id}` })),
    config: { 'offsets.topic.num.partitions': 1, 'min.insync.replicas': 2 },
  },
  topics: [
    { name: '__consumer_offsets', assignment: [IDS] },
    { name: 'orders', assignment: [IDS, [1, 3, 2]] },
  ],
  producers: [{ name: 'shop', region: 'r1', topic: 'orders', rate: '10/s', recordBytes: '1KiB' }],
  consumers: ['classic', 'consumer'].map((protocol) => ({
    ...{ name: protocol, region: 'r2', topic: 'orders' },
    config: { 'auto.offset.reset': 'earliest', 'group.id': protocol, 'group.protocol': protocol },
  })),
}

/** Broker 1 leads both partitions of orders and coordinates both groups. */
export class Living {
  readonly simulation: Simulation

  constructor() {
    const scenario = scenarioOf(JSON.stringify(DOCUMENT), 'living.json')
    this.simulation = new Simulation(scenario, scenario.seed)
    this.simulation.boot()
    for (const producer of scenario.producers) this.simulation.clients.addProducer(producer)
    for (const consumer of scenario.consumers) this.simulation.clients.addConsumer(consumer)
    this.simulation.advance(10 * SECOND)
  }

  get now(): number {
    return this.simulation.world.now
  }

  look(): void {
    assertStatesWhole(this.simulation.world)
  }

  node(id: number): KafkaNode {
    return found(this.simulation.cluster.nodes.get(id), `node ${id}`)
  }

  broker(id: number): Broker {
    return found(this.node(id).role?.broker, `broker ${id}`)
  }

  /** Of partition 0 of orders. */
  partition(broker: number): Partition {
    const index = found(this.controller.topics.get('orders')?.[0], 'orders')
    return found(this.broker(broker).replicas.partitions.get(index), 'partition')
  }

  log(broker: number): PartitionLog {
    return this.partition(broker).log
  }

  /** The producer's own objects, and those of the member of a group. */
  get producer(): Producer {
    return this.#memoryOf('shop', Producer)
  }

  get reader(): Consumer {
    return this.#memoryOf('classic', Consumer)
  }

  #memoryOf<T>(name: string, kind: new (...args: never[]) => T): T {
    const process = found(this.simulation.world.processes.get(name), name)
    for (const state of process.memory) if (state instanceof kind) return state
    throw new Error(`${name} has none`)
  }

  get controller(): ControllerState {
    return found(this.simulation.cluster.activeController, 'controller').control.state
  }

  raft(id: number): RaftNode {
    return found(this.node(id).raft, 'raft').node
  }

  /** What the leader of the quorum knows of the others. */
  get progress(): LeaderState {
    const { state } = this.raft(this.simulation.cluster.activeControllerId)
    if (state.name !== 'Leader') throw new Error('no leader')
    return state.progress
  }

  get shard(): GroupShard {
    return found(this.broker(1).groups.shards[0], 'shard')
  }

  get classic(): ClassicGroup {
    const group = this.shard.groups.get('classic')
    if (group?.kind !== 'classic') throw new Error('no classic group')
    return group
  }

  get consumer(): ConsumerGroup {
    const group = this.shard.groups.get('consumer')
    if (group?.kind !== 'consumer') throw new Error('no consumer group')
    return group
  }
}

export function found<T>(thing: T | null | undefined, name: string): T {
  if (thing == null) throw new Error(`no ${name}`)
  return thing
}

/** The first of several; throws where there is none. */
export function first<T>(things: Iterable<T>): T {
  for (const thing of things) return thing
  throw new Error('there is none')
}

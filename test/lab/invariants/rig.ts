// A cluster under the watch: three regions, a quorum apart from the brokers, one partition, one
// producer beside broker 1. A test breaks a part of the model in place and tells a story.

import type { Broker } from '../../../src/kafka/broker/broker.ts'
import type { QuorumController } from '../../../src/kafka/controller/quorum-controller.ts'
import type { PartitionLog } from '../../../src/kafka/log/partition-log.ts'
import type { KafkaNode } from '../../../src/kafka/node.ts'
import type { Partition } from '../../../src/kafka/partition/partition.ts'
import type { GuardName } from '../../../src/kafka/version.ts'
import type { Violation, WatchOptions } from '../../../src/lab/invariants/violations.ts'
import { Simulation } from '../../../src/lab/simulation.ts'
import type { Scenario } from '../../../src/scenario/model.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { SECOND } from '../../../src/sim/time.ts'

/** What differs from the plain cluster, in the words of a scenario. */
export interface Setting {
  readonly guards?: Partial<Record<GuardName, boolean>>
  readonly minIsr?: number
  readonly acks?: 'all' | '1'
  readonly replicas?: readonly number[]
  readonly consumer?: boolean
  readonly config?: Readonly<Record<string, string | number | boolean>>
  /** Entries of a scenario's timetable. */
  readonly faults?: readonly Readonly<Record<string, unknown>>[]
  /** Runs to here, seconds; 40 by default. */
  readonly until?: number
}

/** Breaks something, when the cluster is up and before anything is sent. */
export type Bug = (cluster: Broken) => void

/** The parts of a running cluster that a bug may be put into. */
export class Broken {
  readonly simulation: Simulation

  constructor(simulation: Simulation) {
    this.simulation = simulation
  }

  node(id: number): KafkaNode {
    const node = this.simulation.cluster.nodes.get(id)
    if (node === undefined) throw new Error(`no node ${id}`)
    return node
  }

  broker(id: number): Broker {
    const { role } = this.node(id)
    if (role === null) throw new Error(`node ${id} is no broker`)
    return role.broker
  }

  partition(broker: number): Partition {
    const partition = this.broker(broker).replicas.partitions.get(0)
    if (partition === undefined) throw new Error(`broker ${broker} has no replica`)
    return partition
  }

  log(broker: number): PartitionLog {
    return this.partition(broker).log
  }

  get controller(): QuorumController {
    const controller = this.simulation.cluster.activeController
    if (controller === null) throw new Error('no controller is active')
    return controller
  }
}

/** Runs the story and gives the numbers of what broke, each once, in the order of breaking. */
export function brokenBy(setting: Setting, bug: Bug = () => {}, despiteGuards = true): string[] {
  const violations: Violation[] = []
  watched(setting, bug, { despiteGuards, onViolation: (each) => violations.push(each) })
  return [...new Set(violations.map(({ number }) => number))]
}

/** The same with the violations as they are met by `options`; by default the first one throws. */
export function watched(setting: Setting, bug: Bug, options: WatchOptions = {}): Simulation {
  const scenario = scenarioFor(setting)
  const simulation = new Simulation(scenario, scenario.seed, options)
  simulation.boot()
  bug(new Broken(simulation))
  for (const producer of scenario.producers) simulation.clients.addProducer(producer)
  for (const consumer of scenario.consumers) simulation.clients.addConsumer(consumer)
  simulation.faults.schedule(scenario.faults)
  simulation.advance((setting.until ?? 40) * SECOND)
  simulation.close()
  return simulation
}

/** The cluster and its story as a scenario of ten minutes. */
export function scenarioFor(setting: Setting): Scenario {
  return scenarioOf(JSON.stringify(documentOf(setting)), 'rig.yaml')
}

function documentOf(setting: Setting): Record<string, unknown> {
  const { replicas = [1, 2, 3], minIsr = 1, acks = 'all' } = setting
  return {
    scenario: 'invariant-rig',
    version: '4.1',
    seed: 'rig',
    duration: '600s',
    settle: '0s',
    guards: setting.guards ?? {},
    regions: { r1: {}, r2: {}, r3: {}, quorum: {} },
    network: {
      rtt: {
        ...{ 'r1 ~ r2': '60ms', 'r1 ~ r3': '70ms', 'r2 ~ r3': '80ms' },
        ...{ 'r1 ~ quorum': '10ms', 'r2 ~ quorum': '10ms', 'r3 ~ quorum': '10ms' },
      },
    },
    cluster: {
      brokers: [1, 2, 3].map((id) => ({ id, region: `r${id}` })),
      controllers: [101, 102, 103].map((id) => ({ id, region: 'quorum' })),
      config: { 'replica.lag.time.max.ms': 5_000, ...setting.config },
    },
    topics: [{ name: 'orders', assignment: [replicas], config: { 'min.insync.replicas': minIsr } }],
    producers: [
      {
        ...{ name: 'shop', region: 'r1', topic: 'orders', rate: '50/s', recordBytes: '1KiB' },
        config: {
          ...{ acks, 'enable.idempotence': false, 'request.timeout.ms': 3_000, retries: 1_000 },
        },
      },
    ],
    consumers:
      setting.consumer === true
        ? [{ name: 'reader', region: 'r1', topic: 'orders', config: {} }]
        : [],
    faults: setting.faults ?? [],
  }
}

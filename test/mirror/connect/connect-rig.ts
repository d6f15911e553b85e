// A real cluster of one region, and hosts beside it on which Connect workers run.

import { Simulation } from '../../../src/lab/simulation.ts'
import type { ClusterPort } from '../../../src/mirror/cluster-port.ts'
import type { LogTopic } from '../../../src/mirror/connect/log-topic.ts'
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
`

/** A topic as a worker creates it. */
export function topicOf(name: string, partitions: number): LogTopic {
  const configs = { 'cleanup.policy': 'compact' }
  return { name, making: { partitions, replicationFactor: 3, configs } }
}

export class ConnectRig {
  readonly simulation: Simulation
  readonly cluster: ClusterPort

  constructor(seed = 'connect') {
    this.simulation = new Simulation(scenarioOf(TEXT, 'connect.yaml'), seed)
    this.simulation.boot()
    const { cluster } = this.simulation
    this.cluster = {
      name: 'B',
      directory: cluster,
      topics: cluster.topics,
      bootstrapNodes: [...cluster.brokerIds],
    }
  }

  /** A process in the other region; `build` makes what runs in it at each boot. */
  process(name: string, build: (process: Process) => void): Process {
    const { world } = this.simulation
    const zone = world.zones.get('us-a') ?? [...world.zones.values()].at(-1)
    if (zone === undefined) throw new Error('no zone')
    const process = world.addProcess(name, world.addHost(name, zone))
    process.onBoot = () => build(process)
    return process
  }

  /** Seconds of the scenario. */
  get now(): number {
    return this.simulation.now / SECOND
  }

  /** Runs so many seconds on. */
  run(seconds: number): void {
    this.simulation.advance(this.simulation.now + Math.round(seconds * SECOND))
  }

  /** Runs until it is so; the second at which it was first seen. */
  until(isDone: () => boolean, seconds = 600): number {
    const limit = this.simulation.now + seconds * SECOND
    if (!this.simulation.advanceUntil(isDone, 10 * MS, limit)) throw new Error('it never came so')
    return this.now
  }
}

import {
  ADMIN_DEFAULTS,
  type AdminConfig,
} from '../../../../src/kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../../../src/kafka/clients/admin/kafka-admin-client.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'
import { Simulation } from '../../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../../src/scenario/parse.ts'
import type { Host } from '../../../../src/sim/host.ts'
import { MS } from '../../../../src/sim/time.ts'

export const ADMIN_SCENARIO = `
duration: 600s
regions: {us: {}, eu: {}, ap: {}}
network: {rtt: {us ~ eu: 20ms, us ~ ap: 40ms, eu ~ ap: 40ms}}
clusters:
  A:
    brokers: [{id: 1, region: us}, {id: 2, region: eu}]
    controllers: [{id: 9, region: ap}]
    config: {offsets.topic.replication.factor: 2, offsets.topic.num.partitions: 2}
topics:
  - {name: orders, cluster: A, partitions: 2, replicationFactor: 2}
`

/** A cluster of two brokers, a controller apart, and a process in the first region for a client. */
export class AdminWorld {
  readonly sim: Simulation
  readonly #cuts = new Map<string, () => void>()

  constructor(text = ADMIN_SCENARIO) {
    this.sim = new Simulation(scenarioOf(text, 'admin.yaml'), '1')
    this.sim.boot()
  }

  admin(bootstrapNodes: readonly NodeId[] = [1, 2], config: Partial<AdminConfig> = {}) {
    const { world, cluster } = this.sim
    const zone = cluster.nodes.get(1)?.process.host.zone
    if (zone === undefined) throw new Error('no zone')
    const process = world.addProcess(
      `admin-${world.hosts.size}`,
      world.addHost(`admin-${world.hosts.size}`, zone),
    )
    const made: KafkaAdminClient[] = []
    process.onBoot = () => {
      const options = { config: { ...ADMIN_DEFAULTS, ...config }, bootstrapNodes }
      made.push(new KafkaAdminClient(process, world.network, cluster, options))
    }
    process.start()
    this.runMs(0)
    const [admin] = made
    if (admin === undefined) throw new Error('not booted')
    return admin
  }

  /** The scenario's own producers and consumers. */
  startClients(): void {
    const { scenario, clients } = this.sim
    for (const producer of scenario.producers) clients.addProducer(producer)
    for (const consumer of scenario.consumers) clients.addConsumer(consumer)
  }

  runMs(ms: number): void {
    this.sim.advance(this.sim.now + ms * MS)
  }

  get nowMs(): number {
    return this.sim.now / MS
  }

  /** Nothing passes between two nodes until `heal`. */
  cut(a: NodeId, b: NodeId): void {
    const [one, other] = [this.#host(a), this.#host(b)]
    const test = (from: Host, to: Host) => {
      const isCut = (from === one && to === other) || (from === other && to === one)
      return isCut ? ('drop' as const) : ('pass' as const)
    }
    const key = `${a}-${b}`
    this.#cuts.set(key, this.sim.world.network.addRule({ name: `cut ${key}`, test }))
  }

  heal(a: NodeId, b: NodeId): void {
    this.#cuts.get(`${a}-${b}`)?.()
  }

  #host(node: NodeId): Host {
    const host = this.sim.cluster.nodes.get(node)?.process.host
    if (host === undefined) throw new Error(`no node ${node}`)
    return host
  }
}

// A schema registry in a simulation: a process for each instance, which a supervisor starts again
// where it ends because it could not start.

import { SchemaRegistry, type SchemaRegistryConfig } from '../../registry/schema-registry.ts'
import type { RegistryInstanceSpec, RegistrySpec } from '../../scenario/registries.ts'
import type { Process } from '../../sim/process.ts'
import { type Micros, SECOND } from '../../sim/time.ts'
import { processAt } from '../geography.ts'
import { tellOf } from '../links/link-events.ts'
import type { ReplicatorSurroundings } from '../links/replicator.ts'
import type { LiveCluster } from '../live-cluster.ts'

/** What registries are built from. */
export interface RegistrySurroundings extends Omit<ReplicatorSurroundings, 'clusterOf'> {
  clusterOf(name: string): LiveCluster
}

/** As long as Kubernetes waits before it starts a container again that has ended once. */
const START_AGAIN: Micros = 10 * SECOND

/**
 * A start that failed counts as ready too: a run is not kept waiting by a registry that cannot come
 * up.
 */
export class LiveRegistry {
  readonly #spec: RegistrySpec
  readonly #around: RegistrySurroundings
  readonly #processes: readonly Process[]
  readonly #ready = new Set<string>()

  constructor(spec: RegistrySpec, around: RegistrySurroundings) {
    this.#spec = spec
    this.#around = around
    this.#processes = spec.instances.map((instance) => this.#processOf(instance))
  }

  get name(): string {
    return this.#spec.name
  }

  /** Once, when its cluster is up. */
  start(): void {
    for (const process of this.#processes) process.start()
  }

  /** Every instance has served, or will after a new start. */
  isReady(): boolean {
    return this.#processes.every(({ name }) => this.#ready.has(name))
  }

  #processOf(instance: RegistryInstanceSpec): Process {
    const { world, clusterOf } = this.#around
    const process = processAt(world, instance, clusterOf(this.#spec.cluster).spec.disk)
    process.onBoot = () => this.#boot(process, instance)
    return process
  }

  #boot(process: Process, instance: RegistryInstanceSpec): void {
    const { world, recordIds, clusterOf } = this.#around
    const tell = tellOf(this.#around, process.name, 'schema registry')
    new SchemaRegistry({
      ...{ process, network: world.network, recordIds, tell },
      cluster: clusterOf(this.#spec.cluster).portAs(this.#spec.principal),
      config: configOf(this.#spec, instance),
      find: (url) => world.processes.get(url) ?? null,
      onReady: () => this.#ready.add(process.name),
      onFailed: (what) => {
        tell('registry-failed', `ends: it ${what}; started again in 10 s`)
        this.#ready.add(process.name)
        process.exit()
        process.start(START_AGAIN)
      },
    })
  }
}

function configOf(
  { config: c, isReadOnly }: RegistrySpec,
  { isEligible }: RegistryInstanceSpec,
): SchemaRegistryConfig {
  return {
    topic: c['kafkastore.topic'] ?? '_schemas',
    replicationFactor: c['kafkastore.topic.replication.factor'],
    initTimeoutMs: c['kafkastore.init.timeout.ms'],
    timeoutMs: c['kafkastore.timeout.ms'],
    group: c['schema.registry.group.id'] ?? 'schema-registry',
    isEligible,
    isSticky: c['leader.election.sticky'],
    isReadOnly,
    sessionTimeoutMs: c['kafkagroup.session.timeout.ms'],
    heartbeatIntervalMs: c['kafkagroup.heartbeat.interval.ms'],
    rebalanceTimeoutMs: c['kafkagroup.rebalance.timeout.ms'],
    leaderConnectTimeoutMs: c['leader.connect.timeout.ms'],
    leaderReadTimeoutMs: c['leader.read.timeout.ms'],
  }
}

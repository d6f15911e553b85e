// Where the names and balancers of a scenario lead now, and who hears when one is led elsewhere.

import type { NodeId } from '../../kafka/ids.ts'
import type { DiskModel, EndpointSpec, ProxySpec } from '../../scenario/model.ts'
import type { Process } from '../../sim/process.ts'
import type { World } from '../../sim/world.ts'
import type { Addresses } from '../../workload/address-book.ts'
import { NameService } from '../../workload/name-service.ts'
import { ProxyServer } from '../../workload/proxy.ts'
import { processAt } from '../geography.ts'
import type { NamedCluster } from '../roles.ts'

/** A running client: what stands between it and its brokers can reset its connections. */
export interface Connected {
  resetAll(): void
}

/** Where a client runs that a proxy serves. */
export interface ProxiedClient {
  readonly name: string
  readonly host: string
  readonly zone: string
  readonly disk: DiskModel
}

/**
 * An endpoint always leads to one cluster. DNS is felt when caches run out, balancers and gateways
 * at the next connection, or at once where they reset the old ones.
 */
export class LiveEndpoints {
  readonly #world: World
  readonly #clusters: readonly NamedCluster[]
  readonly #specs = new Map<string, EndpointSpec>()
  /** Of every endpoint, whoever knows of it. */
  readonly #present = new Map<string, string>()
  /** Of balancers and gateways. */
  readonly #leadsTo = new Map<string, string>()
  readonly #names: NameService
  readonly #behind = new Map<string, Set<Connected>>()

  constructor(world: World, clusters: readonly NamedCluster[], endpoints: readonly EndpointSpec[]) {
    this.#world = world
    this.#clusters = clusters
    this.#names = new NameService(world.random.fork('dns'))
    for (const endpoint of endpoints) {
      this.#specs.set(endpoint.name, endpoint)
      this.#lead(endpoint, endpoint.cluster)
    }
  }

  /** Where an endpoint was led last; null for a name that is none. */
  leadsTo(name: string): string | null {
    return this.#present.get(name) ?? null
  }

  /** The endpoint leads to that cluster from now on. */
  repoint(name: string, cluster: string): void {
    const endpoint = this.#specs.get(name)
    if (endpoint === undefined) return
    this.#lead(endpoint, cluster)
    if (endpoint.kind === 'dns' || (endpoint.kind === 'load-balancer' && !endpoint.resets)) return
    for (const client of [...(this.#behind.get(name) ?? [])]) client.resetAll()
  }

  #lead({ name, kind }: EndpointSpec, cluster: string): void {
    this.#present.set(name, cluster)
    if (kind === 'dns') this.#names.set(name, cluster, this.#world.now)
    else this.#leadsTo.set(name, cluster)
  }

  /**
   * The proxy that a client's connections go through, with the endpoint that it belongs to: one
   * beside the client, or the one of its region. It runs from the first client on that needs it.
   */
  proxyFor(bootstrap: readonly string[], client: ProxiedClient): Process | null {
    for (const name of bootstrap) {
      const proxy = this.#specs.get(name)?.proxy
      if (proxy !== undefined) return this.#proxy(name, proxy, client)
    }
    return null
  }

  #proxy(endpoint: string, spec: ProxySpec, { name, host, zone, disk }: ProxiedClient): Process {
    const { region } = spec
    const own = region === undefined ? name : region
    const zones = [...this.#world.zones.values()]
    const there = zones.find((one) => one.region.name === region)?.name ?? zone
    const at = {
      name: `proxy-${endpoint}-${own}`,
      host: region === undefined ? host : `proxy-${endpoint}-${own}`,
      zone: there,
    }
    const process = processAt(this.#world, at, disk)
    const options = { hop: spec.hop, connectionsMax: spec.connections }
    process.onBoot ??= () => {
      new ProxyServer(process, this.#world.network, options)
    }
    process.start()
    return process
  }

  /** A client runs whose connections go through these endpoints; call the answer when it ends. */
  follow(bootstrap: readonly string[], client: Connected): () => void {
    const own = bootstrap.map((name) => {
      const clients = this.#behind.get(name) ?? new Set()
      this.#behind.set(name, clients)
      return clients.add(client)
    })
    return () => {
      for (const clients of own) clients.delete(client)
    }
  }

  /** What a client in a region looks its addresses up in. */
  seenFrom(region: string): Addresses {
    return {
      brokersOf: (cluster) => this.#clusterOf(cluster)?.cluster.brokerIds ?? [],
      clusterOf: (node) => this.#withNode(node)?.name ?? null,
      processOf: (node) => this.#processOf(node),
      behind: (name) => this.#leadsTo.get(name) ?? null,
      lookup: (name) => {
        const ttl = this.#specs.get(name)?.ttl ?? 0
        return this.#names.lookup(name, region, ttl, this.#world.now)
      },
    }
  }

  #clusterOf(name: string): NamedCluster | undefined {
    return this.#clusters.find((one) => one.name === name)
  }

  #withNode(node: NodeId): NamedCluster | undefined {
    return this.#clusters.find(({ cluster }) => cluster.nodes.has(node))
  }

  #processOf(node: NodeId): Process | null {
    return this.#withNode(node)?.cluster.processOf(node) ?? null
  }
}

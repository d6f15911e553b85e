// The addresses that a client process was given, and where they lead when it connects: to brokers,
// by a name that its JVM looks up and keeps, or through a balancer before a cluster.
//
// A name   is looked up at each connection that is to be opened by it, as Kafka's client does with
//          its bootstrap addresses: it tries the addresses of one answer after the other, and asks
//          again when they are used up or when a connection by them had been there. A running
//          client opens none by it as long as it knows brokers.
// Balancer brokers advertise its address, a port each: whatever broker the client means, it gets to
//          the one of the same place in the cluster that the balancer leads to now. It adds no
//          delay, and a port whose broker is down leads to the dead broker.

import { NO_NODE, type NodeId } from '../kafka/ids.ts'
import type { NodeDirectory } from '../kafka/network/client-channel.ts'
import type { Process } from '../sim/process.ts'
import type { Random } from '../sim/random.ts'
import type { Micros } from '../sim/time.ts'

/** What an address book looks things up in. */
export interface Addresses {
  /** Every broker of a cluster in the order of their places; empty for what is no cluster. */
  brokersOf(cluster: string): readonly NodeId[]
  clusterOf(node: NodeId): string | null
  processOf(node: NodeId): Process | null
  /** The cluster behind a DNS name, as the client's resolver says now; null for other names. */
  lookup(name: string): string | null
  /** The cluster that a balancer leads to now; null for other names. */
  behind(name: string): string | null
}

/** Node ids from here downwards stand for names. */
const NAMES: NodeId = -1_000_000

interface Answer {
  readonly cluster: string | null
  readonly until: Micros
}

/** One for each incarnation of a client's process: a new JVM has nothing in its cache. */
export class AddressBook implements NodeDirectory {
  /** To be given to the client as its bootstrap nodes. */
  readonly bootstrapNodes: readonly NodeId[]
  readonly principal: string | undefined
  readonly #addresses: Addresses
  readonly #clock: { readonly now: Micros }
  readonly #cacheTime: Micros
  readonly #random: Random
  readonly #names: string[] = []
  readonly #balancer: string | null
  readonly #cache = new Map<string, Answer>()
  /** Addresses of a name's last answer that were not tried yet. */
  readonly #untried = new Map<string, readonly NodeId[]>()

  /**
   * @param bootstrap clusters and names, in the client's order
   * @param cacheTime networkaddress.cache.ttl of its JVM
   * @param principal as whom it comes, wherever it gets to
   */
  constructor(
    bootstrap: readonly string[],
    addresses: Addresses,
    process: { readonly now: Micros; random(stream: string): Random },
    cacheTime: Micros,
    principal?: string,
  ) {
    this.principal = principal
    this.#addresses = addresses
    this.#clock = process
    this.#cacheTime = cacheTime
    this.#random = process.random('addresses')
    this.#balancer = bootstrap.find((name) => addresses.behind(name) !== null) ?? null
    this.bootstrapNodes = bootstrap.flatMap((name) => {
      const brokers = addresses.brokersOf(name)
      return brokers.length > 0 ? brokers : [NAMES - (this.#names.push(name) - 1)]
    })
  }

  /** The cluster that the first of its addresses leads to now. */
  get cluster(): string | null {
    const [first] = this.bootstrapNodes
    if (first === undefined) return null
    return first > NAMES ? this.#addresses.clusterOf(first) : this.#clusterBy(this.#nameOf(first))
  }

  /** A name stands for one address of its last answer after the other; null where it had none. */
  processOf(node: NodeId): Process | null {
    if (node > NAMES) return this.#addresses.processOf(this.#throughBalancer(node))
    const address = this.#nextOf(this.#nameOf(node))
    return address === null ? null : this.#addresses.processOf(address)
  }

  /** A connection stands: the next one by the same name asks again. */
  connected(node: NodeId): void {
    if (node <= NAMES) this.#untried.delete(this.#nameOf(node))
  }

  #nameOf(node: NodeId): string {
    return this.#names[NAMES - node] ?? ''
  }

  #nextOf(name: string): NodeId | null {
    const left = this.#untried.get(name) ?? []
    const [first, ...rest] = left.length > 0 ? left : this.#resolve(name)
    this.#untried.set(name, rest)
    return first ?? null
  }

  /** The addresses of a cluster's brokers, beginning anywhere. */
  #resolve(name: string): readonly NodeId[] {
    const brokers = this.#addresses.brokersOf(this.#clusterBy(name) ?? '')
    if (brokers.length === 0) return []
    const from = this.#random.int(0, brokers.length - 1)
    return [...brokers.slice(from), ...brokers.slice(0, from)]
  }

  #clusterBy(name: string): string | null {
    const balanced = this.#addresses.behind(name)
    if (balanced !== null) return balanced
    const { now } = this.#clock
    const cached = this.#cache.get(name)
    if (cached !== undefined && cached.until > now) return cached.cluster
    const cluster = this.#addresses.lookup(name)
    this.#cache.set(name, { cluster, until: now + this.#cacheTime })
    return cluster
  }

  #throughBalancer(node: NodeId): NodeId {
    if (this.#balancer === null) return node
    const meant = this.#addresses.clusterOf(node)
    const cluster = this.#addresses.behind(this.#balancer)
    if (meant === null || cluster === null || meant === cluster) return node
    const place = this.#addresses.brokersOf(meant).indexOf(node)
    return this.#addresses.brokersOf(cluster)[place] ?? NO_NODE
  }
}

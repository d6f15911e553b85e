// Models: where the replicas of a new topic go: striped over racks, then over brokers in a rack.
// Leaves out: nothing; the order in which Java's HashMap walks the racks is kept for equal draws.
// Source: org.apache.kafka.metadata.placement.StripedReplicaPlacer; KIP-631.

import { areDistinct } from '../../sim/state-checks.ts'
import type { KafkaError } from '../errors.ts'
import { hashOfText, inHashOrder } from '../hash-order.ts'
import type { NodeId } from '../ids.ts'

/** Uniform draws from [0, bound). */
export interface PlacementRandom {
  nextInt(bound: number): number
}

export interface UsableBroker {
  readonly id: NodeId
  /** null is a rack of its own, which sorts before all names. */
  readonly rack: string | null
  readonly fenced: boolean
}

/** Replica lists, or why there are none: nothing is placed by halves. */
export type Placement =
  | { readonly error: 'NONE'; readonly assignments: readonly (readonly NodeId[])[] }
  | { readonly error: Exclude<KafkaError, 'NONE'>; readonly message: string }

/**
 * Places `partitions` partitions with `replicas` replicas each, the preferred leader first.
 * Fenced brokers are used last and never lead; racks, not brokers, get equal shares.
 * @returns one replica list a partition, or INVALID_REPLICATION_FACTOR
 */
export function placeReplicas(
  brokers: readonly UsableBroker[],
  partitions: number,
  replicas: number,
  random: PlacementRandom,
): Placement {
  const ids = brokers.map((broker) => broker.id)
  areDistinct(ids, 'a broker is asked for its place once')
  const racks = new RackList(brokers, random)
  if (replicas <= 0) return refused(`replication factor ${replicas} is not positive`)
  if (racks.unfencedCount === 0) return refused('all brokers are fenced')
  if (replicas > brokers.length) {
    return refused(`replication factor ${replicas} exceeds the ${brokers.length} brokers`)
  }
  const assignments: NodeId[][] = []
  for (let i = 0; i < partitions; i++) {
    const placed = racks.place(replicas)
    areDistinct(placed, 'a broker has one replica of a partition')
    assignments.push(placed)
  }
  return { error: 'NONE', assignments }
}

function refused(message: string): Placement {
  return { error: 'INVALID_REPLICATION_FACTOR', message }
}

/** Gives its brokers in turn; each new epoch begins one further along. */
class BrokerList {
  readonly #brokers: NodeId[]
  #epoch = 0
  #index = 0
  #offset: number

  constructor(brokers: NodeId[], random: PlacementRandom) {
    this.#brokers = brokers.sort((a, b) => a - b)
    this.#offset = brokers.length > 0 ? random.nextInt(brokers.length) : 0
  }

  /** Another order within the rack, in place. */
  shuffle(random: PlacementRandom): void {
    shuffle(this.#brokers, random)
  }

  /** undefined once all have been given in this epoch. */
  next(epoch: number): NodeId | undefined {
    const size = this.#brokers.length
    if (size === 0) return undefined
    if (this.#epoch !== epoch) {
      this.#epoch = epoch
      this.#index = 0
      this.#offset = (this.#offset + 1) % size
    }
    if (this.#index >= size) return undefined
    return this.#brokers[(this.#index++ + this.#offset) % size]
  }
}

interface Rack {
  readonly name: string | null
  readonly fenced: BrokerList
  readonly unfenced: BrokerList
}

/**
 * Racks in turn, each with its brokers in turn. An assignment begins one rack further along than
 * the one before, so that leaders are spread over racks as replicas are.
 */
class RackList {
  readonly unfencedCount: number
  readonly #random: PlacementRandom
  /** In the order in which Kafka walks them to shuffle; `#inTurn` is the order of placement. */
  readonly #racks: readonly Rack[]
  readonly #inTurn: Rack[]
  #epoch = 0
  #offset = 0

  constructor(brokers: readonly UsableBroker[], random: PlacementRandom) {
    this.#random = random
    this.unfencedCount = brokers.filter((broker) => !broker.fenced).length
    const racks = new Set(brokers.map((broker) => broker.rack))
    const names = inHashOrder(racks, (rack) => (rack === null ? 0 : hashOfText(rack)))
    this.#racks = names.map((name) => {
      const ids = (fenced: boolean) =>
        brokers.filter((b) => b.rack === name && b.fenced === fenced).map((b) => b.id)
      const fenced = new BrokerList(ids(true), random)
      return { name, fenced, unfenced: new BrokerList(ids(false), random) }
    })
    this.#inTurn = [...this.#racks].sort(byName)
    if (this.#inTurn.length > 0) this.#offset = random.nextInt(this.#inTurn.length)
  }

  /** One replica list: the leader from the rack in turn, then one a rack, round and round. */
  place(replicas: number): NodeId[] {
    // As many assignments as brokers: shuffle, or the same ones would come again. With a single
    // broker there is nothing to shuffle.
    if (this.#epoch === this.unfencedCount && this.unfencedCount > 1) {
      this.#shuffle()
      this.#epoch = 0
    }
    if (this.#offset === this.#inTurn.length) this.#offset = 0
    const first = this.#placeLeader()
    const placed = [first.broker]
    let firstRack = first.rack
    let rack = this.#offset
    while (placed.length < replicas) {
      if (rack === firstRack) firstRack = -1
      else {
        const broker = this.#nextIn(rack)
        if (broker !== undefined) placed.push(broker)
      }
      rack = (rack + 1) % this.#inTurn.length
    }
    this.#epoch++
    this.#offset++
    areDistinct(placed, 'a broker holds one replica of a partition')
    return placed
  }

  /** The first unfenced broker from that rack on; the caller has seen that there is one. */
  #placeLeader(): { readonly rack: number; readonly broker: NodeId } {
    let rack = this.#offset
    for (;;) {
      const broker = this.#inTurn[rack]?.unfenced.next(this.#epoch)
      if (broker !== undefined) return { rack, broker }
      rack = (rack + 1) % this.#inTurn.length
    }
  }

  /** Fenced brokers only where a rack has no other left: they are out of the ISR at first. */
  #nextIn(rack: number): NodeId | undefined {
    const lists = this.#inTurn[rack]
    return lists?.unfenced.next(this.#epoch) ?? lists?.fenced.next(this.#epoch)
  }

  #shuffle(): void {
    shuffle(this.#inTurn, this.#random)
    for (const rack of this.#racks) {
      rack.fenced.shuffle(this.#random)
      rack.unfenced.shuffle(this.#random)
    }
  }
}

/** Java's Collections.shuffle. */
function shuffle<T>(items: T[], random: PlacementRandom): void {
  for (let size = items.length; size > 1; size--) {
    const j = random.nextInt(size)
    const [a, b] = [items[size - 1], items[j]]
    items[size - 1] = b
    items[j] = a
  }
}

function byName(a: Rack, b: Rack): number {
  if (a.name === null || b.name === null) return Number(a.name !== null) - Number(b.name !== null)
  return a.name < b.name ? -1 : Number(a.name > b.name)
}

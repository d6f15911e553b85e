// Brokers as the committed metadata has them, and how their processes ended.

import type { BrokerEpoch, NodeId } from '../../kafka/ids.ts'
import type { MetadataRecord } from '../../kafka/metadata/records.ts'

interface Registered {
  readonly epoch: BrokerEpoch
  readonly fenced: boolean
}

export class CommittedBrokers {
  readonly #registered = new Map<NodeId, Registered>()
  /** Whether the store that the next process finds was left in order. */
  readonly #isInOrder = new Map<NodeId, boolean>()
  /** Incarnations that found theirs otherwise. */
  readonly #unclean = new Map<NodeId, Set<number>>()

  isFenced(broker: NodeId): boolean {
    return this.#registered.get(broker)?.fenced === true
  }

  epochOf(broker: NodeId): BrokerEpoch {
    return this.#registered.get(broker)?.epoch ?? -1
  }

  onBoot(broker: NodeId, incarnation: number): void {
    if (this.#isInOrder.get(broker) !== false) return
    const incarnations = this.#unclean.get(broker) ?? new Set()
    this.#unclean.set(broker, incarnations.add(incarnation))
  }

  /** A process ended, or its disk was wiped. */
  onEnd(broker: NodeId, isInOrder: boolean): void {
    this.#isInOrder.set(broker, isInOrder)
  }

  /** @returns the broker that is registered as a new process after an unclean end, or null */
  replay(record: MetadataRecord): NodeId | null {
    switch (record.type) {
      case 'RegisterBroker': {
        const { brokerId, brokerEpoch: epoch, fenced, incarnation } = record
        const isNew = this.epochOf(brokerId) !== epoch
        this.#registered.set(brokerId, { epoch, fenced })
        return isNew && this.#unclean.get(brokerId)?.has(incarnation) === true ? brokerId : null
      }
      case 'UnregisterBroker':
        this.#registered.delete(record.brokerId)
        return null
      case 'BrokerRegistrationChange': {
        const { brokerId, fenced } = record
        const before = this.#registered.get(brokerId)
        if (before === undefined || fenced === undefined) return null
        this.#registered.set(brokerId, { ...before, fenced })
        return null
      }
      default:
        return null
    }
  }
}

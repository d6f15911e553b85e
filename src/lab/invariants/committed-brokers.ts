// Brokers as the committed metadata has them, and what their processes found on their disks.

import type { BrokerEpoch, NodeId } from '../../kafka/ids.ts'
import type { MetadataRecord } from '../../kafka/metadata/records.ts'

interface Registered {
  readonly epoch: BrokerEpoch
  readonly fenced: boolean
}

/**
 * A marker that names another epoch than the last registration tells of an end without a clean
 * shutdown (KIP-966).
 */
export class CommittedBrokers {
  readonly #registered = new Map<NodeId, Registered>()
  /** By incarnation: the clean-shutdown marker that the process found when it began. */
  readonly #markers = new Map<NodeId, BrokerEpoch[]>()

  /** False for a broker that is not registered. */
  isFenced(broker: NodeId): boolean {
    return this.#registered.get(broker)?.fenced === true
  }

  /** -1 for a broker that is not registered. */
  epochOf(broker: NodeId): BrokerEpoch {
    return this.#registered.get(broker)?.epoch ?? -1
  }

  /**
   * Keeps the marker of each incarnation: a registration may be committed when the next one has
   * begun.
   */
  onBoot(broker: NodeId, incarnation: number, marker: BrokerEpoch): void {
    const markers = this.#markers.get(broker) ?? []
    this.#markers.set(broker, markers)
    markers[incarnation] = marker
  }

  /** @returns the broker that is registered anew and whose marker names no clean end, or null */
  replay(record: MetadataRecord): NodeId | null {
    switch (record.type) {
      case 'RegisterBroker': {
        const { brokerId, brokerEpoch: epoch, fenced, incarnation } = record
        const before = this.epochOf(brokerId)
        this.#registered.set(brokerId, { epoch, fenced })
        const isReturn = before >= 0 && before !== epoch
        const marker = this.#markers.get(brokerId)?.[incarnation]
        return isReturn && marker !== undefined && marker !== before ? brokerId : null
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

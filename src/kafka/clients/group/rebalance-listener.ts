// Models: callbacks of a rebalance to whoever owns a consumer, on the thread that polls: poll()
// does not go on before a callback has returned.
// Leaves out: callbacks that throw; the callback of close(), whose owner knows that it closes.
// Source: org.apache.kafka.clients.consumer.ConsumerRebalanceListener,
// ConsumerRebalanceListenerInvoker.

import type { PartitionIndex } from '../../ids.ts'

export interface RebalanceListener {
  /**
   * They are about to be given up and still the member's own: it may commit for them. Calls `done`
   * when it has returned, maybe at once.
   */
  onPartitionsRevoked(partitions: readonly PartitionIndex[], done: () => void): void
  /** They may be somebody else's already. */
  onPartitionsLost(partitions: readonly PartitionIndex[]): void
  /** They begin where the group left off, unless they are sought now. */
  onPartitionsAssigned?(partitions: readonly PartitionIndex[]): void
}

/** Where in a rebalance partitions are given up: before the join, or after it. */
export type RevokedAt = 'prepare' | 'take'

/** One call of onPartitionsRevoked at a time, and whether the thread stands in it. */
export class RevocationCallback {
  readonly #listener: RebalanceListener | null
  readonly #wake: () => void
  #at: RevokedAt = 'prepare'
  #state: 'idle' | 'running' | 'returned' = 'idle'

  /** @param wake has the poll loop look again */
  constructor(listener: RebalanceListener | null, wake: () => void) {
    this.#listener = listener
    this.#wake = wake
  }

  /** onPartitionsRevoked has been called and has not returned: poll() stands in it. */
  get isRunning(): boolean {
    return this.#state === 'running'
  }

  /** Whether it has returned, and the rebalance has not gone on since. */
  hasReturned(at: RevokedAt): boolean {
    return this.#state === 'returned' && this.#at === at
  }

  /**
   * Calls the listener, once for each rebalance and place.
   * @returns whether it has returned: else ask again when the poll loop looks next
   */
  revoke(at: RevokedAt, partitions: readonly PartitionIndex[]): boolean {
    if (this.#state === 'running') return false
    const isOver = this.hasReturned(at)
    this.#state = 'idle'
    if (isOver || this.#listener === null || partitions.length === 0) return true
    this.#at = at
    this.#state = 'running'
    this.#listener.onPartitionsRevoked(partitions, () => this.#return())
    if (this.isRunning) return false
    this.#state = 'idle'
    return true
  }

  #return(): void {
    this.#state = 'returned'
    this.#wake()
  }

  /** Told and not waited for; not called for nothing. */
  lost(partitions: readonly PartitionIndex[]): void {
    if (partitions.length > 0) this.#listener?.onPartitionsLost(partitions)
  }

  /** Called after each rebalance, also with nothing new, as Kafka's is. */
  assigned(partitions: readonly PartitionIndex[]): void {
    this.#listener?.onPartitionsAssigned?.(partitions)
  }
}

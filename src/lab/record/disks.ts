// Records what the disk under a node loses. The judge of a promise has to know: acks=all promises
// nothing to a partition whose last copy was on such a disk.

import type { DiskLoss } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { NodeId } from '../../kafka/ids.ts'
import type { Durable } from '../../sim/disk.ts'
import type { Clock } from './clock.ts'

/**
 * Register it behind the stores of its node, so that they have lost what they lose when it is told.
 */
export class DiskRecorder implements Durable {
  readonly #history: History
  readonly #node: NodeId
  readonly #clock: Clock
  readonly #onLoss: () => void

  /** @param onLoss told after each loss, when the node's own stores have had theirs */
  constructor(history: History, node: NodeId, clock: Clock, onLoss: () => void) {
    this.#history = history
    this.#node = node
    this.#clock = clock
    this.#onLoss = onLoss
  }

  /** What was not flushed may be gone. */
  powerLoss(): void {
    this.#lost('unflushed')
  }

  /** All is gone. */
  wipe(): void {
    this.#lost('all')
  }

  #lost(what: DiskLoss['what']): void {
    this.#history.diskLosses.push({ node: this.#node, what, at: this.#clock.now() })
    this.#onLoss()
  }
}

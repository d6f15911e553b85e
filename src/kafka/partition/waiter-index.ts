// Models: which parked requests wait for which partition: the watchers of a purgatory.
// Leaves out: sharding by key and lazy purging; a finished waiter is taken out at once.
// Source: org.apache.kafka.server.purgatory.DelayedOperationPurgatory.

import { areDistinct, type Checked } from '../../sim/state-checks.ts'
import { takeOut } from '../../sim/take-out.ts'
import type { PartitionIndex } from '../ids.ts'

/** A parked request. */
export interface Waiter {
  /** Something happened to `partition`: completes itself if that was what it waited for. */
  onChange(partition: PartitionIndex): void
}

/** Waiters by partition, in the order of their coming. */
export class WaiterIndex<W extends Waiter> implements Checked {
  readonly #waiting: (W[] | undefined)[] = []

  count(partition: PartitionIndex): number {
    return this.#waiting[partition]?.length ?? 0
  }

  add(partition: PartitionIndex, waiter: W): void {
    const list = this.#waiting[partition]
    if (list === undefined) this.#waiting[partition] = [waiter]
    else list.push(waiter)
  }

  remove(partition: PartitionIndex, waiter: W): void {
    const list = this.#waiting[partition]
    if (list !== undefined) takeOut(list, waiter)
  }

  /** Everybody who waits, once for each partition. */
  all(): W[] {
    return this.#waiting.flatMap((list) => list ?? [])
  }

  assertWhole(): void {
    for (const list of this.#waiting) {
      areDistinct(list ?? [], 'a request waits for a partition once')
    }
  }

  /** Lets all look, over a copy: completing one changes the list. */
  wake(partition: PartitionIndex): void {
    const list = this.#waiting[partition]
    if (list === undefined || list.length === 0) return
    if (list.length === 1) {
      list[0]?.onChange(partition)
      return
    }
    for (const waiter of list.slice()) waiter.onChange(partition)
  }
}

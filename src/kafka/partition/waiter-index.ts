// Models: which parked requests wait for which partition: the watchers of a purgatory.
// Leaves out: sharding by key and lazy purging; a finished waiter is taken out at once.
// Source: org.apache.kafka.server.purgatory.DelayedOperationPurgatory.

import { invariant } from '../../sim/invariant.ts'
import { areDistinct, type Checked } from '../../sim/state-checks.ts'
import { takeOut } from '../../sim/take-out.ts'
import type { PartitionIndex } from '../ids.ts'

/** A parked request, or what is left of one: ready for the next. */
export interface Waiter extends Checked {
  readonly isParked: boolean
  /** Something happened to `partition`: completes itself if that was what it waited for. */
  onChange(partition: PartitionIndex): void
}

const NOBODY: readonly never[] = []

/** Waiters by partition, in the order of their coming. */
export class WaiterIndex<W extends Waiter> {
  readonly #waiting: (W[] | undefined)[] = []

  /** Requests that wait for this partition; one that waits for several counts at each. */
  count(partition: PartitionIndex): number {
    return this.#waiting[partition]?.length ?? 0
  }

  /** Those who wait for this partition. */
  of(partition: PartitionIndex): readonly W[] {
    return this.#waiting[partition] ?? NOBODY
  }

  /** The same request at most once for a partition: `wake` would let it look twice. */
  add(partition: PartitionIndex, waiter: W): void {
    const list = this.#waiting[partition]
    if (list === undefined) this.#waiting[partition] = [waiter]
    else list.push(waiter)
  }

  /** Changes nothing where it does not wait, as when the same event has completed it already. */
  remove(partition: PartitionIndex, waiter: W): void {
    const list = this.#waiting[partition]
    if (list !== undefined) takeOut(list, waiter)
  }

  /** Everybody who waits, once for each partition. */
  all(): W[] {
    return this.#waiting.flatMap((list) => list ?? [])
  }

  /** States what holds of a purgatory's waiters: who is parked, and who is `free` for others. */
  assertWhole(free: readonly W[]): void {
    for (const list of this.#waiting) {
      areDistinct(list ?? [], 'a request waits for a partition once')
      for (const waiter of list ?? []) waiter.assertWhole()
    }
    for (const waiter of free) {
      invariant(!waiter.isParked, 'a waiter is used again when it waits no more')
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

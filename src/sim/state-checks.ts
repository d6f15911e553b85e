// Whether what processes have in memory is whole: not looked at in a plain run, where it costs
// nothing, but in searches and tests. A check says all that must hold of one object between events.

import { InvariantViolation, invariant } from './invariant.ts'
import type { Scheduler } from './scheduler.ts'

/** State that knows what must hold of it, and of what it owns. */
export interface Checked {
  /** @throws InvariantViolation where it is not whole */
  assertWhole(): void
}

/** Who has state in memory: a process, as far as the checks know one. */
interface Holder {
  readonly name: string
  readonly memory: Iterable<Checked>
}

interface Checkable {
  readonly scheduler: Scheduler
  readonly processes: ReadonlyMap<string, Holder>
}

/**
 * Has all state of a world checked, each time that `every` more events have fired. With 1 the event
 * that broke something is the last before the one at which the run stops.
 */
export function checkStates(world: Checkable, every: number): void {
  invariant(every >= 1, 'states are checked after some event', { every })
  const { scheduler } = world
  const then = scheduler.onFired
  let left = every
  scheduler.onFired = (time, name, a, b) => {
    if (--left === 0) {
      left = every
      assertStatesWhole(world)
    }
    then?.(time, name, a, b)
  }
}

/** Checks all that running processes have in memory, now. */
export function assertStatesWhole({ scheduler, processes }: Checkable): void {
  for (const { name, memory } of processes.values()) {
    try {
      for (const state of memory) state.assertWhole()
    } catch (error) {
      if (error instanceof InvariantViolation) {
        error.message += ` in ${name}, at ${scheduler.now} µs, before event ${scheduler.fired}`
      }
      throw error
    }
  }
}

/** States that each number is larger than the one before. */
export function ascends(numbers: readonly number[], sentence: string): void {
  for (const [i, number] of numbers.entries()) {
    const before = numbers[i - 1] ?? Number.NEGATIVE_INFINITY
    invariant(number > before, sentence, { number, before })
  }
}

/** States that no two items are the same. */
export function areDistinct<T>(items: readonly T[], sentence: string): void {
  invariant(new Set(items).size === items.length, sentence, { items: items.length })
}

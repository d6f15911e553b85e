// The scenario's time: 0 is when its load may begin, after the cluster has booted.

import type { Micros } from '../../sim/time.ts'

/** Scenario times before the load are negative. Micros. */
export class Clock {
  /** World time of the scenario's time 0. */
  origin: Micros = 0
  readonly #world: { readonly now: Micros }

  constructor(world: { readonly now: Micros }) {
    this.#world = world
  }

  /** Scenario time. */
  now(): Micros {
    return this.#world.now - this.origin
  }

  /** Scenario time of a world time. */
  of(worldTime: Micros): Micros {
    return worldTime - this.origin
  }
}

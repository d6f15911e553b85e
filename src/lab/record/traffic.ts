// What the links carry while all is well: from the start of the load to the first fault.

import type { History } from '../../history.ts'
import type { World } from '../../sim/world.ts'
import type { Clock } from './clock.ts'
import { linkBytes } from './snapshot.ts'

/** Reads the links' counters at both ends of the undisturbed time. */
export class SteadyTraffic {
  readonly #world: World
  readonly #history: History
  readonly #clock: Clock
  readonly #before = new Map<string, number>()
  #isOver = false

  constructor(world: World, history: History, clock: Clock) {
    this.#world = world
    this.#history = history
    this.#clock = clock
  }

  /** The cluster is whole and the load begins: what it took to boot is behind. */
  begin(): void {
    for (const { from, to, bytes } of linkBytes(this.#world)) {
      this.#before.set(`${from}\n${to}`, bytes)
    }
  }

  /** The first fault strikes, or the load ends; whatever comes later changes nothing. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    const history = this.#history
    history.steadyUntil = this.#clock.now()
    for (const { from, to, bytes } of linkBytes(this.#world)) {
      const steady = bytes - (this.#before.get(`${from}\n${to}`) ?? 0)
      if (steady > 0) history.steadyLinkBytes.push({ from, to, bytes: steady })
    }
  }
}

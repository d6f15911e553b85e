// What the links carry while all is well, and its price: from the start of the load to the first
// fault.

import type { SteadyBytes } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { RegionSpec } from '../../scenario/model.ts'
import type { World } from '../../sim/world.ts'
import { usdPerGb } from '../prices.ts'
import type { Clock } from './clock.ts'
import { linkBytes } from './snapshot.ts'

/** Reads the links' counters at both ends of the undisturbed time. */
export class SteadyTraffic {
  readonly #world: World
  readonly #history: History
  readonly #clock: Clock
  readonly #regions: readonly RegionSpec[]
  readonly #before = new Map<string, number>()
  #isOver = false

  constructor(world: World, history: History, clock: Clock, regions: readonly RegionSpec[]) {
    this.#world = world
    this.#history = history
    this.#clock = clock
    this.#regions = regions
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
      if (steady <= 0 || from === to) continue
      history.steadyLinkBytes.push({ from, to, bytes: steady, ...this.#priced(from, to) })
    }
  }

  #priced(from: string, to: string): Pick<SteadyBytes, 'between' | 'usdPerGb'> {
    const [here, there] = [this.#regionOf(from), this.#regionOf(to)]
    const between = here !== undefined && here === there ? 'zones' : 'regions'
    const isKnown = here !== undefined && there !== undefined
    return { between, usdPerGb: isKnown ? usdPerGb(here, there) : null }
  }

  #regionOf(zone: string): RegionSpec | undefined {
    const name = this.#world.zones.get(zone)?.region.name
    return this.#regions.find((region) => region.name === name)
  }
}

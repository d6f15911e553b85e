// What is cut in the network of an experiment, and given back in the same or in other words.

import type { Host } from '../../../src/sim/host.ts'
import type { Network } from '../../../src/sim/network.ts'

/** Hosts on both sides of a cut; without a second side, everybody else. */
export interface Sides {
  readonly a: ReadonlySet<Host>
  readonly b: ReadonlySet<Host> | null
}

function isBetween({ a, b }: Sides, x: Host, y: Host): boolean {
  if (b === null) return a.has(x) !== a.has(y)
  return (a.has(x) && b.has(y)) || (a.has(y) && b.has(x))
}

/** One cut, and what has been given back of it since. */
interface Cut {
  readonly sides: Sides
  readonly mended: Sides[]
  readonly undo: () => void
}

/** The cuts of one rig. A pair of hosts has no way while a cut lies between that was not mended. */
export class Cuts {
  readonly #network: Network
  readonly #cuts: Cut[] = []

  constructor(network: Network) {
    this.#network = network
  }

  /** Packets between the sides are dropped from now on, without a word. */
  cut(name: string, sides: Sides): void {
    const mended: Sides[] = []
    const isCut = (x: Host, y: Host) =>
      isBetween(sides, x, y) && !mended.some((back) => isBetween(back, x, y))
    const undo = this.#network.addRule({
      name,
      test: (from, to) => (isCut(from, to) ? 'drop' : 'pass'),
    })
    this.#cuts.push({ sides, mended, undo })
  }

  /** Everybody has every way back. Returns whether one was missing. */
  mendAll(): boolean {
    const cuts = this.#cuts.splice(0)
    for (const { undo } of cuts) undo()
    return cuts.length > 0
  }

  /** Every pair between the sides has its way back, whichever cuts took it. */
  mend(back: Sides): void {
    for (const one of [...this.#cuts]) {
      one.mended.push(back)
      if (!isWhole(one, back)) continue
      one.undo()
      this.#cuts.splice(this.#cuts.indexOf(one), 1)
    }
  }
}

/** Whether `back` gives back all that the cut took. */
function isWhole({ sides }: Cut, back: Sides): boolean {
  const isSame = (x: Sides['b'], y: Sides['b']) =>
    x === null || y === null ? x === y : x.size === y.size && [...x].every((host) => y.has(host))
  if (isSame(sides.a, back.a) && isSame(sides.b, back.b)) return true
  return isSame(sides.a, back.b) && isSame(sides.b, back.a)
}

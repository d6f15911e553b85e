// All network faults of a run as one rule of the kernel, so that they add up: a cut wins over
// everything, delays and losses add, the narrowest bandwidth counts.

import type { Host } from '../sim/host.ts'
import type { PacketEffect, PacketRule, Verdict } from '../sim/rule.ts'
import type { World } from '../sim/world.ts'

/**
 * Losses add as independent chances. The kernel sees the rule only as long as some fault is there.
 */
export class PacketRules {
  readonly #world: World
  readonly #rules: PacketRule[] = []
  #uninstall: (() => void) | null = null

  constructor(world: World) {
    this.#world = world
  }

  /** Returns the function that takes the rule away; calling it again changes nothing. */
  add(rule: PacketRule): () => void {
    this.#rules.push(rule)
    this.#uninstall ??= this.#world.network.addRule({
      name: 'faults',
      test: (from, to) => this.#verdict(from, to),
      refusesSetup: (from, to) => this.#rules.some((own) => own.refusesSetup?.(from, to) === true),
    })
    return () => {
      const index = this.#rules.indexOf(rule)
      if (index >= 0) this.#rules.splice(index, 1)
      if (this.#rules.length > 0) return
      this.#uninstall?.()
      this.#uninstall = null
    }
  }

  #verdict(from: Host, to: Host): Verdict {
    let sum: PacketEffect | null = null
    for (const rule of this.#rules) {
      const verdict = rule.test(from, to)
      if (verdict === 'drop') return 'drop'
      if (verdict !== 'pass') sum = sum === null ? verdict : added(sum, verdict)
    }
    return sum ?? 'pass'
  }
}

const PPM = 1_000_000

function added(a: PacketEffect, b: PacketEffect): PacketEffect {
  const [lossA, lossB] = [a.lossPpm ?? 0, b.lossPpm ?? 0]
  const [widthA, widthB] = [a.bandwidthBps ?? 0, b.bandwidthBps ?? 0]
  return {
    delay: (a.delay ?? 0) + (b.delay ?? 0),
    jitter: (a.jitter ?? 0) + (b.jitter ?? 0),
    lossPpm: lossA + lossB - Math.floor((lossA * lossB) / PPM),
    bandwidthBps: widthA === 0 || widthB === 0 ? widthA + widthB : Math.min(widthA, widthB),
  }
}

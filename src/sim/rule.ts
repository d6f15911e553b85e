import type { Host } from './host.ts'
import type { Micros } from './time.ts'

/** What a rule adds to the packets that it lets through. */
export interface PacketEffect {
  delay?: Micros
  /** Uniform from 0 to this. */
  jitter?: Micros
  lossPpm?: number
  /** Bits a second; the narrower of this and the link's counts. */
  bandwidthBps?: number
}

export type Verdict = 'pass' | 'drop' | PacketEffect

/** A network fault: sees each packet between two hosts and decides. A drop is silent. */
export interface PacketRule {
  readonly name: string
  test(from: Host, to: Host): Verdict
  /** Whether a connection may not be opened this way; one that stands is not asked. */
  refusesSetup?(from: Host, to: Host): boolean
}

/** Ways that may end nowhere, whatever the rules say. */
export interface DeadEnds {
  drops(from: Host, to: Host): boolean
}

/** The rules in force. The first verdict that is not 'pass', in install order, counts. */
export class RuleBook {
  readonly #rules: PacketRule[] = []
  readonly #deadEnds: DeadEnds[] = []
  /** False while there is nothing to ask. */
  inForce = false

  /** @returns a function that takes the rule away again */
  add(rule: PacketRule): () => void {
    this.#rules.push(rule)
    this.inForce = true
    return () => {
      const at = this.#rules.indexOf(rule)
      if (at >= 0) this.#rules.splice(at, 1)
      this.inForce = this.#rules.length > 0
    }
  }

  /** Asked of every packet from now on, beside the rules. */
  addDeadEnds(ways: DeadEnds): void {
    this.#deadEnds.push(ways)
  }

  /**
   * What the rules say of a packet this way; within one host always 'pass'. Dead ends are not
   * asked.
   */
  verdict(from: Host, to: Host): Verdict {
    if (from === to) return 'pass'
    for (const rule of this.#rules) {
      const verdict = rule.test(from, to)
      if (verdict !== 'pass') return verdict
    }
    return 'pass'
  }

  /** Whether a packet vanishes: a rule drops it, its way is dead, or nobody is there to take it. */
  drops(from: Host, to: Host): boolean {
    if (!to.up) return true
    for (const ways of this.#deadEnds) if (ways.drops(from, to)) return true
    return this.inForce && this.verdict(from, to) === 'drop'
  }

  /** Whether the first packet of a connection vanishes, as in a firewall that knows who began. */
  dropsSetup(from: Host, to: Host): boolean {
    if (!this.inForce || from === to) return false
    return this.#rules.some((rule) => rule.refusesSetup?.(from, to) === true)
  }

  /** What is added to a packet that passes; null for nothing. */
  effect(from: Host, to: Host): PacketEffect | null {
    if (!this.inForce) return null
    const verdict = this.verdict(from, to)
    return verdict === 'pass' || verdict === 'drop' ? null : verdict
  }
}

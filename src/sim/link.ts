import type { Ends, Zone } from './host.ts'
import { invariant } from './invariant.ts'
import type { Random } from './random.ts'
import type { PacketEffect } from './rule.ts'
import { HEADER_BYTES, HEADERS_IN_MTU, MTU_DEFAULT } from './tcp.ts'
import type { Micros } from './time.ts'
import type { TunnelBundle } from './tunnels.ts'
import { Wire } from './wire.ts'

/** Shape of the delay that jitter adds to a packet; it is never negative. */
export type JitterModel = 'uniform' | 'exponential' | 'normal'

/** One direction between two zones. */
export interface LinkSpec {
  /** One way. */
  delay: Micros
  /** uniform: 0 to this; exponential: the mean; normal: the deviation around twice this. */
  jitter: Micros
  jitterModel?: JitterModel
  /** Lost packets in a million. */
  lossPpm: number
  /** Bits a second, shared by all connections; 0 is unlimited. */
  bandwidthBps: number
  /** Largest packet, bytes; inside a tunnel, before it is wrapped. */
  mtu?: number
}

/** Above this many packets of one message the largest draw is the bound of the distribution. */
const JITTER_DRAWS_MAX = 8

/**
 * A directed link: a queue to a wire of some bandwidth, then a delay. It carries messages
 * whole, each as so many packets, and counts the bytes, because somebody pays for them.
 */
export class Link {
  readonly from: Zone
  readonly to: Zone
  /** Payload bytes of a full segment. */
  segmentBytes = 0
  /** A full packet, headers included. */
  packetBytes = 0
  delay: Micros = 0
  lossPpm = 0
  /** Neither jitter nor a queue: every packet takes `delay`. */
  plain = true
  /** Bytes carried so far, headers included. */
  bytes = 0
  #spec: LinkSpec
  #headerBytes = HEADER_BYTES
  #tunnels: TunnelBundle | null = null
  readonly #wire = new Wire(0)
  readonly #random: Random

  constructor(from: Zone, to: Zone, spec: LinkSpec, random: Random) {
    this.from = from
    this.to = to
    this.#random = random
    this.#spec = spec
    this.respecify(spec)
  }

  get spec(): LinkSpec {
    return this.#spec
  }

  /** The stream that draws the fate of this link's packets. */
  get random(): Random {
    return this.#random
  }

  /** New properties from now on; what is under way keeps its time. */
  respecify(spec: LinkSpec): void {
    invariant(spec.delay >= 0 && spec.delay === Math.floor(spec.delay), 'a link delay is whole', {
      delay: spec.delay,
    })
    this.#spec = spec
    this.packetBytes = spec.mtu ?? MTU_DEFAULT
    this.segmentBytes = this.packetBytes - HEADERS_IN_MTU
    this.delay = spec.delay
    this.lossPpm = spec.lossPpm
    this.#wire.bandwidthBps = spec.bandwidthBps
    this.plain = spec.jitter === 0 && !this.isNarrow(null)
  }

  /** From now on all that it carries goes through one of these tunnels. */
  tunnelThrough(tunnels: TunnelBundle): void {
    this.#tunnels = tunnels
    this.#headerBytes = HEADER_BYTES + tunnels.encapsulationBytes
    this.plain = this.#spec.jitter === 0 && !this.isNarrow(null)
  }

  /** True while more waits on the way of these two than a router or gateway can hold. */
  isCongested(now: Micros, ends: Ends): boolean {
    return this.#wire.isCongested(now) || this.#tunnels?.isCongested(now, ends) === true
  }

  /** True where a wire, and not the window, may be what limits a flow. */
  isNarrow(effect: PacketEffect | null): boolean {
    if (this.#wire.bandwidthBps > 0 || this.#tunnels?.isNarrow) return true
    return (effect?.bandwidthBps ?? 0) > 0
  }

  /**
   * Sends a message of so many packets now.
   * @returns the time at which its last byte arrives, if nothing is lost
   */
  carry(
    now: Micros,
    bytes: number,
    segments: number,
    effect: PacketEffect | null,
    ends: Ends,
  ): Micros {
    const wireBytes = bytes + segments * this.#headerBytes
    this.bytes += wireBytes
    if (this.plain && effect === null) return now + this.delay
    let delay = this.delay + this.#jitterOf(this.#spec.jitter, this.#spec.jitterModel, segments)
    if (effect !== null) {
      delay += (effect.delay ?? 0) + this.#jitterOf(effect.jitter ?? 0, 'uniform', segments)
    }
    return this.#departure(now, wireBytes, effect, ends) + delay
  }

  /**
   * Every queue on the way gets the bytes at once, and the one that is done last decides: what has
   * passed the narrowest as a stream finds the others empty. Booked one after the other, a later
   * queue would be held up for everybody by what still waits in an earlier one.
   */
  #departure(now: Micros, bytes: number, effect: PacketEffect | null, ends: Ends): Micros {
    const departed = this.#wire.send(now, bytes, effect?.bandwidthBps ?? 0)
    return this.#tunnels === null ? departed : this.#tunnels.pass(now, departed, bytes, ends)
  }

  /** The slowest packet of a message decides. */
  #jitterOf(jitter: Micros, model: JitterModel | undefined, segments: number): Micros {
    if (jitter === 0) return 0
    let slowest = 0
    const draws = Math.min(segments, JITTER_DRAWS_MAX)
    for (let i = 0; i < draws; i++) slowest = Math.max(slowest, this.#drawJitter(jitter, model))
    return slowest
  }

  #drawJitter(jitter: Micros, model: JitterModel = 'uniform'): Micros {
    if (model === 'uniform') return this.#random.int(0, jitter)
    if (model === 'exponential') return this.#random.exponential(jitter)
    return Math.max(0, this.#random.normal(2 * jitter, jitter))
  }
}

// DNS records that lead to clusters, as the resolvers of each region answer: a record that changed
// is known to a resolver when what it holds has outlived its time to live. Names of clusters are
// asked for all the time, so a resolver always holds an answer; its age is drawn from the seed.

import type { Random } from '../sim/random.ts'
import type { Micros } from '../sim/time.ts'

interface Change {
  readonly at: Micros
  readonly to: string
}

/**
 * Times are micros. A region's resolver has one age for each name, drawn when it is first asked.
 */
export class NameService {
  readonly #random: Random
  /** In the order of time; the first is there from the start. */
  readonly #changes = new Map<string, Change[]>()
  /** When some answer of a resolver ran out, within one time to live. */
  readonly #phases = new Map<string, Micros>()

  constructor(random: Random) {
    this.#random = random
  }

  /** The record leads there from now on. */
  set(name: string, to: string, at: Micros): void {
    const changes = this.#changes.get(name) ?? []
    changes.push({ at: changes.length === 0 ? Number.NEGATIVE_INFINITY : at, to })
    this.#changes.set(name, changes)
  }

  /** What a resolver of a region answers now; null for a name that nobody knows. */
  lookup(name: string, region: string, ttl: Micros, now: Micros): string | null {
    const asked = ttl === 0 ? now : this.#askedAt(`${name}\n${region}`, ttl, now)
    return this.#changes.get(name)?.findLast(({ at }) => at <= asked)?.to ?? null
  }

  /** When the resolver last asked the name's own server. */
  #askedAt(resolver: string, ttl: Micros, now: Micros): Micros {
    const phase = this.#phases.get(resolver) ?? this.#random.int(0, ttl - 1)
    this.#phases.set(resolver, phase)
    return now - ((((now - phase) % ttl) + ttl) % ttl)
  }
}

// Models: what a link does once for its whole cluster: it looks whether the source answers, and
// leads topics through promotion, reversal and restoration.
// Leaves out: the topic __confluent-link-metadata, whose leaders share the links out.
// Source: Confluent's docs on link coordinators, availability.check.*, mirror commands. Here the
// live broker with the lowest id, by its own metadata, coordinates every link: our choice.

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { MirrorOperation } from '../../kafka/mirror-messages.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { GroupOffsets } from './group-offsets.ts'
import type { LinkConfig } from './link-config.ts'
import type { LinkJob } from './link-job.ts'
import { movingMirrors } from './moving-mirrors.ts'
import type { SourceClient } from './source-client.ts'
import type { Transitions } from './transition-steps.ts'

export interface CoordinatorParts {
  readonly context: ProcessContext
  readonly host: MirrorHost
  readonly config: LinkConfig
  readonly source: SourceClient
  readonly groups: GroupOffsets
  readonly transitions: Transitions
  /** What is done in intervals: topics, settings, access control lists. */
  readonly jobs: readonly LinkJob[]
}

/**
 * Every broker has one; it does nothing but where metadata makes its broker the coordinator. There
 * may be two of them for a while, and nothing breaks:
 *
 * 1. broker 1 coordinates, and is cut off from the controllers and fenced;
 * 2. broker 2 hears that it is the lowest one alive, and takes the work up;
 * 3. broker 1, whose metadata is old, still asks the source and orders changes;
 * 4. its orders do not reach the controller; when they do, a topic that is in another state by then
 *    refuses them. Only group offsets go around the controller, and two that copy copy the same.
 */
export class LinkCoordinator {
  readonly #jobs: readonly LinkJob[]
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  readonly #transitions: Transitions
  readonly #groups: GroupOffsets
  /** By availability.check.ms. */
  readonly #check: Timer
  /** By consumer.offset.sync.ms. */
  readonly #sync: Timer
  /** Checks in a row without an answer. */
  #failures = 0
  #isAtWork = false

  constructor(parts: CoordinatorParts) {
    const { context, host, config, source, groups, transitions, jobs } = parts
    this.#jobs = jobs
    this.#host = host
    this.#config = config
    this.#source = source
    this.#transitions = transitions
    this.#groups = groups
    this.#sync = context.timer(() => this.#syncOffsets())
    this.#check = context.timer(() => this.#checkAvailability())
  }

  /** Takes the work up or lays it down, as metadata tells who is alive. */
  onMetadata(): void {
    const isCoordinator = this.#host.liveBrokers().every((id) => id >= this.#host.nodeId)
    const { makesMirror, name } = this.#config
    const hasWork = makesMirror !== null ? this.#host.hasLink(name) : [...this.#own()].length > 0
    const works = isCoordinator && hasWork && this.#host.liveBrokers().length > 0
    if (works !== this.#isAtWork) {
      this.#isAtWork = works
      // What its predecessor saw fail may be over: it would stop mirrors that run.
      this.#failures = 0
      this.#takeUp(works)
    }
    this.#transitions.look(works ? [...this.#own()] : [])
  }

  #takeUp(works: boolean): void {
    const { availabilityCheck, offsetSync } = this.#config
    this.#check.cancel()
    this.#sync.cancel()
    for (const job of this.#jobs) job.layDown()
    if (!works) return
    for (const job of this.#jobs) job.takeUp()
    this.#check.arm(availabilityCheck)
    if (offsetSync !== null) this.#sync.arm(offsetSync)
  }

  /** A mirror that stands still keeps the offsets that it has. */
  #syncOffsets(): void {
    const { offsetSync, name } = this.#config
    if (offsetSync === null) return
    this.#sync.arm(offsetSync)
    const moving = movingMirrors(this.#host, name)
    if (moving.length > 0) this.#groups.sync(moving)
  }

  /** Whether this broker coordinates the link now. */
  get isAtWork(): boolean {
    return this.#isAtWork
  }

  /** Lays its work down; the next metadata that comes would have it take it up again. */
  stop(): void {
    this.#takeUp(false)
    this.#transitions.look([])
    this.#isAtWork = false
  }

  *#own(): Iterable<MirrorTopic> {
    for (const mirror of this.#host.mirrors()) if (mirror.link === this.#config.name) yield mirror
  }

  #checkAvailability(): void {
    this.#check.arm(this.#config.availabilityCheck)
    const onReply = (_: unknown, response: unknown) => this.#onAvailability(response !== null)
    const asked = this.#source.ask({ api: 'Metadata', topics: [] }, { onReply })
    // Nobody to ask is as telling as no answer: no connection to any broker of the source.
    if (asked === null) this.#onAvailability(false)
  }

  /**
   * With Confluent's numbers, a check a minute and five failures, a lost source is called so after
   * some five minutes; one answer ends that at once. It is a word for people: fetchers try on in
   * both states.
   */
  #onAvailability(isAvailable: boolean): void {
    if (!this.#isAtWork) return
    this.#failures = isAvailable ? 0 : this.#failures + 1
    const isLost = this.#failures >= this.#config.availabilityFailuresMax
    if (!isAvailable && !isLost) return
    const operation: MirrorOperation = isLost ? 'source-lost' : 'source-back'
    const from = isLost ? 'ACTIVE' : 'SOURCE_UNAVAILABLE'
    for (const { topic, state, link, sourceTopic } of this.#own()) {
      if (state !== from) continue
      const request = { api: 'AlterMirror' as const, topic, operation, link, sourceTopic }
      this.#host.tellController(request, IGNORED)
    }
  }
}

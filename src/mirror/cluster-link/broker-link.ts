// Models: one cluster link inside one broker: which mirror partitions it fetches, and from whom.
// Leaves out: link credentials and quotas.
// Source: Confluent's docs; ClusterLinkFetcherManager after AbstractFetcherManager. That a mirror's
// leader epoch is raised to its source's before anything is fetched is KIP-1279's rule.

import type { LedMirror, MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { NO_EPOCH, type PartitionIndex } from '../../kafka/ids.ts'
import type { MirrorState } from '../../kafka/metadata/mirror-records.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import type { LinkConfig } from './link-config.ts'
import { type FetcherOwner, LinkFetcher } from './link-fetcher.ts'
import { MirrorFetch, type SourceSight } from './mirror-fetch.ts'
import { PendingMirrors } from './pending-mirrors.ts'
import type { SourceClient, SourcePartition } from './source-client.ts'

/** States in which a mirror's leader fetches. */
const FETCHING: readonly MirrorState[] = [
  ...(['ACTIVE', 'SOURCE_UNAVAILABLE', 'PENDING_SYNCHRONIZE', 'MIRRORING'] as const),
]

/**
 * A mirror has two leaders, one in each cluster, and either may change alone. So nothing is kept up
 * step by step: whatever news comes, of this cluster or of the source, all that is led here is
 * compared with all that is fetched. A partition of which either leader has changed begins anew,
 * with a question to the source before the first fetch.
 *
 * Every broker has one for each link of its cluster, built with its process; followers of a mirror
 * have nothing to do with the source, and replicate from their own leader as ever.
 *
 * Keeps one fetcher for each leader of the source and fetcher number; `reconcile` alone decides
 * what each of them fetches.
 */
export class BrokerLink implements FetcherOwner {
  readonly config: LinkConfig
  readonly source: SourceClient
  /** What was last heard of each mirror's source, for `kafka-mirrors --describe`. */
  readonly sights = new Map<PartitionIndex, SourceSight>()
  /** By the source's leader and fetcher number. */
  readonly #fetchers = new Map<string, LinkFetcher>()
  readonly #pending: PendingMirrors
  readonly #context: ProcessContext
  readonly #host: MirrorHost
  /** Epochs that the controller was asked for, by partition. */
  readonly #bumped = new Map<PartitionIndex, number>()
  /** Since when the source says that there is no such topic. */
  readonly #missingSince = new Map<PartitionIndex, Micros>()
  readonly #retry: Timer
  #isStopped = false

  constructor(
    context: ProcessContext,
    host: MirrorHost,
    config: LinkConfig,
    source: (onNews: () => void) => SourceClient,
  ) {
    this.#context = context
    this.#host = host
    this.config = config
    this.source = source(() => this.reconcile())
    const sightOf = (index: PartitionIndex) => this.sights.get(index)
    this.#pending = new PendingMirrors(context, host, sightOf, config.cutsOpenTransactions)
    this.#retry = context.timer(() => this.reconcile())
  }

  /** Metadata of either cluster has changed: fetches what this broker leads, where it lies now. */
  reconcile(): void {
    if (this.#isStopped) return
    const wanted = new Map<PartitionIndex, LedMirror>()
    // Pending states are looked after also where nothing is fetched any more.
    const own: LedMirror[] = []
    for (const led of this.#host.led()) {
      if (led.mirror.link !== this.config.name) continue
      own.push(led)
      if (this.#fetches(led)) wanted.set(led.index, led)
    }
    for (const [key, fetcher] of this.#fetchers) this.#dropUnwanted(key, fetcher, wanted)
    for (const led of wanted.values()) this.#fetch(led)
    this.#pending.look(own)
  }

  /** Fetches under way are given up, connections closed; it cannot be used again. */
  stop(): void {
    this.#isStopped = true
    this.#retry.cancel()
    this.#pending.stop()
    for (const fetcher of this.#fetchers.values()) fetcher.stop()
    this.#fetchers.clear()
    this.source.close()
  }

  #fetches({ mirror, progress }: LedMirror): boolean {
    if (progress.failure !== null) return false
    return FETCHING.includes(mirror.state) && !this.#host.isPaused(mirror.link)
  }

  /** What is not led here any more, has changed its epoch, or whose source has moved. */
  #dropUnwanted(key: string, fetcher: LinkFetcher, wanted: Map<PartitionIndex, LedMirror>): void {
    for (const [index, fetch] of fetcher.fetches) {
      const led = wanted.get(index)
      const source = led === undefined ? null : this.#sourceOf(led)
      const isSame =
        led?.leaderEpoch === fetch.leaderEpoch &&
        source?.partition === fetch.source.partition &&
        source?.leader === fetch.source.leader &&
        source.leaderEpoch === fetch.source.leaderEpoch
      // What is left of `wanted` afterwards has no fetch yet.
      if (isSame) wanted.delete(index)
      else fetcher.remove(index)
    }
    if (fetcher.fetches.size > 0) return
    fetcher.stop()
    this.#fetchers.delete(key)
  }

  #sourceOf({ mirror, number }: LedMirror): SourcePartition | null {
    return this.source.partition(mirror.sourceTopic, number)
  }

  #fetch(led: LedMirror): void {
    const { index, mirror, leaderEpoch } = led
    this.source.follow(mirror.sourceTopic)
    const source = this.#sourceOf(led)
    const log = this.#host.log(index)
    if (source === null) this.#onMissing(led)
    else this.#missingSince.delete(index)
    // Leaderless for now, or unknown: the next metadata of the source comes back to it.
    if (source === null || log === null) return
    if (this.#mustBump(led, source)) return
    invariant(
      this.config.epochRule === null || led.leaderEpoch >= source.leaderEpoch,
      'a mirror takes nothing from a later epoch than its own',
      { index, own: led.leaderEpoch, source: source.leaderEpoch },
    )
    // Without a record there is no epoch to ask the source about. At 0 it is a new mirror, and
    // where the source begins is asked; above, its log was cut or has aged away, and it goes on at
    // its end.
    const isEmpty = log.latestEpoch === NO_EPOCH
    const phase = isEmpty && log.logEndOffset === 0 ? 'starting' : 'validating'
    const at = { index, topic: mirror.topic, leaderEpoch }
    const sight = this.#sightOf(index)
    const fetch = new MirrorFetch(
      at,
      source,
      sight,
      isEmpty && phase !== 'starting' ? 'fetching' : phase,
    )
    this.#fetcherFor(source, led).add(fetch)
  }

  /**
   * A source topic that is gone is waited for as long as any failure is tried again, and so is one
   * that the link's principal may not describe any more. One that comes back under its name in time
   * is taken for the same: the mirror may then hold records of both.
   */
  #onMissing({ index, mirror, number }: LedMirror): void {
    const why = this.#whyMissing(mirror.sourceTopic, number)
    if (why === null) return
    const { now } = this.#context
    const since = this.#missingSince.get(index) ?? now
    this.#missingSince.set(index, since)
    const left = since + this.config.missingMax - now
    if (left <= 0) this.#fail(mirror.topic, index, why)
    else if (!this.#retry.armed || this.#retry.deadline > now + left) this.#retry.arm(left)
  }

  /** null where the source has only not said yet who leads the partition. */
  #whyMissing(topic: string, number: number): string | null {
    const { metadata } = this.source
    if (metadata.isRefused(topic)) return `TOPIC_AUTHORIZATION_FAILED: ${topic} at the source`
    const known = metadata.partitionsOf(topic).length
    const hasFewer = known > 0 && number >= known
    return hasFewer || metadata.isUnknown(topic) ? `the source has no topic ${topic}` : null
  }

  /**
   * Batches keep the source's epochs, and a log's epochs must not go down again:
   *
   * 1. the source has had five elections, its records are of epoch 5, and the mirror leads in 0;
   * 2. fetched as they are they would stand above the mirror's own epoch: readers take that for
   *    news of a newer leader, and ask for metadata that nobody has;
   * 3. so the controller raises the mirror's epoch first, and that news comes back as metadata.
   *
   * @returns whether nothing may be fetched before the controller has raised the epoch
   */
  #mustBump({ index, leaderEpoch }: LedMirror, source: SourcePartition): boolean {
    const rule = this.config.epochRule
    if (rule === null || source.leaderEpoch <= leaderEpoch - rule.lead) return false
    const isAhead = source.leaderEpoch > leaderEpoch
    const atLeast = source.leaderEpoch + rule.raise
    // Asked for once: reconciliations come more often than the controller answers.
    if (this.#bumped.get(index) === atLeast) return isAhead
    this.#bumped.set(index, atLeast)
    const request = { api: 'BumpLeaderEpoch' as const, partition: index, atLeast }
    this.#host.tellController(request, IGNORED)
    return isAhead
  }

  /** Outlives the fetch: of a source that has fallen silent the last sight is still shown. */
  #sightOf(index: PartitionIndex): SourceSight {
    let sight = this.sights.get(index)
    if (sight === undefined) {
      sight = { highWatermark: -1, at: -1, toldAt: -1, failures: 0 }
      this.sights.set(index, sight)
    }
    return sight
  }

  /**
   * By number, so that the partitions of one leader are shared out over num.cluster.link.fetchers.
   */
  #fetcherFor({ leader }: SourcePartition, { number }: LedMirror): LinkFetcher {
    const id = number % this.config.fetchers
    const key = `${leader}-${id}`
    const known = this.#fetchers.get(key)
    if (known !== undefined) return known
    const rpc = this.source.fetcherChannel(leader, id)
    const to = { leader, rpc }
    const fetcher = new LinkFetcher(this.#context, this.#host, this.config, to, this)
    this.#fetchers.set(key, fetcher)
    return fetcher
  }

  // ---- from fetchers ----------------------------------------------------------------------------

  /** Metadata of the source is asked for; its answer reconciles. */
  onStale(): void {
    this.source.requestUpdate()
  }

  /** A pending state may be over with what was just heard. */
  onHeard(fetch: MirrorFetch): void {
    this.#pending.onHeard(fetch.index)
  }

  /** Told to the controller, of the topic or of the partition as the system has it. */
  onFailed({ topic, index }: MirrorFetch, why: string): void {
    this.#fail(topic, index, why)
  }

  #fail(topic: string, partition: PartitionIndex, reason: string): void {
    const { name, failing } = this.config
    if (failing === 'topic') {
      const of = { topic, link: name, sourceTopic: topic, reason }
      this.#host.tellController({ api: 'AlterMirror', operation: 'fail', ...of }, IGNORED)
      return
    }
    const state = this.#host.mirror(topic)?.state
    const endOffset = this.#host.log(partition)?.logEndOffset
    if (state === undefined || endOffset === undefined) return
    const of = { topic, state, partition, progress: 'failed' as const, endOffset, reason }
    this.#host.tellController({ api: 'ReportMirror', ...of }, IGNORED)
  }
}

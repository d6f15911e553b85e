// Models: a client's copy of cluster metadata: leaders by epoch, age, and when it may be renewed.
// Leaves out: topic expiry of producers, partial updates, topic ids.
// Source: org.apache.kafka.clients.Metadata (KIP-320 epochs, KIP-951 hints, KIP-899 rebootstrap).

import type { Micros } from '../../sim/time.ts'
import { traitsOf } from '../errors.ts'
import type { LeaderEpoch, NodeId, PartitionIndex } from '../ids.ts'
import { NO_EPOCH, NO_NODE } from '../ids.ts'
import type { LeaderHint } from '../leader-hint.ts'
import type { MetadataRequest, MetadataResponse, PartitionMetadata } from '../messages.ts'
import type { NodeDirectory } from '../network/client-channel.ts'
import type {
  BackoffRandom,
  BackoffSpec,
  RetryBackoffConfig,
} from '../network/exponential-backoff.ts'
import { backoff, retryBackoff } from '../network/exponential-backoff.ts'
import { type PartitionMoves, PartitionPlaces } from './partition-places.ts'

/** Names of topics that a client takes. */
export interface TopicPattern {
  accepts(topic: string): boolean
}

export interface ClientMetadataConfig extends RetryBackoffConfig {
  readonly metadataMaxAgeMs: number
  /** Nodes whose addresses the client was given, in order. */
  readonly bootstrapNodes: readonly NodeId[]
  readonly topics: readonly string[]
  /** A client that subscribes by pattern asks about all topics and keeps those that match. */
  readonly pattern?: TopicPattern | undefined
  /** Whether brokers may create topics that are asked about; absent: not. */
  readonly mayCreateTopics?: boolean
  /** Partitions by which the application means its topics; absent: those that are answered. */
  readonly meant?: ReadonlyMap<string, readonly PartitionIndex[]>
}

/** Bootstrap address i is its own connection, known by this id until real ids are learnt. */
export function bootstrapId(i: number): NodeId {
  return -2 - i
}

/** The node behind a bootstrap id, or the id itself where it is a real one. */
export function resolveBootstrap(node: NodeId, bootstrapNodes: readonly NodeId[]): NodeId {
  return node <= -2 ? (bootstrapNodes[-2 - node] ?? NO_NODE) : node
}

/**
 * Where a client's connections lead.
 * @param nodeOf the broker behind an id of the client's own making
 */
export function addressesOf(
  directory: NodeDirectory,
  bootstrapNodes: readonly NodeId[],
  nodeOf: (node: NodeId) => NodeId = (node) => node,
): NodeDirectory {
  const real = (node: NodeId) => resolveBootstrap(nodeOf(node), bootstrapNodes)
  const addresses: NodeDirectory = {
    principal: directory.principal,
    processOf: (node) => directory.processOf(real(node)),
    connected: (node) => directory.connected?.(real(node)),
  }
  const { open } = directory
  if (open === undefined) return addresses
  return { ...addresses, open: (node, handler) => open.call(directory, real(node), handler) }
}

/**
 * What a client believes of leaders. An answer with an older leader epoch than known is not
 * believed: brokers learn of an election at different times, and some answer from yesterday.
 */
export class ClientMetadata {
  readonly config: ClientMetadataConfig
  /** Ids to choose a metadata source from: brokers of the last answer, or bootstrap ids. */
  nodes: readonly NodeId[]
  /** Racks of the brokers, where known. */
  readonly racks = new Map<NodeId, string | null>()
  /** Hears of partitions that are others now, because another cluster answers. */
  onMoved: ((moves: PartitionMoves) => void) | null = null
  /** Counts answers, so that a waiter sees whether anything came. */
  version = 0
  /** Counts whatever may change the answer of `leaderOf`. */
  leadersVersion = 0
  /** Answers of `leaderOf` since then, by partition. */
  private leaders: (NodeId | undefined)[] = []
  private readonly known = new Map<PartitionIndex, PartitionMetadata>()
  private readonly lastSeenEpoch: (LeaderEpoch | undefined)[] = []
  private readonly byTopic = new Map<string, readonly PartitionIndex[]>()
  /** Topics that whoever answered last knows nothing of. */
  private readonly unknown = new Set<string>()
  private readonly places = new PartitionPlaces()
  private readonly names: string[]
  /** Topics of which the last answer with such said that the client may not describe them. */
  private unauthorized = new Set<string>()
  /** How many of them the last request asked about. */
  private namesAsked: number
  private updateRequested = true
  private lastRefresh: Micros
  private lastSuccess: Micros
  private failures = 0
  private equivalentResponses = 0
  /** Drawn once for each change of the counts, so that asking twice draws nothing. */
  private refreshWait: Micros = 0
  private readonly refreshBackoff: BackoffSpec
  /** metadata.max.age.ms, which is asked about more often than anything else of `config`. */
  private readonly ageMax: Micros
  private readonly random: BackoffRandom

  constructor(config: ClientMetadataConfig, random: BackoffRandom) {
    this.config = config
    this.random = random
    this.refreshBackoff = retryBackoff(config)
    this.ageMax = config.metadataMaxAgeMs * 1_000
    this.names = [...config.topics]
    this.namesAsked = this.names.length
    this.nodes = config.bootstrapNodes.map((_, i) => bootstrapId(i))
    this.lastRefresh = -this.refreshBackoff.max
    this.lastSuccess = this.lastRefresh
    for (const [topic, partitions] of config.meant ?? []) this.places.take(topic, partitions)
  }

  /** Topics that the client wants to know about; by a pattern those that are there. */
  get topics(): readonly string[] {
    return this.config.pattern === undefined ? this.names : [...this.byTopic.keys()]
  }

  /** Adds a topic, if it is a new one: then news are wanted at once, whatever back-off runs. */
  addTopic(topic: string): void {
    if (this.names.includes(topic)) return
    this.names.push(topic)
    this.updateRequested = true
    this.equivalentResponses = 0
    this.lastRefresh = -this.refreshBackoff.max
    this.drawWait()
  }

  /** A request for all that is wanted now goes out. */
  asked(): MetadataRequest {
    this.namesAsked = this.names.length
    const { mayCreateTopics = false, pattern } = this.config
    if (pattern !== undefined) return { api: 'Metadata', topics: null, mayCreateTopics: false }
    return { api: 'Metadata', topics: [...this.names], mayCreateTopics }
  }

  /** The partitions of a topic in order of their numbers; empty while unknown. */
  partitionsOf(topic: string): readonly PartitionIndex[] {
    return this.byTopic.get(topic) ?? []
  }

  /** What the client means by a partition, in the cluster that answered last. */
  currentOf(partition: PartitionIndex): PartitionIndex {
    return this.places.currentOf(partition)
  }

  /** As answered with the newest epoch so far; null while unknown, and after a rebootstrap. */
  partition(partition: PartitionIndex): PartitionMetadata | null {
    return this.known.get(partition) ?? null
  }

  /** The leader to send to; NO_NODE while there is none, or one not among the live brokers. */
  leaderOf(partition: PartitionIndex): NodeId {
    const answered = this.leaders[partition]
    if (answered !== undefined) return answered
    const leader = this.findLeader(partition)
    this.leaders[partition] = leader
    return leader
  }

  private leadersChanged(): void {
    this.leadersVersion++
    this.leaders = []
  }

  private findLeader(partition: PartitionIndex): NodeId {
    const entry = this.known.get(partition)
    // A newer epoch was heard of than this entry is of: its leader is one of yesterday.
    if (entry === undefined || entry.leaderEpoch !== this.epochOf(partition)) return NO_NODE
    return this.racks.has(entry.leader) ? entry.leader : NO_NODE
  }

  /** Highest leader epoch heard of; NO_EPOCH if none. */
  epochOf(partition: PartitionIndex): LeaderEpoch {
    return this.lastSeenEpoch[partition] ?? NO_EPOCH
  }

  /**
   * Asks for a renewal as soon as the back-off allows.
   * @param fresh true where something new is wanted (not the retry of a failed operation): the wait
   *   that grows with answers that brought no news begins anew.
   */
  requestUpdate(fresh = false): void {
    this.updateRequested = true
    if (fresh && this.equivalentResponses > 0) {
      this.equivalentResponses = 0
      this.drawWait()
    }
  }

  /** Somebody wants news; that the metadata is old does not count. */
  get isUpdateRequested(): boolean {
    return this.updateRequested
  }

  /** Earliest time at which the next request may and should go out. */
  nextUpdateAt(): Micros {
    const allowed = this.lastRefresh + this.refreshWait
    if (this.updateRequested) return allowed
    return Math.max(allowed, this.lastSuccess + this.ageMax)
  }

  /** The request failed or was lost: it is repeated by its own back-off, from the beginning. */
  failedUpdate(now: Micros): void {
    this.lastRefresh = now
    this.failures++
    this.equivalentResponses = 0
    this.drawWait()
  }

  /** Takes an answer in; partitions with an older leader epoch than seen are ignored. */
  update(response: MetadataResponse, now: Micros): void {
    this.version++
    this.leadersChanged()
    this.lastRefresh = now
    this.failures = 0
    // Asked because it was old, not because somebody missed something (timeToAllowUpdate).
    if (this.lastSuccess + this.ageMax <= now) this.equivalentResponses = 0
    this.equivalentResponses++
    // A topic that was added meanwhile was not asked about.
    this.updateRequested = this.namesAsked < this.names.length
    this.lastSuccess = now
    this.takeBrokers(response)
    const refused: string[] = []
    this.forgetMissing(response)
    for (const topic of response.topics) {
      if (this.config.pattern?.accepts(topic.name) === false) continue
      if (topic.error !== 'NONE') {
        if (topic.error === 'TOPIC_AUTHORIZATION_FAILED') refused.push(topic.name)
        else this.updateRequested = true
        if (topic.error === 'UNKNOWN_TOPIC_OR_PARTITION') this.forget(topic.name)
        continue
      }
      this.unknown.delete(topic.name)
      const inOrder = [...topic.partitions].sort((a, b) => a.number - b.number)
      const partitions = inOrder.map((entry) => entry.partition)
      this.byTopic.set(topic.name, partitions)
      for (const entry of topic.partitions) this.takePartition(entry)
      const moves = this.places.take(topic.name, partitions)
      if (moves.size > 0) this.onMoved?.(moves)
    }
    if (refused.length > 0) this.refuse(refused)
    this.drawWait()
  }

  /** Whoever answers knows no such topic (any more): nobody leads what is left of it. */
  private forget(topic: string): void {
    this.lose(topic)
    this.unknown.add(topic)
  }

  /** An answer about all topics takes the place of what was known: one that it lacks is no more. */
  private forgetMissing({ topics }: MetadataResponse): void {
    if (this.config.pattern === undefined) return
    const there = new Set(topics.map(({ name }) => name))
    for (const topic of this.byTopic.keys()) if (!there.has(topic)) this.forget(topic)
  }

  private lose(topic: string): void {
    for (const index of this.byTopic.get(topic) ?? []) this.known.delete(index)
    this.byTopic.delete(topic)
  }

  /** The cluster has answered that there is no such topic. */
  isUnknown(topic: string): boolean {
    return this.unknown.has(topic)
  }

  /** What a client may not describe it knows nothing of, and asks no sooner than it needs it. */
  private refuse(topics: readonly string[]): void {
    this.unauthorized = new Set(topics)
    for (const topic of topics) this.lose(topic)
  }

  /**
   * Whether the caller's call ends in a TopicAuthorizationException. It is thrown once for an
   * answer, whoever calls.
   * @param topic what the call needs; null: whatever the client asked about
   */
  takeUnauthorized(topic: string | null = null): boolean {
    const { unauthorized } = this
    if (unauthorized.size === 0) return false
    this.unauthorized = new Set()
    return topic === null || unauthorized.has(topic)
  }

  /** The last answer about the topic was that this client may know nothing of it. */
  isRefused(topic: string): boolean {
    return this.unauthorized.has(topic) && !this.byTopic.has(topic)
  }

  private takeBrokers(response: MetadataResponse): void {
    this.nodes = response.brokers.map((broker) => broker.id)
    this.racks.clear()
    for (const broker of response.brokers) this.racks.set(broker.id, broker.rack)
  }

  private takePartition(entry: PartitionMetadata): void {
    if (traitsOf(entry.error).invalidMetadata || entry.leader === NO_NODE)
      this.updateRequested = true
    const seen = this.lastSeenEpoch[entry.partition]
    if (seen !== undefined && entry.leaderEpoch < seen) return
    if (seen === undefined || entry.leaderEpoch > seen) {
      this.lastSeenEpoch[entry.partition] = entry.leaderEpoch
      this.equivalentResponses = 0
    }
    this.known.set(entry.partition, entry)
  }

  /**
   * Takes the newer leader that an error answer named (KIP-951), with its address where that came
   * along: one that was fenced when this client last asked for metadata is no stranger then.
   * @returns whether it was news.
   */
  updateLeader(partition: PartitionIndex, hint: LeaderHint): boolean {
    const entry = this.known.get(partition)
    if (entry === undefined || hint.leader === NO_NODE) return false
    if (hint.leaderEpoch <= this.epochOf(partition)) return false
    if (!this.racks.has(hint.leader)) {
      if (!hint.hasEndpoint) return false
      this.nodes = [...this.nodes, hint.leader]
      this.racks.set(hint.leader, null)
    }
    this.leadersChanged()
    this.lastSeenEpoch[partition] = hint.leaderEpoch
    this.known.set(partition, { ...entry, leader: hint.leader, leaderEpoch: hint.leaderEpoch })
    return true
  }

  /** Hears of an epoch without its leader: what is known is stale. */
  sawEpoch(partition: PartitionIndex, epoch: LeaderEpoch): boolean {
    const seen = this.lastSeenEpoch[partition]
    if (seen === undefined || epoch <= seen) return false
    this.leadersChanged()
    this.lastSeenEpoch[partition] = epoch
    this.updateRequested = true
    return true
  }

  /** Forgets the brokers and starts again from the addresses that the client was given. */
  rebootstrap(): void {
    this.nodes = this.config.bootstrapNodes.map((_, i) => bootstrapId(i))
    this.racks.clear()
    this.known.clear()
    this.byTopic.clear()
    this.leadersChanged()
    this.updateRequested = true
    this.version++
  }

  /** Two waits run at once: after failures, and after answers without news; the longer counts. */
  private drawWait(): void {
    const failed = backoff(this.refreshBackoff, Math.max(0, this.failures - 1), this.random)
    const stale =
      this.equivalentResponses === 0
        ? 0
        : backoff(this.refreshBackoff, this.equivalentResponses - 1, this.random)
    this.refreshWait = Math.max(failed, stale)
  }
}

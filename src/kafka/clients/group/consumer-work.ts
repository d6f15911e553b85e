// Models: what a consumer does as a member of a classic group: it gives up, asks for and takes over
// partitions.
// Leaves out: nothing.
// Source: ConsumerCoordinator (metadata, onJoinPrepare, onLeaderElected, onJoinComplete).

import { type Micros, NEVER } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  Assigned,
  JoinedMember,
  MemberAssignment,
  MemberSubscription,
} from '../../group-messages.ts'
import type { GenerationId, PartitionIndex } from '../../ids.ts'
import { sameSet } from '../../list-equality.ts'
import type { GroupClient } from './group-client.ts'
import { assignorNamed, leaderAssigns } from './leader-assignment.ts'
import type { MemberWork } from './member-work.ts'
import type { OffsetCommits } from './offset-commits.ts'
import { TopicWatch } from './topic-watch.ts'

/**
 * ConsumerCoordinator's callbacks of AbstractCoordinator: eager members give all up before a join,
 * cooperative ones, after it, only what went to others, and then join once more (KIP-429).
 */
export class ConsumerWork implements MemberWork {
  readonly #client: GroupClient
  readonly #commits: OffsetCommits
  /** What the last generation gave it. */
  #assignment: readonly PartitionIndex[] = []
  /** The topics that it asked for when it last joined; null before. */
  #joinedTopics: readonly string[] | null = null
  /** Of the generation that it joins or is in. */
  #leads = false
  readonly #watch: TopicWatch

  constructor(client: GroupClient, commits: OffsetCommits) {
    this.#client = client
    this.#commits = commits
    this.#watch = new TopicWatch(client.metadata, client.settings.watchesRacks)
  }

  get protocols(): readonly string[] {
    return this.#client.settings.assignors
  }

  /** Only with metadata: a leader deals, and a member notes, partitions of topics that it knows. */
  get canJoin(): boolean {
    return this.#client.metadata.version !== 0
  }

  /** It wants other topics than it joined for, or leads and the group's topics have changed. */
  get hasChanged(): boolean {
    const joined = this.#joinedTopics
    return (joined !== null && !sameSet(joined, this.#client.topics())) || this.#watch.hasChanged
  }

  /** True while some member of the group gives partitions up as a whole. */
  get #isEager(): boolean {
    return this.protocols.some((name) => assignorNamed(name).protocol === 'eager')
  }

  /** Commits and gives up what must be given up. */
  prepare(isKnown: boolean, now: Micros): Micros | null {
    const { subscription, observer, callback } = this.#client
    if (isKnown && this.#isEager) subscription.beginRevocation(subscription.owned)
    const wait = this.#commits.commitBeforeRevocation(now)
    if (wait !== null) return wait
    // A cooperative member keeps what it has through the join: it reads on while others rebalance.
    if (isKnown && !this.#isEager) return null
    const given = subscription.owned
    // A member that lost its place while the callback ran has given up what it had all the same.
    const isAsked = isKnown || callback.hasReturned('prepare')
    if (!isAsked) callback.lost(given)
    else if (!callback.revoke('prepare', given)) return NEVER
    subscription.assignFromGroup([])
    if (given.length > 0) observer.onRevoked?.(given, isAsked ? 'revoked' : 'lost', now)
    return null
  }

  /** What JoinGroup tells of this member. */
  subscribe(generation: GenerationId): MemberSubscription {
    const { rack } = this.#client.settings
    const topics = this.#client.topics()
    this.#joinedTopics = topics
    this.#leads = false
    return { topics, ownedPartitions: this.#ownedPartitions, generation, rack }
  }

  /** An eager sticky member has given all up and tells what it had, so that it may get it back. */
  get #ownedPartitions(): readonly PartitionIndex[] {
    if (this.protocols.includes('sticky')) return this.#assignment
    return this.#client.subscription.owned
  }

  /** Its metadata is the one by which the group's topics are watched. */
  leads(members: readonly JoinedMember[]): void {
    this.#leads = true
    const wanted = members.flatMap(({ subscription }) => subscription.topics)
    this.#watch.begin([...new Set([...wanted, ...this.#client.topics()])])
  }

  /** This member leads: it deals all partitions by its own metadata, for every member. */
  assign(protocol: string, members: readonly JoinedMember[]): MemberAssignment[] {
    return leaderAssigns(protocol, members, this.#client.metadata)
  }

  /**
   * Takes over what SyncGroup brought; true where it gave partitions up and must join again, null
   * while onPartitionsRevoked has not returned.
   */
  take(protocol: string, { partitions }: Assigned, now: Micros): boolean | null {
    const { subscription, observer, callback } = this.#client
    if (!this.#leads) this.#watch.end()
    const { owned } = subscription
    const revoked = owned.filter((one) => !partitions.includes(one))
    const isCooperative = assignorNamed(protocol).protocol === 'cooperative'
    const gaveUp = isCooperative && revoked.length > 0
    if (gaveUp && !callback.revoke('take', revoked)) return null
    this.#assignment = partitions
    subscription.assignFromGroup(partitions)
    if (gaveUp) observer.onRevoked?.(revoked, 'revoked', now)
    const added = partitions.filter((one) => !owned.includes(one))
    observer.onAssigned?.(added, now)
    callback.assigned(added)
    this.#commits.restartInterval(now)
    return gaveUp
  }

  /** max.poll.interval.ms is over: the member is about to leave the group (KIP-62). */
  pollIntervalExceeded(now: Micros): void {
    this.#client.observer.onPollIntervalExceeded?.(now)
  }

  /** The coordinator refuses it for good: poll() throws, and what it still had is lost. */
  refused(error: KafkaError, now: Micros): void {
    const { subscription, observer, callback } = this.#client
    observer.onGroupFailed?.(error, now)
    const { owned } = subscription
    if (owned.length === 0) return
    callback.lost(owned)
    subscription.assignFromGroup([])
    observer.onRevoked?.(owned, 'lost', now)
  }
}

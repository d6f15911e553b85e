// Models: what a consumer does as a member of a classic group: it gives up, asks for and takes over
// partitions.
// Leaves out: user callbacks that take time, subscriptions that change.
// Source: ConsumerCoordinator (metadata, onJoinPrepare, onLeaderElected, onJoinComplete).

import type { Micros } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  Assigned,
  JoinedMember,
  MemberAssignment,
  MemberSubscription,
} from '../../group-messages.ts'
import type { GenerationId, PartitionIndex } from '../../ids.ts'
import type { GroupClient } from './group-client.ts'
import { assignorNamed, leaderAssigns } from './leader-assignment.ts'
import type { MemberWork } from './member-work.ts'
import type { OffsetCommits } from './offset-commits.ts'

export class ConsumerWork implements MemberWork {
  readonly #client: GroupClient
  readonly #commits: OffsetCommits
  /** What the last generation gave it. */
  #assignment: readonly PartitionIndex[] = []
  /** Partitions of the group's topics when it last joined; others mean: join again. */
  #joinedPartitions = -1

  constructor(client: GroupClient, commits: OffsetCommits) {
    this.#client = client
    this.#commits = commits
  }

  get protocols(): readonly string[] {
    return this.#client.settings.assignors
  }

  get canJoin(): boolean {
    return this.#client.metadata.version !== 0
  }

  get hasChanged(): boolean {
    return this.#joinedPartitions >= 0 && this.#countPartitions() !== this.#joinedPartitions
  }

  #countPartitions(): number {
    const { topics, metadata } = this.#client
    return topics.reduce((sum, topic) => sum + metadata.partitionsOf(topic).length, 0)
  }

  /** True while some member of the group gives partitions up as a whole. */
  get #isEager(): boolean {
    return this.protocols.some((name) => assignorNamed(name).protocol === 'eager')
  }

  /** Commits and gives up what must be given up. */
  prepare(isKnown: boolean, now: Micros): Micros | null {
    const { subscription, observer } = this.#client
    if (isKnown && this.#isEager) subscription.beginRevocation(subscription.owned)
    const wait = this.#commits.commitBeforeRevocation(now)
    if (wait !== null) return wait
    if (isKnown && !this.#isEager) return null
    const given = subscription.owned
    subscription.assignFromGroup([])
    if (given.length > 0) observer.onRevoked?.(given, isKnown ? 'revoked' : 'lost', now)
    return null
  }

  subscribe(generation: GenerationId): MemberSubscription {
    const { settings, topics } = this.#client
    this.#joinedPartitions = this.#countPartitions()
    return { topics, ownedPartitions: this.#ownedPartitions, generation, rack: settings.rack }
  }

  /** An eager sticky member has given all up and tells what it had, so that it may get it back. */
  get #ownedPartitions(): readonly PartitionIndex[] {
    if (this.protocols.includes('sticky')) return this.#assignment
    return this.#client.subscription.owned
  }

  assign(protocol: string, members: readonly JoinedMember[]): MemberAssignment[] {
    return leaderAssigns(protocol, members, this.#client.metadata)
  }

  take(protocol: string, { partitions }: Assigned, now: Micros): boolean {
    const { subscription, observer } = this.#client
    this.#assignment = partitions
    const { owned } = subscription
    const revoked = owned.filter((one) => !partitions.includes(one))
    subscription.assignFromGroup(partitions)
    const isCooperative = assignorNamed(protocol).protocol === 'cooperative'
    const gaveUp = isCooperative && revoked.length > 0
    if (gaveUp) observer.onRevoked?.(revoked, 'revoked', now)
    const added = partitions.filter((one) => !owned.includes(one))
    observer.onAssigned?.(added, now)
    this.#commits.restartInterval(now)
    return gaveUp
  }

  pollIntervalExceeded(now: Micros): void {
    this.#client.observer.onPollIntervalExceeded?.(now)
  }

  refused(error: KafkaError, now: Micros): void {
    this.#client.observer.onGroupFailed?.(error, now)
  }
}

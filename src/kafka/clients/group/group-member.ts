// Models: a consumer's part in a group as one piece: look-up, membership, commits, positions.
// Leaves out: nothing.
// Source: ClassicKafkaConsumer.poll (updateAssignmentMetadataIfNeeded, updateFetchPositions).

import { type Micros, NEVER } from '../../../sim/time.ts'
import { ClassicMember } from './classic-member.ts'
import { CommittedPositions } from './committed-positions.ts'
import { CommittedQuery } from './committed-query.ts'
import { ConsumerMember } from './consumer-member.ts'
import { ConsumerWork } from './consumer-work.ts'
import { CoordinatorLookup } from './coordinator-lookup.ts'
import type { GroupClient } from './group-client.ts'
import type { Membership } from './membership.ts'
import { NoMembership } from './no-membership.ts'
import { OffsetCommits } from './offset-commits.ts'
import { type RebalanceListener, RevocationCallback } from './rebalance-listener.ts'
import { RequestedCommits } from './requested-commits.ts'

/** Who a consumer is to its group. */
export interface GroupMemberOptions extends Omit<GroupClient, 'lookup' | 'callback'> {
  /** Told of rebalances; null where nobody owns the consumer. */
  readonly listener: RebalanceListener | null
  /** Its owner assigns partitions: it commits to the group without being a member. */
  readonly isAssignedByOwner: boolean
}

/**
 * All that belongs to the group, in the order in which poll() goes through it; whoever assigns
 * partitions by hand has the same without a membership.
 */
export class GroupMember {
  readonly lookup: CoordinatorLookup
  readonly membership: Membership
  readonly requested: RequestedCommits
  readonly query: CommittedQuery
  readonly #callback: RevocationCallback
  readonly #commits: OffsetCommits
  readonly #positions: CommittedPositions

  constructor({ listener, isAssignedByOwner, ...around }: GroupMemberOptions) {
    const { settings, channel, metadata, context, wake } = around
    const random = context.random('coordinator')
    this.lookup = new CoordinatorLookup(settings, channel, metadata, random, wake)
    this.lookup.onRefused = (error) => around.observer.onUnauthorized?.(error, context.now)
    this.#callback = new RevocationCallback(listener, wake)
    const client: GroupClient = { ...around, lookup: this.lookup, callback: this.#callback }
    this.#commits = new OffsetCommits(client)
    if (isAssignedByOwner) this.membership = new NoMembership()
    else if (settings.protocol === 'consumer') {
      this.membership = new ConsumerMember(client, this.#commits)
    } else this.membership = new ClassicMember(client, new ConsumerWork(client, this.#commits))
    this.#commits.attach(this.membership)
    this.#positions = new CommittedPositions(client, this.membership)
    this.requested = new RequestedCommits(client, this.membership)
    this.query = new CommittedQuery(client, this.membership)
  }

  /** The application stands still in a commit, in a callback, or waits for committed offsets. */
  get isBlocking(): boolean {
    if (this.#commits.isBlocking || this.requested.isBlocking) return true
    return this.query.isBlocking || this.#callback.isRunning
  }

  /**
   * One pass of poll(): while the application is busy only what its threads do goes on.
   * @returns when to look again
   */
  poll(now: Micros, busyUntil: Micros): Micros {
    if (now < busyUntil) return Math.min(busyUntil, this.#positions.poll(now))
    let next: Micros = NEVER
    if (!this.isBlocking) next = this.membership.poll(now)
    next = Math.min(next, this.#commits.poll(now))
    next = Math.min(next, this.requested.poll(now), this.query.poll(now))
    return Math.min(next, this.#positions.poll(now))
  }

  /** The application closes its consumer. */
  leave(): void {
    this.#commits.commitOnClose()
    this.membership.leave()
  }
}

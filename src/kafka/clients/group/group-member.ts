// Models: a consumer's part in a group as one piece: look-up, membership, commits, positions.
// Leaves out: nothing.
// Source: ClassicKafkaConsumer.poll (updateAssignmentMetadataIfNeeded, updateFetchPositions).

import { type Micros, NEVER } from '../../../sim/time.ts'
import { ClassicMember } from './classic-member.ts'
import { CommittedPositions } from './committed-positions.ts'
import { ConsumerMember } from './consumer-member.ts'
import { ConsumerWork } from './consumer-work.ts'
import { CoordinatorLookup } from './coordinator-lookup.ts'
import type { GroupClient } from './group-client.ts'
import type { Membership } from './membership.ts'
import { OffsetCommits } from './offset-commits.ts'

export class GroupMember {
  readonly lookup: CoordinatorLookup
  readonly membership: Membership
  readonly #commits: OffsetCommits
  readonly #positions: CommittedPositions

  constructor(around: Omit<GroupClient, 'lookup'>) {
    const { settings, channel, metadata, context, wake } = around
    const random = context.random('coordinator')
    this.lookup = new CoordinatorLookup(settings, channel, metadata, random, wake)
    const client: GroupClient = { ...around, lookup: this.lookup }
    this.#commits = new OffsetCommits(client)
    this.membership =
      settings.protocol === 'classic'
        ? new ClassicMember(client, new ConsumerWork(client, this.#commits))
        : new ConsumerMember(client, this.#commits)
    this.#commits.attach(this.membership)
    this.#positions = new CommittedPositions(client, this.membership)
  }

  /** The application stands still in a commit. */
  get isBlocking(): boolean {
    return this.#commits.isBlocking
  }

  /**
   * One pass of poll(): while the application is busy only what its threads do goes on.
   * @returns when to look again
   */
  poll(now: Micros, busyUntil: Micros): Micros {
    if (now < busyUntil) return Math.min(busyUntil, this.#positions.poll(now))
    let next: Micros = NEVER
    if (!this.#commits.isBlocking) next = this.membership.poll(now)
    next = Math.min(next, this.#commits.poll(now))
    return Math.min(next, this.#positions.poll(now))
  }

  /** The application closes its consumer. */
  leave(): void {
    this.#commits.commitOnClose()
    this.membership.leave()
  }
}

// Models: what the poll loop and the commits of a consumer need of its membership in a group.
// Leaves out: nothing.
// Source: ConsumerCoordinator and ConsumerMembershipManager, as ClassicKafkaConsumer and
// AsyncKafkaConsumer see them.

import type { Micros } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type { GenerationId, MemberId } from '../../ids.ts'

/** Who commits, as the coordinator checks it. */
export interface MemberIdentity {
  readonly member: MemberId
  /** Generation, or member epoch. */
  readonly generation: GenerationId
}

export interface Membership {
  /** null while the member has no generation that its own commits could name. */
  readonly identity: MemberIdentity | null
  /**
   * Whom a commit names that the application asks for: a generation counts as soon as it is there,
   * whether or not its partitions were taken up. null: the member is in none.
   */
  readonly committer: MemberIdentity | 'rebalancing' | null
  /** The application polls: the time between two polls runs anew. @returns when to call again */
  poll(now: Micros): Micros
  /** A commit was refused for who sent it. */
  onCommitRefused(error: KafkaError): void
  /** The application closes the consumer. */
  leave(): void
}

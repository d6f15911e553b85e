// Models: what a member of a classic group joins for, as its membership sees it.
// Leaves out: nothing.
// Source: the abstract methods of AbstractCoordinator, which ConsumerCoordinator and Connect's
// WorkerCoordinator fill in.

import type { Micros } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  Assigned,
  JoinedMember,
  MemberAssignment,
  MemberSubscription,
} from '../../group-messages.ts'
import type { GenerationId } from '../../ids.ts'

export interface MemberWork {
  /** Names of what it offers to be assigned by, best first. */
  readonly protocols: readonly string[]
  /** It knows all that it must tell when it joins. */
  readonly canJoin: boolean
  /** It is not what it joined as any more: it must join again. */
  readonly hasChanged: boolean
  /**
   * Gives up what must be given up before a join.
   * @param isKnown whether it is in a generation; else it has lost what it had
   * @returns when to go on; null when it is done
   */
  prepare(isKnown: boolean, now: Micros): Micros | null
  /** What it tells the leader: a join goes out. */
  subscribe(generation: GenerationId): MemberSubscription
  /** It leads, whether or not it is to deal anything. */
  leads?(members: readonly JoinedMember[]): void
  /** It leads: what each member is to have. */
  assign(protocol: string, members: readonly JoinedMember[]): MemberAssignment[]
  /**
   * Takes up what the leader gave.
   * @returns whether it must join again, having given up some; null: ask again, it is not done
   */
  take(protocol: string, assigned: Assigned, now: Micros): boolean | null
  /** Nobody polled for the longest time allowed: it leaves. */
  pollIntervalExceeded(now: Micros): void
  /** The group refuses it for good. */
  refused(error: KafkaError, now: Micros): void
}

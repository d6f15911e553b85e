// Models: a consumer with a group.id whose application assigns partitions: it commits to the group
// and is no member of it.
// Leaves out: nothing.
// Source: ConsumerCoordinator.sendOffsetCommitRequest (Generation.NO_GENERATION), poll.

import { type Micros, NEVER } from '../../../sim/time.ts'
import { NO_GENERATION } from '../../ids.ts'
import type { MemberIdentity, Membership } from './membership.ts'

const NOBODY: MemberIdentity = { member: '', generation: NO_GENERATION }

/**
 * Commits name no member and generation -1, which a coordinator takes only for a group without
 * members; the offsets are then those of whoever committed last.
 */
export class NoMembership implements Membership {
  readonly identity = NOBODY
  readonly committer = NOBODY

  /** Nothing to do, ever. */
  poll(): Micros {
    return NEVER
  }

  /** Nothing: there is no place in the group that could be lost. */
  onCommitRefused(): void {}

  /** Nothing: the group does not know it. */
  leave(): void {}
}

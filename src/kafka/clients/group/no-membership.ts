// Models: a consumer with a group.id whose application assigns partitions: it commits to the group
// and is no member of it.
// Leaves out: nothing.
// Source: ConsumerCoordinator.sendOffsetCommitRequest (Generation.NO_GENERATION), poll.

import { type Micros, NEVER } from '../../../sim/time.ts'
import { NO_GENERATION } from '../../ids.ts'
import type { MemberIdentity, Membership } from './membership.ts'

const NOBODY: MemberIdentity = { member: '', generation: NO_GENERATION }

export class NoMembership implements Membership {
  readonly identity = NOBODY
  readonly committer = NOBODY

  poll(): Micros {
    return NEVER
  }

  onCommitRefused(): void {}

  leave(): void {}
}

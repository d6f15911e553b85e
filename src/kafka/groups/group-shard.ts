// Models: one partition's groups on the broker that coordinates them, rebuilt from its log.
// Leaves out: deletion of groups, share and streams groups, upgrades between protocols.
// Source: GroupCoordinatorShard, GroupMetadataManager, OffsetMetadataManager.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import {
  type GroupId,
  type MemberId,
  NO_EPOCH,
  NO_OFFSET,
  type Offset,
  type PartitionIndex,
} from '../ids.ts'
import type { Guards } from '../version.ts'
import type { AssignableTopics } from './assignable-topics.ts'
import { assignedOf, ClassicGroup, ClassicMember } from './classic-group.ts'
import { CommittedOffsets } from './committed-offsets.ts'
import { ConsumerGroup } from './consumer-group.ts'
import type { CoordinatorLog } from './coordinator-log.ts'
import type { GroupCoordinatorConfig } from './group-config.ts'
import type { GroupObserver } from './group-observer.ts'
import type { ClassicGroupValue, CoordinatorValue, OffsetCommitValue } from './group-values.ts'

/** What is done when somebody in a group has kept quiet for too long. */
export interface GroupExpiry {
  /** A classic member's session has ended. */
  session(shard: GroupShard, group: ClassicGroup, member: MemberId): void
  /** A new generation's members had their time to ask for their assignment. */
  syncs(shard: GroupShard, group: ClassicGroup): void
  /** The session of a member under KIP-848 has ended. */
  consumer(shard: GroupShard, group: ConsumerGroup, member: MemberId, why: string): void
}

export interface GroupShardOptions {
  readonly context: ProcessContext
  readonly config: GroupCoordinatorConfig
  readonly log: CoordinatorLog
  readonly topics: AssignableTopics
  readonly observer: GroupObserver | null
  readonly expiry: GroupExpiry
  readonly guards: Guards
}

/**
 * The state that the handlers of group requests share, and the log that all of it is kept in. One a
 * partition of the offsets topic, made when its broker becomes the leader and has read the log, and
 * dropped when it leads no more. Handlers may rely on being alone: a shard has one thread.
 */
export class GroupShard implements Checked {
  readonly context: ProcessContext
  readonly config: GroupCoordinatorConfig
  readonly log: CoordinatorLog
  readonly topics: AssignableTopics
  readonly observer: GroupObserver | null
  readonly guards: Guards
  readonly groups = new Map<GroupId, ClassicGroup | ConsumerGroup>()
  readonly offsets = new CommittedOffsets()
  /** Handlers of what times out: they need the shard, and it needs them. */
  readonly #expiry: GroupExpiry

  constructor(options: GroupShardOptions) {
    this.context = options.context
    this.config = options.config
    this.log = options.log
    this.topics = options.topics
    this.observer = options.observer
    this.guards = options.guards
    this.#expiry = options.expiry
    this.log.onCommitted = (offset) => this.offsets.commitUpTo(offset)
  }

  // ---- the log ----------------------------------------------------------------------------------

  /** One record of the log, in order. */
  replay(value: CoordinatorValue, at: Offset): void {
    if (value.kind === 'offset') this.offsets.replay(value, at)
    else if (value.kind === 'classic-group') this.#replayClassic(value)
    else this.consumerGroupOf(value.group).replay(value)
  }

  /** Writes values that change the state at once, as a replay of them would. */
  writeAndReplay(values: readonly CoordinatorValue[], done: (error: KafkaError) => void): void {
    const first = this.log.nextOffset
    for (const [i, value] of values.entries()) this.replay(value, first + i)
    this.log.write(values, done)
  }

  /** The partitions are no more: what was committed for them goes too. */
  onPartitionsDeleted(partitions: readonly PartitionIndex[]): void {
    const values = this.offsets.groups.flatMap((group) =>
      partitions
        .filter((partition) => this.offsets.has(group, partition))
        .map((partition): OffsetCommitValue => {
          return { kind: 'offset', group, partition, offset: NO_OFFSET, leaderEpoch: NO_EPOCH }
        }),
    )
    if (values.length > 0) this.writeAndReplay(values, () => {})
  }

  /** The whole group in one record: what was known of it before counts no more. */
  #replayClassic(value: ClassicGroupValue): void {
    const group = this.#newClassicGroup(value.group)
    this.groups.get(value.group)?.cancelTimers()
    this.groups.set(value.group, group)
    group.generation = value.generation
    group.protocol = value.protocol
    for (const member of value.members) {
      const restored = new ClassicMember(
        member.member,
        { ...member, group: value.group },
        this.sessionTimer(group, member.member),
      )
      restored.assignment = assignedOf(member)
      group.add(restored)
    }
    group.leader = value.leader
    group.restore(value.members.length === 0 ? 'empty' : 'stable')
  }

  // ---- groups -----------------------------------------------------------------------------------

  /** null where there is none and none may be made, or where it speaks the other protocol. */
  classicGroup(id: GroupId, mayCreate: boolean): ClassicGroup | null {
    const known = this.groups.get(id)
    if (known?.kind === 'classic') return known
    if (known !== undefined && !known.isEmpty) return null
    if (!mayCreate) return null
    const group = this.#newClassicGroup(id)
    this.groups.set(id, group)
    return group
  }

  /** Its timers are the shard’s process’s: a crash ends them. */
  #newClassicGroup(id: GroupId): ClassicGroup {
    const timer = (fn: () => void) => this.context.timer(fn)
    const group: ClassicGroup = new ClassicGroup(id, timer, () => this.#expiry.syncs(this, group))
    return group
  }

  /** The group under KIP-848, made where there is none; an empty classic one gives way. */
  consumerGroupOf(id: GroupId): ConsumerGroup {
    const known = this.groups.get(id)
    if (known?.kind === 'consumer') return known
    known?.cancelTimers()
    const group = new ConsumerGroup(id)
    this.groups.set(id, group)
    return group
  }

  /** Its log, its offsets and every group of it are whole. @throws InvariantViolation */
  assertWhole(): void {
    this.log.assertWhole()
    this.offsets.assertWhole()
    for (const [id, group] of this.groups) {
      invariant(group.id === id, 'a group is found by its name', { id })
      group.assertWhole()
    }
  }

  /**
   * The client's or instance's name and 128 random bits: unique, and its place in any order is
   * chance.
   */
  newMemberId(prefix: string): MemberId {
    const random = this.context.random('member-ids')
    let id = ''
    for (let i = 0; i < 4; i++) id += random.int(0, 0x7fff_ffff).toString(16).padStart(8, '0')
    return `${prefix}-${id}`
  }

  /** Not armed. When it fires, the member is gone and the group rebalances. */
  sessionTimer(group: ClassicGroup, member: MemberId): Timer {
    return this.context.timer(() => this.#expiry.session(this, group, member))
  }

  /**
   * A heartbeat of KIP-848: the session runs anew, by group.consumer.session.timeout.ms of the
   * broker.
   */
  keepConsumerAlive(group: ConsumerGroup, member: MemberId): void {
    const timer = group.sessionOf(member, () =>
      this.context.timer(() => this.#expiry.consumer(this, group, member, this.#silence)),
    )
    timer.arm(millis(this.config.consumerSessionTimeoutMs))
  }

  /** As the story tells it. */
  get #silence(): string {
    return `no heartbeat for ${this.config.consumerSessionTimeoutMs / 1000} s`
  }

  /** What a client is told of a write that failed. */
  writeError(error: KafkaError): KafkaError {
    if (error === 'REQUEST_TIMED_OUT' || error === 'NOT_ENOUGH_REPLICAS') {
      return 'COORDINATOR_NOT_AVAILABLE'
    }
    return error === 'NOT_LEADER_OR_FOLLOWER' ? 'NOT_COORDINATOR' : error
  }
}

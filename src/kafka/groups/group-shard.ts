// Models: one partition's groups on the broker that coordinates them, rebuilt from its log.
// Leaves out: deletion of groups, share and streams groups, upgrades between protocols.
// Source: GroupCoordinatorShard, GroupMetadataManager, OffsetMetadataManager.

import type { ProcessContext, Timer } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { OffsetCommitRequest, OffsetFetchRequest } from '../group-messages.ts'
import type { GroupId, MemberId, Offset } from '../ids.ts'
import type { Reply } from '../network/rpc.ts'
import type { AssignableTopics } from './assignable-topics.ts'
import { assignedOf, ClassicGroup, ClassicMember } from './classic-group.ts'
import { refuseWaiting } from './classic-join.ts'
import { expireSession, validateMemberOf } from './classic-membership.ts'
import { expirePendingSyncs } from './classic-rebalance.ts'
import { CommittedOffsets } from './committed-offsets.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { expireConsumerMember, validateCommitter, watchRevocation } from './consumer-heartbeat.ts'
import type { CoordinatorLog } from './coordinator-log.ts'
import type { GroupCoordinatorConfig } from './group-config.ts'
import type { GroupObserver } from './group-observer.ts'
import type { ClassicGroupValue, CoordinatorValue, OffsetCommitValue } from './group-values.ts'

export interface GroupShardOptions {
  readonly context: ProcessContext
  readonly config: GroupCoordinatorConfig
  readonly log: CoordinatorLog
  readonly topics: AssignableTopics
  readonly observer: GroupObserver | null
}

export class GroupShard {
  readonly context: ProcessContext
  readonly config: GroupCoordinatorConfig
  readonly log: CoordinatorLog
  readonly topics: AssignableTopics
  readonly observer: GroupObserver | null
  readonly groups = new Map<GroupId, ClassicGroup | ConsumerGroup>()
  readonly offsets = new CommittedOffsets()

  constructor(options: GroupShardOptions) {
    this.context = options.context
    this.config = options.config
    this.log = options.log
    this.topics = options.topics
    this.observer = options.observer
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

  /** Everything is read. Every session begins anew, however old its member's last sign of life. */
  loaded(): void {
    this.offsets.commitUpTo(this.log.lastCommitted)
    for (const group of this.groups.values()) {
      if (group.kind === 'consumer') {
        for (const member of group.members.values()) {
          this.keepConsumerAlive(group, member.id)
          const isRevoking = member.current.state === 'unrevoked-partitions'
          if (isRevoking) watchRevocation(this, group, member.id)
        }
        continue
      }
      for (const member of group.members.values()) member.keepAlive()
    }
    this.observer?.onLoaded([...this.groups.keys()])
  }

  /** Another broker coordinates from now on. Whoever waits learns that it is not this one. */
  unload(): void {
    for (const group of this.groups.values()) {
      if (group.kind === 'classic') {
        for (const member of group.members.values()) refuseWaiting(member, 'NOT_COORDINATOR')
      }
      group.cancelTimers()
    }
    this.log.close()
  }

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
    group.transitionTo(value.members.length === 0 ? 'empty' : 'stable')
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

  #newClassicGroup(id: GroupId): ClassicGroup {
    const timer = (fn: () => void) => this.context.timer(fn)
    const group: ClassicGroup = new ClassicGroup(id, timer, () => expirePendingSyncs(this, group))
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

  newMemberId(prefix: string): MemberId {
    const random = this.context.random('member-ids')
    let id = ''
    for (let i = 0; i < 4; i++) id += random.int(0, 0x7fff_ffff).toString(16).padStart(8, '0')
    return `${prefix}-${id}`
  }

  sessionTimer(group: ClassicGroup, member: MemberId): Timer {
    return this.context.timer(() => expireSession(this, group, member))
  }

  keepConsumerAlive(group: ConsumerGroup, member: MemberId): void {
    const timer = group.sessionOf(member, () =>
      this.context.timer(() => expireConsumerMember(this, group, member, this.#silence)),
    )
    timer.arm(millis(this.config.consumerSessionTimeoutMs))
  }

  get #silence(): string {
    return `no heartbeat for ${this.config.consumerSessionTimeoutMs / 1000} s`
  }

  // ---- offsets ----------------------------------------------------------------------------------

  commitOffsets(request: OffsetCommitRequest, reply: Reply): void {
    const error = this.#commitError(request)
    if (error !== 'NONE') {
      reply.send({ api: 'OffsetCommit', error })
      return
    }
    const { group } = request
    const values = request.offsets.map(
      (one): OffsetCommitValue => ({
        kind: 'offset',
        group,
        ...one,
      }),
    )
    this.writeAndReplay(values, (failure) => {
      reply.send({ api: 'OffsetCommit', error: this.writeError(failure) })
    })
  }

  /** Who may commit: members of the generation, or anybody while the group has no members. */
  #commitError(request: OffsetCommitRequest): KafkaError {
    const { generation, member, instance } = request
    const group = this.groups.get(request.group)
    if (group === undefined) return generation < 0 ? 'NONE' : 'ILLEGAL_GENERATION'
    if (generation < 0 && group.isEmpty) return 'NONE'
    if (group.kind === 'consumer') return validateCommitter(group, member, generation)
    const error = validateMemberOf(group, member, instance, generation)
    if (error !== 'NONE') return error
    group.members.get(member)?.keepAlive()
    return group.state === 'completing' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  }

  fetchOffsets(request: OffsetFetchRequest, reply: Reply): void {
    const group = this.groups.get(request.group)
    const isMember = request.member !== '' && group?.kind === 'consumer'
    const error = isMember ? validateCommitter(group, request.member, request.memberEpoch) : 'NONE'
    const offsets = error === 'NONE' ? this.offsets.fetch(request.group, request.partitions) : []
    reply.send({ api: 'OffsetFetch', error, offsets })
  }

  /** What a client is told of a write that failed. */
  writeError(error: KafkaError): KafkaError {
    if (error === 'REQUEST_TIMED_OUT' || error === 'NOT_ENOUGH_REPLICAS') {
      return 'COORDINATOR_NOT_AVAILABLE'
    }
    return error === 'NOT_LEADER_OR_FOLLOWER' ? 'NOT_COORDINATOR' : error
  }
}

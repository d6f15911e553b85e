// One shard of a coordinator over a log that the test replicates when it wants.

import type {
  ConsumerGroupHeartbeatRequest,
  GroupReply,
  HeartbeatRequest,
  JoinGroupRequest,
  OffsetCommitRequest,
  OffsetFetchRequest,
  SyncGroupRequest,
} from '../../../src/kafka/group-messages.ts'
import type { AssignableTopics } from '../../../src/kafka/groups/assignable-topics.ts'
import type { PartitionsPerTopic } from '../../../src/kafka/groups/assignors/assignor.ts'
import { handleJoinGroup } from '../../../src/kafka/groups/classic-join.ts'
import {
  handleSyncGroup,
  heartbeatError,
  leaveGroup,
} from '../../../src/kafka/groups/classic-membership.ts'
import { handleConsumerGroupHeartbeat } from '../../../src/kafka/groups/consumer-heartbeat.ts'
import { CoordinatorLog } from '../../../src/kafka/groups/coordinator-log.ts'
import { GROUP_COORDINATOR_DEFAULTS } from '../../../src/kafka/groups/group-config.ts'
import { GROUP_EXPIRY } from '../../../src/kafka/groups/group-expiry.ts'
import { GroupShard } from '../../../src/kafka/groups/group-shard.ts'
import type { CoordinatorValue } from '../../../src/kafka/groups/group-values.ts'
import { handleOffsetCommit, handleOffsetFetch } from '../../../src/kafka/groups/offset-requests.ts'
import { shardLoaded, shardUnloaded } from '../../../src/kafka/groups/shard-lifetime.ts'
import type { Response } from '../../../src/kafka/messages.ts'
import type { Reply } from '../../../src/kafka/network/rpc.ts'
import { type Guards, guardsFor, VERSION_DEFAULT } from '../../../src/kafka/version.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

/** An answer that may come later. */
export interface Answer<R> {
  response: R | null
}

export class ShardRig {
  readonly world = new World({ seed: 'groups' })
  readonly written: CoordinatorValue[] = []
  readonly told: string[] = []
  /** Whatever is appended is committed at once. */
  replicates = true
  shard: GroupShard
  partitions = 2
  /** Rises with whatever topics come, grow or go, the groups' own or others. */
  topicsVersion = 0
  readonly #guards: Guards
  #replicated = 0

  /** By default of the present release. */
  constructor(version = VERSION_DEFAULT) {
    this.#guards = guardsFor(version)
    this.shard = this.#open()
  }

  /** The coordinator moves: another broker reads the log. */
  reload(): void {
    shardUnloaded(this.shard)
    this.shard = this.#open()
    const committed = this.replicates ? this.written.length : this.#replicated
    for (const [at, value] of this.written.entries()) this.shard.replay(value, at)
    this.shard.log.opened(this.written.length, committed)
    shardLoaded(this.shard)
  }

  #open(): GroupShard {
    const zone = this.world.zones.get('a') ?? this.world.addZone('a', this.world.addRegion('r'))
    const brokers = this.world.hosts.size
    const host = this.world.addHost(`host-${brokers}`, zone)
    const context = this.world.addProcess(`broker-${brokers}`, host)
    context.start()
    this.world.scheduler.run(this.world.now)
    const config = { ...GROUP_COORDINATOR_DEFAULTS, appendLingerMs: 0 }
    const log: CoordinatorLog = new CoordinatorLog(
      context,
      0,
      {
        append: (_partition, values) => {
          this.written.push(...values)
          if (this.replicates) this.#replicated = this.written.length
          if (this.replicates) log.onHighWatermark(this.written.length)
          return 'NONE'
        },
      },
      config,
    )
    return new GroupShard({
      context,
      config,
      log,
      topics: this.#assignable(),
      observer: {
        onMemberAdded: () => {},
        onMemberRemoved: (_group, member, why) => void this.told.push(`${member} out: ${why}`),
        onRebalance: (_group, _generation, why) => void this.told.push(why),
        onStable: (_group, generation) => void this.told.push(`stable ${generation}`),
        onLoaded: () => {},
      },
      expiry: GROUP_EXPIRY,
      guards: this.#guards,
    })
  }

  #assignable(): AssignableTopics {
    const rig = this
    return {
      get version() {
        return rig.topicsVersion
      },
      assignable: () => this.#topics(),
      knows: () => true,
    }
  }

  #topics(): PartitionsPerTopic {
    const all = Array.from({ length: this.partitions }, (_, index) => ({ index, racks: [] }))
    return new Map([['t', all]])
  }

  /** Lets time pass. */
  wait(seconds: number): void {
    this.world.scheduler.run(this.world.now + seconds * SECOND)
    this.shard.assertWhole()
  }

  replicate(): void {
    this.#replicated = this.written.length
    this.shard.log.onHighWatermark(this.written.length)
  }

  join(request: Partial<JoinGroupRequest> & { readonly member?: string } = {}) {
    return this.#ask('JoinGroup', (reply) =>
      handleJoinGroup(
        this.shard,
        {
          api: 'JoinGroup',
          group: 'g',
          member: '',
          instance: '',
          clientId: 'c',
          clientHost: '/h',
          sessionTimeoutMs: 10_000,
          rebalanceTimeoutMs: 60_000,
          protocols: ['range'],
          subscription: { topics: ['t'], ownedPartitions: [], generation: -1, rack: '' },
          ...request,
        },
        reply,
      ),
    )
  }

  /** Joins as a dynamic member does: once for an id, once with it. */
  joinAsNew(request: Partial<JoinGroupRequest> = {}) {
    const member = this.join(request).response?.member ?? ''
    return { member, joined: this.join({ ...request, member }) }
  }

  sync(request: Partial<SyncGroupRequest>) {
    return this.#ask('SyncGroup', (reply) =>
      handleSyncGroup(
        this.shard,
        {
          api: 'SyncGroup',
          group: 'g',
          generation: 1,
          member: '',
          instance: '',
          assignments: [],
          ...request,
        },
        reply,
      ),
    )
  }

  heartbeat(member: string, generation: number, more: Partial<HeartbeatRequest> = {}) {
    const request = { api: 'Heartbeat', group: 'g', generation, member, instance: '' } as const
    return heartbeatError(this.shard, { ...request, ...more })
  }

  leave(member: string) {
    return leaveGroup(this.shard, { api: 'LeaveGroup', group: 'g', member, instance: '' })
  }

  commit(request: Partial<OffsetCommitRequest>) {
    return this.#ask('OffsetCommit', (reply) =>
      handleOffsetCommit(
        this.shard,
        {
          api: 'OffsetCommit',
          group: 'g',
          generation: -1,
          member: '',
          instance: '',
          offsets: [{ partition: 0, offset: 7, leaderEpoch: 0 }],
          ...request,
        },
        reply,
      ),
    )
  }

  /** What a group's reader is told, of all partitions or of some. */
  offsets(request: Partial<OffsetFetchRequest>) {
    return this.#ask('OffsetFetch', (reply) =>
      handleOffsetFetch(
        this.shard,
        {
          ...{ api: 'OffsetFetch', group: 'g', member: '', memberEpoch: -1 },
          ...{ partitions: null, requireStable: true },
          ...request,
        },
        reply,
      ),
    )
  }

  committed(): number | undefined {
    return this.shard.offsets.fetch('g', null)[0]?.offset
  }

  beat(member: string, memberEpoch: number, more: Partial<ConsumerGroupHeartbeatRequest> = {}) {
    return this.#ask('ConsumerGroupHeartbeat', (reply) =>
      handleConsumerGroupHeartbeat(
        this.shard,
        {
          api: 'ConsumerGroupHeartbeat',
          group: 'g',
          member,
          memberEpoch,
          instance: '',
          rack: '',
          clientId: 'c',
          clientHost: '/h',
          rebalanceTimeoutMs: 60_000,
          topics: memberEpoch === 0 ? ['t'] : null,
          assignor: null,
          owned: memberEpoch === 0 ? [] : null,
          ...more,
        },
        reply,
      ),
    )
  }

  #ask<A extends GroupReply['api']>(
    api: A,
    send: (reply: Reply) => void,
  ): Answer<Extract<GroupReply, { readonly api: A }>> {
    const answer: Answer<Extract<GroupReply, { readonly api: A }>> = { response: null }
    send({
      send: (response: Response | null) => {
        if (response?.api !== api) throw new Error(`${api} was answered by ${response?.api}`)
        answer.response = response as Extract<GroupReply, { readonly api: A }>
      },
      done: () => {},
    })
    this.shard.assertWhole()
    return answer
  }
}

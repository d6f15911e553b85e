// Source of the expected answers: CoordinatorRuntime (load, unload), GroupCoordinatorService.

import { describe, expect, it } from 'vitest'
import type { GroupRequest, JoinGroupRequest } from '../../../src/kafka/group-messages.ts'
import { GROUP_COORDINATOR_DEFAULTS } from '../../../src/kafka/groups/group-config.ts'
import { GroupCoordinator } from '../../../src/kafka/groups/group-coordinator.ts'
import { OFFSETS_TOPIC } from '../../../src/kafka/ids.ts'
import type { PartitionLog } from '../../../src/kafka/log/partition-log.ts'
import { MetadataDelta } from '../../../src/kafka/metadata/metadata-delta.ts'
import { MetadataImage } from '../../../src/kafka/metadata/metadata-image.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { guardsFor, type KafkaVersion, VERSION_DEFAULT } from '../../../src/kafka/version.ts'
import { oneProcess } from '../broker/scripted.ts'
import { LOG_CONFIG, logOf, produced } from '../log/batches.ts'

const COMMIT = { kind: 'offset', group: 'g', partition: 7, offset: 3, leaderEpoch: 0 } as const
/** A megabyte takes a second to read. */
const LOAD_MICROS = 1_000_000

/** The coordinators on broker 1, of an offsets topic with one partition that holds a commit. */
class Rig {
  readonly image = new MetadataImage()
  readonly logs = new Map<number, PartitionLog>()
  readonly coordinator: GroupCoordinator
  readonly loaded: number[] = []
  readonly #world

  constructor(version: KafkaVersion = VERSION_DEFAULT) {
    const { world, process } = oneProcess()
    this.#world = world
    this.coordinator = new GroupCoordinator({
      context: process,
      nodeId: 1,
      config: { ...GROUP_COORDINATOR_DEFAULTS, loadMicrosPerMegabyte: LOAD_MICROS },
      writer: { append: () => 'NONE' },
      guards: guardsFor(version),
      observer: {
        ...{ onMemberAdded: () => {}, onMemberRemoved: () => {}, onRebalance: () => {} },
        ...{ onStable: () => {}, onLoaded: () => void this.loaded.push(world.now / 1_000) },
      },
      logOf: (partition) => this.logs.get(partition) ?? null,
    })
    this.replay({ type: 'Topic', name: 'orders', configs: {} })
  }

  replay(...records: MetadataRecord[]): void {
    const delta = new MetadataDelta()
    for (const record of records) this.image.replay(record, this.image.offset + 1, delta)
    this.coordinator.onMetadata(this.image, delta)
  }

  /** The offsets topic exists, led by this broker. */
  createOffsets(leader = 1): void {
    const log = logOf([], LOG_CONFIG)
    const values = [COMMIT]
    log.appendAsLeader(produced({ bytes: 1_048_576, values }), 0)
    log.updateHighWatermark(1)
    this.logs.set(0, log)
    const places = { replicas: [1, 2], observers: [], isr: [1, 2], leader, number: 0 }
    const epochs = { leaderEpoch: 0, partitionEpoch: 0, recovery: 'RECOVERED' } as const
    const partition = { type: 'Partition', partition: 0, first: 0, topic: OFFSETS_TOPIC } as const
    this.replay(
      { type: 'Topic', name: OFFSETS_TOPIC, configs: {} },
      { ...partition, ...places, ...epochs },
    )
  }

  lead(leader: number): void {
    this.replay({ type: 'PartitionChange', partition: 0, leader })
  }

  register(brokerId: number): void {
    const rest = { brokerEpoch: 0, incarnation: 1, rack: null, inControlledShutdown: false }
    this.replay({ type: 'RegisterBroker', brokerId, fenced: false, ...rest })
  }

  wait(millis: number): void {
    this.#world.scheduler.run(this.#world.now + millis * 1_000)
  }

  /** What it answers, at once. */
  ask(request: GroupRequest): unknown {
    const told: unknown[] = []
    this.coordinator.handle(request, { send: (response) => told.push(response), done: () => {} })
    return told[0]
  }

  /** What a reader of the group is told. */
  fetch(): unknown {
    const asked = { group: 'g', partitions: null, requireStable: false } as const
    return this.ask({ api: 'OffsetFetch', member: '', memberEpoch: -1, ...asked })
  }

  heartbeat(): unknown {
    return this.ask({ api: 'Heartbeat', group: 'g', generation: 1, member: 'm', instance: '' })
  }

  sync(): unknown {
    const from = { generation: 1, member: 'm', instance: '', assignments: [] }
    return this.ask({ api: 'SyncGroup', group: 'g', ...from })
  }

  coordinatorOf(): unknown {
    return this.ask({ api: 'FindCoordinator', group: 'g' })
  }
}

describe('a coordinator', () => {
  it('is loaded when its log has been read, and tells what it found there', () => {
    const rig = new Rig()
    expect(rig.fetch()).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    rig.createOffsets()
    expect(rig.fetch()).toMatchObject({ error: 'COORDINATOR_LOAD_IN_PROGRESS' })
    rig.wait(999)
    expect(rig.loaded).toEqual([])
    rig.wait(1)
    expect(rig.loaded).toEqual([1_000])
    expect(rig.fetch()).toMatchObject({ error: 'NONE', offsets: [{ partition: 7, offset: 3 }] })
  })

  it('that loads tells who syncs so; before 4.0 it has it join anew', () => {
    for (const [version, error] of [
      ['4.1', 'COORDINATOR_LOAD_IN_PROGRESS'],
      ['3.9', 'REBALANCE_IN_PROGRESS'],
    ] as const) {
      const rig = new Rig(version)
      rig.createOffsets()
      expect(rig.sync()).toMatchObject({ error })
    }
  })

  it('takes heartbeats without a question while it is loaded', () => {
    const rig = new Rig()
    expect(rig.heartbeat()).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    rig.createOffsets()
    expect(rig.heartbeat()).toMatchObject({ error: 'NONE' })
    rig.wait(1_000)
    expect(rig.heartbeat()).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
  })

  it('is elsewhere where another broker leads', () => {
    const rig = new Rig()
    rig.createOffsets(2)
    rig.wait(5_000)
    expect([rig.loaded, rig.fetch()]).toMatchObject([[], { error: 'NOT_COORDINATOR' }])
  })

  it('that loses its partition while it reads is not opened by what it had begun', () => {
    const rig = new Rig()
    rig.createOffsets()
    rig.wait(500)
    rig.lead(2)
    rig.wait(5_000)
    expect([rig.loaded, rig.fetch()]).toMatchObject([[], { error: 'NOT_COORDINATOR' }])
  })

  it('that gets it back reads from the start', () => {
    const rig = new Rig()
    rig.createOffsets()
    rig.wait(500)
    rig.lead(2)
    rig.lead(1)
    rig.wait(999)
    expect(rig.loaded).toEqual([])
    rig.wait(1)
    expect(rig.loaded).toEqual([1_500])
  })

  it('reads once, whatever else changes of its partition', () => {
    const rig = new Rig()
    rig.createOffsets()
    rig.wait(1_000)
    rig.replay({ type: 'PartitionChange', partition: 0, isr: [1] })
    rig.wait(5_000)
    expect(rig.loaded).toEqual([1_000])
  })

  it('is named to clients while its broker is there', () => {
    const rig = new Rig()
    const nobody = { error: 'COORDINATOR_NOT_AVAILABLE', coordinator: -1 }
    expect(rig.coordinatorOf()).toMatchObject(nobody)
    rig.createOffsets(2)
    expect(rig.coordinatorOf()).toMatchObject(nobody)
    rig.register(2)
    expect(rig.coordinatorOf()).toMatchObject({ error: 'NONE', coordinator: 2 })
  })
})

describe('a session', () => {
  const JOIN: Omit<JoinGroupRequest, 'sessionTimeoutMs'> = {
    ...{ api: 'JoinGroup', group: 'g', member: '', instance: '', clientId: 'c', clientHost: '/h' },
    ...{ rebalanceTimeoutMs: 60_000, protocols: ['range'] },
    subscription: { topics: ['orders'], ownedPartitions: [], generation: -1, rack: '' },
  }

  // group.min.session.timeout.ms and group.max.session.timeout.ms
  it('is at least 6 s and at most half an hour long, or nobody joins with it', () => {
    const rig = new Rig()
    rig.createOffsets()
    rig.wait(1_000)
    const told = [5_999, 6_000, 1_800_000, 1_800_001].map((sessionTimeoutMs) =>
      rig.ask({ ...JOIN, sessionTimeoutMs }),
    )
    expect(told).toMatchObject([
      ...[{ error: 'INVALID_SESSION_TIMEOUT' }, { error: 'MEMBER_ID_REQUIRED' }],
      ...[{ error: 'MEMBER_ID_REQUIRED' }, { error: 'INVALID_SESSION_TIMEOUT' }],
    ])
  })
})

describe('an administrator', () => {
  const LIST = { api: 'ListGroups' } as const
  const DESCRIBE = { api: 'DescribeGroups', groups: ['g', 'h'] } as const
  const OFFSETS = { api: 'GroupsOffsetFetch', groups: ['g'] } as const

  it('hears of all groups with offsets, members or none, once they are read', () => {
    const rig = new Rig()
    rig.createOffsets()
    expect(rig.ask(LIST)).toMatchObject({ error: 'COORDINATOR_LOAD_IN_PROGRESS', groups: [] })
    rig.wait(1_000)
    expect(rig.ask(LIST)).toMatchObject({ error: 'NONE', groups: [{ group: 'g', state: 'EMPTY' }] })
    expect(rig.ask(DESCRIBE)).toMatchObject({
      groups: [
        { group: 'g', error: 'NONE', state: 'EMPTY', members: [] },
        { group: 'h', error: 'NONE', state: 'DEAD', members: [] },
      ],
    })
    expect(rig.ask(OFFSETS)).toMatchObject({
      groups: [{ error: 'NONE', offsets: [{ partition: 7, offset: 3 }] }],
    })
  })

  it('that asks a broker which does not coordinate the group is sent on', () => {
    const rig = new Rig()
    rig.createOffsets(2)
    const elsewhere = { group: 'g', error: 'NOT_COORDINATOR' }
    expect(rig.ask(DESCRIBE)).toMatchObject({ groups: [{ ...elsewhere, state: 'DEAD' }, {}] })
    expect(rig.ask(OFFSETS)).toMatchObject({ groups: [{ ...elsewhere, offsets: [] }] })
    expect(rig.ask(LIST)).toMatchObject({ error: 'NONE', groups: [] })
  })
})

describe('a topic that is deleted', () => {
  it('takes what was committed for it along, and no other', () => {
    const rig = new Rig()
    rig.createOffsets()
    rig.wait(1_000)
    const place = { replicas: [1], observers: [], isr: [1], leader: 1, number: 0, first: 7 }
    const epochs = { leaderEpoch: 0, partitionEpoch: 0, recovery: 'RECOVERED' } as const
    rig.replay({ type: 'Partition', topic: 'orders', partition: 7, ...place, ...epochs })
    expect(rig.fetch()).toMatchObject({ offsets: [{ partition: 7, offset: 3 }] })
    rig.replay({ type: 'RemoveTopic', topic: 'orders' })
    expect(rig.coordinator.shards[0]?.offsets.has('g', 7)).toBe(false)
  })
})

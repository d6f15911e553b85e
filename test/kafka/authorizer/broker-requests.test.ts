import { describe, expect, it } from 'vitest'
import { judge } from '../../../src/kafka/authorizer/broker-requests.ts'
import type { GroupRequest } from '../../../src/kafka/group-messages.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import { produced } from '../log/batches.ts'
import { shopWith, VIEW } from './lists.ts'

const REFUSED = 'TOPIC_AUTHORIZATION_FAILED'
const produce = (acks: 0 | -1): Request => ({
  ...{ api: 'Produce', acks, timeoutMs: 1_000 },
  partitions: [0, 1].map((partition) => ({ partition, batch: produced() })),
})
const fetch: Request = {
  ...{ api: 'Fetch', replicaId: -1, brokerEpoch: -1, maxWaitMs: 500, minBytes: 1, maxBytes: 1_000 },
  ...{ isolation: 'read_uncommitted', clientRack: '', sessionId: 0, sessionEpoch: -1 },
  partitions: [0, 1].map((partition) => ({
    ...{ partition, currentLeaderEpoch: -1, fetchOffset: 0, lastFetchedEpoch: -1 },
    ...{ logStartOffset: -1, maxBytes: 1_000 },
  })),
}
const indices = (request: Request | null | undefined) =>
  request !== null && request !== undefined && 'partitions' in request
    ? request.partitions?.map((one) => (typeof one === 'number' ? one : one.partition))
    : null

describe('a request for several partitions', () => {
  const positions: Request = {
    ...{ api: 'ListOffsets', replicaId: -1 },
    partitions: [0, 1].map((partition) => {
      return { partition, currentLeaderEpoch: -1, at: 'latest' as const }
    }),
  }
  const epochs: Request = {
    api: 'OffsetsForLeaderEpoch',
    partitions: [0, 1].map((partition) => ({ partition, currentLeaderEpoch: 1, leaderEpoch: 1 })),
  }

  it.each([
    ['WRITE', produce(-1)],
    ['READ', fetch],
    ['DESCRIBE', positions],
    ['DESCRIBE', epochs],
  ])('takes %s on the topic of each, and serves those that are allowed', (operation, request) => {
    const both = shopWith(`${operation} topic orders`, `${operation} topic returns`)
    expect(judge(request, both, VIEW)).toBeNull()
    const verdict = judge(request, shopWith(`${operation} topic orders`), VIEW)
    expect(indices(verdict?.allowed)).toEqual([0])
    expect(verdict?.answer(null)).toMatchObject({
      partitions: [{ partition: 1, error: REFUSED }],
    })
  })

  it('is refused as a whole where none is allowed, and another right does not help', () => {
    expect(judge(produce(-1), shopWith('READ topic orders'), VIEW)?.allowed).toBeNull()
    expect(judge(fetch, shopWith('WRITE topic orders'), VIEW)?.allowed).toBeNull()
  })

  it('is answered with what was served and what was refused', () => {
    const verdict = judge(produce(-1), shopWith('WRITE topic returns'), VIEW)
    const done = { partition: 1, error: 'NONE' as const, baseOffset: 7, currentLeader: null }
    expect(verdict?.answer({ api: 'Produce', partitions: [done] })).toMatchObject({
      partitions: [done, { partition: 0, error: REFUSED, baseOffset: -1 }],
    })
  })

  it('closes the connection where the producer waits for no answer', () => {
    const verdict = judge(produce(0), shopWith('WRITE topic orders'), VIEW)
    expect(indices(verdict?.allowed)).toEqual([0])
    expect(verdict?.answer(null)).toBeNull()
  })
})

describe('metadata', () => {
  const ask = (topics: readonly string[] | null, mayCreateTopics = false): Request => {
    return { api: 'Metadata', topics, mayCreateTopics }
  }
  const served = (...names: string[]): Response => ({
    ...{ api: 'Metadata', controllerId: 1, brokers: [] },
    topics: names.map((name) => ({ name, error: 'NONE', partitions: [] })),
  })

  it('is told of topics that may be described; of the others by name that they may not', () => {
    const verdict = judge(ask(['orders', 'returns']), shopWith('WRITE topic orders'), VIEW)
    expect(verdict?.allowed).toMatchObject({ topics: ['orders'] })
    expect(verdict?.answer(served('orders'))).toMatchObject({
      topics: [
        { name: 'orders', error: 'NONE' },
        { name: 'returns', error: REFUSED },
      ],
    })
  })

  it('of all topics leaves out those that may not be described', () => {
    const verdict = judge(ask(null), shopWith('READ topic returns'), VIEW)
    expect(verdict?.allowed).toEqual(ask(null))
    expect(verdict?.answer(served('orders', 'returns'))).toMatchObject({
      topics: [{ name: 'returns' }],
    })
  })

  it('of a topic that the question would create takes the right to create it', () => {
    const mayRead = 'READ topic audit'
    expect(judge(ask(['audit']), shopWith(mayRead), VIEW)).toBeNull()
    expect(judge(ask(['audit'], true), shopWith(mayRead), VIEW)).not.toBeNull()
    expect(judge(ask(['audit'], true), shopWith(mayRead, 'CREATE topic audit'), VIEW)).toBeNull()
    expect(judge(ask(['audit'], true), shopWith(mayRead, 'CREATE cluster'), VIEW)).toBeNull()
    const creatingNone = { ...VIEW, createsTopics: false }
    expect(judge(ask(['audit'], true), shopWith(mayRead), creatingNone)).toBeNull()
  })
})

describe('a producer id', () => {
  const request: Request = { api: 'InitProducerId' }

  it('is for whoever may write to any topic, or idempotently to the cluster', () => {
    expect(judge(request, shopWith('WRITE topic audit'), VIEW)).toBeNull()
    expect(judge(request, shopWith('IDEMPOTENT_WRITE cluster'), VIEW)).toBeNull()
    expect(judge(request, shopWith('READ topic orders'), VIEW)?.answer(null)).toMatchObject({
      error: 'CLUSTER_AUTHORIZATION_FAILED',
      producerId: -1,
    })
  })
})

describe('a request of a group', () => {
  const member = { group: 'billing', member: 'm', instance: '' }
  const joining: GroupRequest = {
    ...{ api: 'JoinGroup', ...member, clientId: 'c', clientHost: '/h', sessionTimeoutMs: 1 },
    ...{ rebalanceTimeoutMs: 1, protocols: ['range'] },
    subscription: { topics: ['orders'], ownedPartitions: [], generation: -1, rack: '' },
  }
  const heartbeat: GroupRequest = {
    ...{ api: 'ConsumerGroupHeartbeat', ...member, memberEpoch: 0, rack: '', clientId: 'c' },
    ...{ clientHost: '/h', rebalanceTimeoutMs: 1, topics: null, assignor: null, owned: null },
  }
  const offsets = [0, 1].map((partition) => ({ partition, offset: 5, leaderEpoch: -1 }))
  const commit: GroupRequest = { api: 'OffsetCommit', ...member, generation: 1, offsets }
  const look: GroupRequest = {
    ...{
      api: 'OffsetFetch',
      group: 'billing',
      member: '',
      memberEpoch: -1,
      partitions: [0, 1],
      requireStable: false,
    },
  }

  it.each<[string, GroupRequest]>([
    ['DESCRIBE', { api: 'FindCoordinator', group: 'billing' }],
    ['READ', joining],
    ['READ', { api: 'SyncGroup', ...member, generation: 1, assignments: [] }],
    ['READ', { api: 'Heartbeat', ...member, generation: 1 }],
    ['READ', { api: 'LeaveGroup', ...member }],
    ['READ', heartbeat],
  ])('takes %s on the group: %o', (operation, request) => {
    expect(judge(request, shopWith(`${operation} group billing`), VIEW)).toBeNull()
    const verdict = judge(request, shopWith(`${operation} group other`), VIEW)
    expect(verdict?.allowed).toBeNull()
    expect(verdict?.answer(null)).toMatchObject({
      api: request.api,
      error: 'GROUP_AUTHORIZATION_FAILED',
    })
  })

  it('names only topics that may be seen, where it is a heartbeat under KIP-848', () => {
    const naming = { ...heartbeat, topics: ['orders', 'returns'] }
    const rights = ['READ group billing', 'DESCRIBE topic orders']
    const verdict = judge(naming, shopWith(...rights), VIEW)
    expect(verdict?.allowed).toBeNull()
    expect(verdict?.answer(null)).toMatchObject({ api: heartbeat.api, error: REFUSED })
    expect(judge(naming, shopWith(...rights, 'DESCRIBE topic returns'), VIEW)).toBeNull()
    expect(judge(heartbeat, shopWith(...rights), VIEW)).toBeNull()
  })

  it('commits what may be read, and tells of the rest', () => {
    const verdict = judge(commit, shopWith('READ group billing', 'READ topic orders'), VIEW)
    expect(verdict?.allowed).toEqual({ ...commit, offsets: offsets.slice(0, 1) })
    expect(verdict?.answer({ api: 'OffsetCommit', error: 'NONE' })).toMatchObject({
      error: REFUSED,
    })
    const stale = { api: 'OffsetCommit', error: 'ILLEGAL_GENERATION' } as const
    expect(verdict?.answer(stale)).toEqual(stale)
    expect(judge(commit, shopWith('READ group billing'), VIEW)?.allowed).toBeNull()
    const onTopicsOnly = judge(commit, shopWith('READ topic orders', 'READ topic returns'), VIEW)
    expect(onTopicsOnly?.answer(null)).toMatchObject({ error: 'GROUP_AUTHORIZATION_FAILED' })
  })

  it('tells what is committed in topics that may be described', () => {
    const half = shopWith('DESCRIBE group billing', 'READ topic orders')
    expect(judge(look, half, VIEW)?.answer(null)).toMatchObject({ error: REFUSED })
    const all = judge({ ...look, partitions: null }, half, VIEW)
    expect(all?.answer({ api: 'OffsetFetch', error: 'NONE', offsets })).toMatchObject({
      offsets: [{ partition: 0 }],
    })
    const none = judge(look, shopWith('READ topic orders'), VIEW)
    expect(none?.answer(null)).toMatchObject({ error: 'GROUP_AUTHORIZATION_FAILED' })
  })

  it('about several groups tells of each', () => {
    const groups = ['billing', 'audit']
    const asker = shopWith('READ group billing')
    const found = judge({ api: 'FindCoordinators', groups }, asker, VIEW)
    expect(found?.allowed).toMatchObject({ groups: ['billing'] })
    expect(found?.answer({ api: 'FindCoordinators', coordinators: [] })).toMatchObject({
      coordinators: [{ group: 'audit', error: 'GROUP_AUTHORIZATION_FAILED' }],
    })
    const described = judge({ api: 'DescribeGroups', groups }, asker, VIEW)
    expect(described?.answer({ api: 'DescribeGroups', groups: [] })).toMatchObject({
      groups: [{ group: 'audit', error: 'GROUP_AUTHORIZATION_FAILED' }],
    })
    // Of what a group has committed it tells the topics that may be described.
    const reader = shopWith('READ group billing', 'READ topic orders')
    const committed = judge({ api: 'GroupsOffsetFetch', groups }, reader, VIEW)
    const offsets = [0, 1].map((partition) => ({ partition, offset: 5, leaderEpoch: 0 }))
    const served = [{ group: 'billing', error: 'NONE', offsets }] as const
    expect(committed?.answer({ api: 'GroupsOffsetFetch', groups: served })).toMatchObject({
      groups: [
        { group: 'billing', offsets: [{ partition: 0 }] },
        { group: 'audit', error: 'GROUP_AUTHORIZATION_FAILED', offsets: [] },
      ],
    })
    const listed = judge({ api: 'ListGroups' }, asker, VIEW)
    const all = groups.map((group) => ({ group, state: 'STABLE' as const }))
    expect(listed?.answer({ api: 'ListGroups', error: 'NONE', groups: all })).toMatchObject({
      groups: [{ group: 'billing' }],
    })
    expect(judge({ api: 'ListGroups' }, shopWith('DESCRIBE cluster'), VIEW)).toBeNull()
  })
})

describe('what brokers tell administrators and links', () => {
  it('takes rights of its own', () => {
    const configs: Request = { api: 'DescribeConfigs', topics: ['orders', 'returns'] }
    const verdict = judge(configs, shopWith('ALTER_CONFIGS topic orders'), VIEW)
    expect(verdict?.allowed).toMatchObject({ topics: ['orders'] })
    expect(verdict?.answer(null)).toMatchObject({ topics: [{ name: 'returns', error: REFUSED }] })
    const acls: Request = { api: 'DescribeAcls' }
    expect(judge(acls, shopWith('DESCRIBE cluster'), VIEW)).toBeNull()
    expect(judge(acls, shopWith(), VIEW)?.answer(null)).toMatchObject({
      error: 'CLUSTER_AUTHORIZATION_FAILED',
    })
    const mirror: Request = { api: 'DescribeMirror', topic: 'orders' }
    expect(judge(mirror, shopWith('READ topic orders'), VIEW)).toBeNull()
    expect(judge(mirror, shopWith(), VIEW)?.answer(null)).toMatchObject({ error: REFUSED })
  })

  it('leaves alone what asks for nothing', () => {
    expect(judge({ api: 'ApiVersions' }, shopWith(), VIEW)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { CopiedConfigs } from '../../../src/mirror/mirror-maker2/copied-configs.ts'
import { Flow } from '../../../src/mirror/mirror-maker2/flow.ts'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import {
  dealPartitions,
  isChanged,
  toCreate,
  topicsOfFlow,
} from '../../../src/mirror/mirror-maker2/remote-topics.ts'

function flowOf(settings: Readonly<Record<string, unknown>> = {}): Flow {
  const port = (name: string) => ({
    name,
    directory: { processOf: () => null },
    topics: new TopicPartitions(),
    bootstrapNodes: [],
  })
  return new Flow({
    source: port('A'),
    target: port('B'),
    settings: { ...defaultSettings('mirrorMaker2', '4.1'), ...settings } as never,
    guards: mm2GuardsFor('4.1'),
    recordIds: new InternalRecordIds(),
  })
}

const topic = (name: string, partitions: number) => ({ name, partitions })

describe('of the topics at both ends', () => {
  const source = [
    ...[topic('orders', 3), topic('B.paid', 1), topic('mm2-offset-syncs.B.internal', 1)],
    ...[topic('__consumer_offsets', 50), topic('heartbeats', 1)],
  ]
  const target = [
    ...[topic('orders', 9), topic('A.orders', 2), topic('A.checkpoints.internal', 1)],
    topic('A.gone', 1),
  ]
  const known = topicsOfFlow(flowOf(), { source, target })

  it('a flow copies what its filter takes, and nothing that came from its own target', () => {
    expect(known.source.map(({ name }) => name)).toEqual(['orders', 'heartbeats'])
    expect(known.target.map(({ name }) => name)).toEqual(['A.orders', 'A.gone'])
  })

  it('copies that are missing are created, and those with too few partitions grow', () => {
    expect(toCreate(flowOf(), known)).toEqual({
      topics: [topic('A.heartbeats', 1)],
      grown: [topic('A.orders', 3)],
    })
  })

  it('a refresh has work where partitions came or went, or a copy lacks some', () => {
    const whole = { source: [topic('orders', 3)], target: [topic('A.orders', 3)] }
    const flow = flowOf()
    expect(isChanged(flow, whole, whole)).toBe(false)
    expect(isChanged(flow, whole, { ...whole, source: [topic('orders', 4)] })).toBe(true)
    expect(isChanged(flow, whole, { ...whole, source: [] })).toBe(true)
    expect(isChanged(flow, whole, { ...whole, target: [] })).toBe(true)
  })

  it('deals the partitions to the tasks in turn', () => {
    const dealt = dealPartitions([topic('a', 2), topic('b', 3)], 2)
    const names = dealt.map((task) => task.map((one) => `${one.topic}-${one.number}`))
    expect(names).toEqual([
      ['a-0', 'b-0', 'b-2'],
      ['a-1', 'b-1'],
    ])
    expect(dealPartitions([topic('a', 1)], 8)).toHaveLength(1)
    expect(dealPartitions([], 8)).toEqual([])
  })
})

describe('a flow names', () => {
  it('its internal topics for the cluster at the other end', () => {
    const flow = flowOf()
    expect(flow.syncsTopic).toBe('mm2-offset-syncs.B.internal')
    expect(flow.syncsCluster.name).toBe('A')
    const moved = flowOf({ 'offset-syncs.topic.location': 'target' })
    expect([moved.syncsTopic, moved.syncsCluster.name]).toEqual([
      'mm2-offset-syncs.A.internal',
      'B',
    ])
    expect(flow.checkpointsTopic).toBe('A.checkpoints.internal')
  })

  it('copies as their source is called where its policy keeps names', () => {
    const policy = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
    const flow = flowOf({ 'replication.policy.class': policy })
    expect([flow.remoteTopic('orders'), flow.remoteTopic('heartbeats')]).toEqual([
      'orders',
      'A.heartbeats',
    ])
  })
})

describe('a copy gets the settings of its source', () => {
  const configs = {
    own: { 'retention.ms': '1000', 'min.insync.replicas': '2', 'cleanup.policy': 'compact' },
    defaults: { 'segment.bytes': '1073741824', 'unclean.leader.election.enable': 'false' },
  }

  it('but for those that are never copied', () => {
    const { copiedConfigs } = flowOf({})
    const copied = { 'retention.ms': '1000', 'cleanup.policy': 'compact' }
    expect(copiedConfigs.of(configs)).toEqual(copied)
    const own = { 'unclean.leader.election.enable': 'true' }
    expect(copiedConfigs.of({ own, defaults: {} })).toEqual({})
  })

  it('with those that config.properties.exclude no longer names', () => {
    expect(new CopiedConfigs('retention\\..*').of(configs)).toEqual({
      'min.insync.replicas': '2',
      'cleanup.policy': 'compact',
    })
  })

  it('and loses with each sync what stands at Kafka’s default there', () => {
    const copied = { 'retention.ms': '1000', 'cleanup.policy': 'compact' }
    const removed = { ...copied, 'segment.bytes': null }
    expect(flowOf({}).copiedConfigs.changes(configs)).toEqual(removed)
  })

  it('or gets that default, from its creation on, with use.defaults.from source', () => {
    const { copiedConfigs } = flowOf({ 'use.defaults.from': 'source' })
    const copied = {
      ...{ 'retention.ms': '1000', 'cleanup.policy': 'compact' },
      'segment.bytes': '1073741824',
    }
    expect(copiedConfigs.of(configs)).toEqual(copied)
    expect(copiedConfigs.changes(configs)).toEqual(copied)
  })
})

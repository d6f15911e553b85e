import { describe, expect, it } from 'vitest'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { ControllerRig } from './controller-rig.ts'

const RANDOM = { nextInt: () => 0 }

function rigWithTopic() {
  const rig = new ControllerRig()
  rig.start(1, 2, 3)
  const numbering = new TopicPartitions()
  const order = (request: Parameters<typeof rig.control.forwarded>[0]) => {
    const reply = rig.take(rig.control.forwarded(request, numbering, RANDOM))
    for (const record of rig.log) {
      if (record.type === 'Partition') numbering.onCommitted(record.partition)
    }
    return 'topics' in reply ? reply.topics.map(({ error }) => error) : expect.unreachable()
  }
  const topic = { name: 't', partitions: 2, replicationFactor: 3 }
  const configs = { 'min.insync.replicas': '2' }
  const create = (own: Readonly<Record<string, string>> = {}) =>
    order({ api: 'CreateTopics', topics: [{ ...topic, configs: own }] })
  const remove = (...names: string[]) =>
    order({ api: 'DeleteTopics', topics: names.map((name) => ({ name })) })
  expect(create(configs)).toEqual(['NONE'])
  return { rig, numbering, create, remove }
}

describe('a deleted topic', () => {
  it('is gone with its partitions, its settings and its place in every index', () => {
    const { rig, remove } = rigWithTopic()
    const { state } = rig.control
    expect(remove('t')).toEqual(['NONE'])
    expect(rig.log.at(-1)).toEqual({ type: 'RemoveTopic', topic: 't' })
    expect([state.topics.size, state.partitions.size]).toEqual([0, 0])
    expect(state.configs.topicValue('t', 'min.insync.replicas')).toBeUndefined()
    for (const id of [1, 2, 3]) expect(state.index.partitionsWithBrokerInIsr(id).size).toBe(0)
    // Nothing is left to elect for when a broker goes silent.
    expect(rig.silence(1)).toEqual([1])
  })

  it('is unknown when it is deleted again', () => {
    const { remove } = rigWithTopic()
    expect(remove('t', 'u')).toEqual(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION'])
    expect(remove('t')).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
  })

  it('leaves its name to another topic with other partitions and settings of its own', () => {
    const { rig, numbering, create, remove } = rigWithTopic()
    expect(numbering.partitionsOf('t')).toEqual([0, 1])
    expect(create()).toEqual(['TOPIC_ALREADY_EXISTS'])
    remove('t')
    expect(create()).toEqual(['NONE'])
    expect(rig.control.state.topics.get('t')).toEqual([2, 3])
    expect([numbering.partitionsOf('t'), numbering.size]).toEqual([[2, 3], 2])
    expect(rig.control.state.configs.minInsyncReplicas('t')).toBe(1)
  })

  it('takes no number back in a copy of the controller that never committed the deletion', () => {
    const { rig, numbering, create, remove } = rigWithTopic()
    const before = rig.control.copy()
    remove('t')
    create()
    // A failover undid both: the old partitions are those of the topic, as far as it knows.
    expect(before.state.topics.get('t')).toEqual([0, 1])
    expect(numbering.partitionsOf('t')).toEqual([2, 3])
  })
})

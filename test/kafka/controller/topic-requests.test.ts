// Source of the expected answers: ReplicationControlManager (createTopics, validateNewTopicNames,
// createPartitions) and common.internals.Topic of Kafka 4.1.

import { describe, expect, it } from 'vitest'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { ControllerRig } from './controller-rig.ts'

const RANDOM = { nextInt: () => 0 }

/** A cluster of three brokers, and clients that order topics of it. */
function office() {
  const rig = new ControllerRig()
  rig.start(1, 2, 3)
  const numbering = new TopicPartitions()
  const give = (request: Parameters<typeof rig.control.forwarded>[0]) => {
    const before = rig.log.length
    const reply = rig.take(rig.control.forwarded(request, numbering, RANDOM))
    for (const record of rig.log.slice(before)) {
      if (record.type === 'Partition') numbering.onCommitted(record.partition)
    }
    return 'topics' in reply ? reply.topics.map(({ error }) => error).join() : ''
  }
  const create = (name: string, partitions = 1, replicationFactor = 1) => {
    const topic = { name, partitions, replicationFactor, configs: {} }
    return give({ api: 'CreateTopics', topics: [topic] })
  }
  const grow = (name: string, partitions: number) =>
    give({ api: 'CreatePartitions', topics: [{ name, partitions }] })
  return { rig, create, grow }
}

describe('the name of a topic', () => {
  it('names a folder: no dots alone, nothing but letters, digits and ". _ -", 249 at most', () => {
    const { create } = office()
    for (const name of ['', '.', '..', 'a b', 'ä', 'a/b', 'x'.repeat(250)]) {
      expect([name, create(name)]).toEqual([name, 'INVALID_TOPIC_EXCEPTION'])
    }
    for (const name of ['...', 'A-1_b.c', 'x'.repeat(249)]) {
      expect([name, create(name)]).toEqual([name, 'NONE'])
    }
  })

  it('differs from all others by more than dots and underscores, as their metrics do', () => {
    const { create } = office()
    create('us.orders')
    expect(create('us_orders')).toBe('INVALID_TOPIC_EXCEPTION')
    expect(create('us-orders')).toBe('NONE')
    expect(create('us.orders')).toBe('TOPIC_ALREADY_EXISTS')
  })
})

describe('a new topic', () => {
  it('has partitions and replicas, and no more replicas than there are brokers', () => {
    const { create } = office()
    expect(create('t', 0)).toBe('INVALID_PARTITIONS')
    expect(create('t', 1, 0)).toBe('INVALID_REPLICATION_FACTOR')
    expect(create('t', 1, 4)).toBe('INVALID_REPLICATION_FACTOR')
    expect(create('t', 2, 3)).toBe('NONE')
  })

  it('may have replicas on brokers that are away, but a leader must be there', () => {
    const { rig, create } = office()
    rig.silence(2, 3)
    expect(create('t', 1, 3)).toBe('NONE')
    expect(rig.partition(0)).toMatchObject({ leader: 1, isr: [1] })
    rig.silence(1)
    expect(create('u')).toBe('INVALID_REPLICATION_FACTOR')
  })
})

describe('more partitions', () => {
  it('are more than there were, of a topic that there is', () => {
    const { create, grow } = office()
    create('t', 2)
    expect(grow('u', 3)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(grow('t', 2)).toBe('INVALID_PARTITIONS')
    expect(grow('t', 1)).toBe('INVALID_PARTITIONS')
    expect(grow('t', 3)).toBe('NONE')
  })

  it('have as many replicas as the first one, those on their way out among them', () => {
    const { rig, create, grow } = office()
    create('t', 1, 2)
    const [a = 0, b = 0] = rig.partition(0).replicas
    const third = [1, 2, 3].find((id) => id !== a && id !== b) ?? 0
    const replicas = [third, b]
    rig.take(rig.control.alterReassignment({ api: 'AlterReassignment', partition: 0, replicas }))
    expect(rig.partition(0).replicas).toHaveLength(3)
    expect(grow('t', 2)).toBe('NONE')
    expect(rig.partition(1).replicas).toHaveLength(3)
  })

  it('are refused where too few brokers are left, or nobody could lead', () => {
    const { rig, create, grow } = office()
    create('t', 1, 3)
    rig.silence(1, 2, 3)
    expect(grow('t', 2)).toBe('INVALID_REPLICATION_FACTOR')
    rig.start(1)
    rig.take(rig.control.unregisterBroker({ api: 'UnregisterBroker', brokerId: 3 }))
    expect(grow('t', 2)).toBe('INVALID_REPLICATION_FACTOR')
    expect([...rig.control.state.partitions.keys()]).toEqual([0])
  })
})

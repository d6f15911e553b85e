// Source of the expected answers: ControllerApis of Kafka 4.1.

import { expect, it } from 'vitest'
import type { TopicsRequest } from '../../../src/kafka/admin-messages.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { ControllerRig } from './controller-rig.ts'

const RANDOM = { nextInt: () => 0 }
const WISH = { partitions: 2, replicationFactor: 1, configs: {} }

function namesOf<T>(wish: T): readonly (T & { readonly name: string })[] {
  return ['twice', 'once', 'twice', 'twice'].map((name) => ({ name, ...wish }))
}

const ORDERS: readonly TopicsRequest[] = [
  { api: 'CreateTopics', topics: namesOf(WISH) },
  { api: 'CreatePartitions', topics: namesOf({ partitions: 3 }) },
  { api: 'IncrementalAlterConfigs', topics: namesOf({ configs: { 'retention.ms': '1' } }) },
  { api: 'DeleteTopics', topics: namesOf({}) },
]

it.each(ORDERS)('$api does nothing for a topic that it names more than once', (order) => {
  const rig = new ControllerRig()
  rig.start(1, 2, 3)
  const numbering = new TopicPartitions()
  const give = (request: TopicsRequest) => {
    const reply = rig.take(rig.control.forwarded(request, numbering, RANDOM))
    for (const record of rig.log) {
      if (record.type === 'Partition') numbering.onCommitted(record.partition)
    }
    return 'topics' in reply ? reply.topics.map(({ name, error }) => [name, error]) : []
  }
  if (order.api !== 'CreateTopics') {
    give({ api: 'CreateTopics', topics: ['once', 'twice'].map((name) => ({ name, ...WISH })) })
  }
  const before = rig.log.length
  expect(give(order)).toEqual([
    ['once', 'NONE'],
    ['twice', 'INVALID_REQUEST'],
  ])
  const written = JSON.stringify(rig.log.slice(before))
  expect(written).toContain('once')
  expect(written).not.toContain('twice')
})

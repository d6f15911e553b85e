import { expect, test } from 'vitest'
import { topicConfigOf } from '../../../src/kafka/broker/topic-config.ts'
import { TOPIC_CONFIG } from '../partition/bench.ts'

test('a topic’s own settings win over the broker’s defaults', () => {
  const config = topicConfigOf({ 'min.insync.replicas': '2', 'retention.ms': '-1' }, TOPIC_CONFIG)
  expect(config).toEqual({ ...TOPIC_CONFIG, minInsyncReplicas: 2, retentionMs: -1 })
})

test.each([
  ['{"version":2,"replicas":[],"observerPromotionPolicy":"under-min-isr"}', 'under-min-isr'],
  ['{"version":1,"replicas":[],"observerPromotionPolicy":"under-min-isr"}', 'none'],
  ['{"version":2,"replicas":[]}', 'none'],
])('the observers’ policy of %s is %s', (placement, policy) => {
  const config = topicConfigOf({ 'confluent.placement.constraints': placement }, TOPIC_CONFIG)
  expect(config.observerPromotionPolicy).toBe(policy)
})

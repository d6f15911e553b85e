import { expect, test } from 'vitest'
import { brokerTopicDefaults, topicConfigOf } from '../../../src/kafka/broker/topic-config.ts'
import {
  BrokerConfigs,
  CLUSTER_DEFAULT,
  nodeResource,
} from '../../../src/kafka/metadata/broker-configs.ts'
import type { ConfigResource } from '../../../src/kafka/metadata/records.ts'
import { TOPIC_CONFIG } from '../partition/bench.ts'

test('a topic’s own settings win over the broker’s defaults', () => {
  const config = topicConfigOf({ 'min.insync.replicas': '2', 'retention.ms': '-1' }, TOPIC_CONFIG)
  expect(config).toEqual({ ...TOPIC_CONFIG, minInsyncReplicas: 2, retentionMs: -1 })
})

test('what was set for a broker wins over what was set for all, and that over its file', () => {
  const configs = new BrokerConfigs()
  const set = (resource: ConfigResource, name: string, value: string | null) => {
    configs.replay({ type: 'Config', resource, name, value })
    return brokerTopicDefaults(1, configs, TOPIC_CONFIG)
  }
  expect(brokerTopicDefaults(1, configs, TOPIC_CONFIG)).toBe(TOPIC_CONFIG)
  expect(set(CLUSTER_DEFAULT, 'log.retention.ms', '5000').retentionMs).toBe(5000)
  expect(set(nodeResource(2), 'log.retention.ms', '7000').retentionMs).toBe(5000)
  expect(set(nodeResource(1), 'log.retention.ms', '6000').retentionMs).toBe(6000)
  expect(set(nodeResource(1), 'log.retention.ms', null).retentionMs).toBe(5000)
  expect(set(CLUSTER_DEFAULT, 'log.retention.ms', null)).toEqual(TOPIC_CONFIG)
})

test.each([
  ['{"version":2,"replicas":[],"observerPromotionPolicy":"under-min-isr"}', 'under-min-isr'],
  ['{"version":1,"replicas":[],"observerPromotionPolicy":"under-min-isr"}', 'none'],
  ['{"version":2,"replicas":[]}', 'none'],
])('the observers’ policy of %s is %s', (placement, policy) => {
  const config = topicConfigOf({ 'confluent.placement.constraints': placement }, TOPIC_CONFIG)
  expect(config.observerPromotionPolicy).toBe(policy)
})

// Format: kafka-mirrors --describe of Confluent Platform 7, as users have posted it.

import { expect, it } from 'vitest'
import { describeMirrors } from '../../src/report/describe-mirrors.ts'

it('a mirror topic is described as kafka-mirrors does', () => {
  const partitions = [
    {
      ...{ number: 0, destLogEndOffset: 3, lastFetchSourceHighWatermark: 4, lag: 1 },
      timeSinceLastFetchMs: 23_105,
    },
    {
      ...{ number: 1, destLogEndOffset: 0, lastFetchSourceHighWatermark: -1, lag: -1 },
      timeSinceLastFetchMs: null,
    },
  ]
  const mirror = {
    ...{ topic: 'us.orders', link: 'dr', sourceTopic: 'orders', sourceCluster: 'us' },
    ...{ state: 'ACTIVE' as const, stateAtMs: 1_500, failure: null, partitions },
  }
  expect(describeMirrors([mirror]).split('\n')).toEqual([
    'Topic: us.orders\tLinkName: dr\tSourceTopic: orders\tState: ACTIVE\tStateTime: 1.500 s',
    '\tPartition: 0\tState: ACTIVE\tDestLogEndOffset: 3\tLastFetchSourceHighWatermark: 4\tLag: 1' +
      '\tTimeSinceLastFetchMs: 23105',
    '\tPartition: 1\tState: ACTIVE\tDestLogEndOffset: 0\tLastFetchSourceHighWatermark: -1' +
      '\tLag: -1\tTimeSinceLastFetchMs: -1',
    '',
  ])
})

it('a mirror that has failed says why at the end of its line', () => {
  const mirror = {
    ...{ topic: 'orders', link: 'dr', sourceTopic: 'orders', sourceCluster: 'us' },
    ...{ state: 'FAILED' as const, stateAtMs: 0, failure: 'the source’s log has a gap' },
    partitions: [],
  }
  expect(describeMirrors([mirror])).toMatch(
    /\tStateTime: .*\tFailure: the source’s log has a gap\n$/,
  )
})

// Format: ConsumerGroupCommand.printOffsets of Kafka 4.1.

import { expect, it } from 'vitest'
import type { GroupDescription } from '../../src/contract.ts'
import { describeGroups } from '../../src/report/describe-groups.ts'

const member = {
  consumerId: 'consumer-g-1-0a1b2c3d4e',
  host: '/10.0.0.7',
  clientId: 'consumer-g-1',
}
const billing: GroupDescription = {
  group: 'billing',
  members: 1,
  state: 'Stable',
  rows: [
    { topic: 'orders', partition: 0, currentOffset: 120, logEndOffset: 125, member },
    { topic: 'orders', partition: 1, currentOffset: null, logEndOffset: 4, member: null },
  ],
}

it('a group is described as kafka-consumer-groups does, columns as wide as what they hold', () => {
  expect(describeGroups([billing]).split('\n')).toEqual([
    '',
    'GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             ' +
      'CONSUMER-ID             HOST            CLIENT-ID',
    'billing         orders          0          120             125             5               ' +
      'consumer-g-1-0a1b2c3d4e /10.0.0.7       consumer-g-1',
    'billing         orders          1          -               4               -               ' +
      '-                       -               -',
    '',
  ])
})

it('a group without members, or in the middle of a rebalance, says so first', () => {
  const empty = { ...billing, state: 'Empty', rows: [] } as const
  expect(describeGroups([empty])).toBe("\nConsumer group 'billing' has no active members.\n")
  const moving = { ...billing, state: 'Reconciling' } as const
  expect(describeGroups([moving])).toMatch(/^\nWarning: Consumer group 'billing' is rebalancing.\n/)
})

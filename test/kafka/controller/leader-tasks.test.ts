// Source of the expected counts: ReplicationControlManager (MAX_ELECTIONS_PER_IMBALANCE,
// maybeBalancePartitionLeaders, electUncleanLeaders) of Kafka 4.1.

import { expect, it } from 'vitest'
import { ControllerRig } from './controller-rig.ts'

/** 1,001 partitions on brokers 1 and 2, of which broker 1 was away. */
function manyPartitions(guards = {}): ControllerRig {
  const rig = new ControllerRig(guards)
  rig.start(1, 2)
  rig.createTopic('t', new Array(1_001).fill([1, 2]))
  return rig
}

it('a pass gives a thousand leaderships back, and the next one what is left', () => {
  const rig = manyPartitions()
  rig.silence(1)
  rig.start(1)
  for (let index = 0; index < 1_001; index++) rig.alterIsr(index, [2, 1])
  const first = rig.control.maybeBalanceLeaders()
  expect([first.records.length, first.hasMore]).toEqual([1_000, true])
  rig.take({ records: first.records, reply: null })
  const second = rig.control.maybeBalanceLeaders()
  expect([second.records.length, second.hasMore]).toEqual([1, false])
})

it('a pass elects a thousand uncleanly, and nobody of a topic that does not allow it', () => {
  const rig = manyPartitions({ elr: false })
  rig.createTopic('strict', [[1, 2]])
  for (let index = 0; index < 1_002; index++) rig.alterIsr(index, [1])
  rig.silence(1)
  expect(rig.control.maybeElectUncleanLeaders()).toMatchObject({ records: [], hasMore: false })
  const resource = { type: 'topic', name: 't' } as const
  const configs = { 'unclean.leader.election.enable': 'true' }
  rig.take(rig.control.alterConfig({ api: 'AlterConfig', resource, configs }))
  const first = rig.control.maybeElectUncleanLeaders()
  expect([first.records.length, first.hasMore]).toEqual([1_000, true])
  rig.take({ records: first.records, reply: null })
  const second = rig.control.maybeElectUncleanLeaders()
  expect([second.records.length, second.hasMore]).toEqual([1, false])
  expect(rig.partition(1_001).leader).toBe(-1)
})

// ReplicationControlManager.electLeader: what an operator is told for each partition.
it('an election says whether it was needed, and whether anybody could win it', () => {
  const rig = new ControllerRig({ elr: false })
  rig.start(1, 2)
  rig.createTopic('t', [[1, 2]])
  const ask = (type: 'PREFERRED' | 'UNCLEAN') => rig.control.electLeader(0, type).reply
  rig.silence(1)
  expect(rig.partition(0).leader).toBe(2)
  // Somebody leads: there is nothing to mend, though it is not the first replica.
  expect([ask('UNCLEAN'), ask('PREFERRED')]).toEqual([
    ...['ELECTION_NOT_NEEDED', 'PREFERRED_LEADER_NOT_AVAILABLE'],
  ])
  rig.silence(2)
  expect([ask('UNCLEAN'), ask('PREFERRED')]).toEqual([
    ...['ELIGIBLE_LEADERS_NOT_AVAILABLE', 'PREFERRED_LEADER_NOT_AVAILABLE'],
  ])
  rig.start(1)
  expect(ask('UNCLEAN')).toBe('NONE')
})

// Source of the expected answers: ConsumerCoordinator.rejoinNeededOrPending (4.1).

import { describe, expect, it } from 'vitest'
import { CONSUMER_DEFAULTS } from '../../../../src/kafka/clients/consumer-config.ts'
import { TopicWatch } from '../../../../src/kafka/clients/group/topic-watch.ts'
import { ClientMetadata } from '../../../../src/kafka/clients/metadata.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'
import { RandomSource } from '../../../../src/sim/random.ts'
import { metadataOf } from '../../network/metadata-answer.ts'
import { MemberRig } from './member-rig.ts'

/** An answer of these brokers, with replicas on 1 and 2. */
function answerOf(partitions: number, brokers: readonly NodeId[] = [1, 2]) {
  const replicas = [1, 2]
  const all = Array.from({ length: partitions }, (_, partition) => {
    return { partition, leader: 1, leaderEpoch: 0, replicas }
  })
  return metadataOf(brokers, all, (id) => `rack-${id}`)
}

describe('a leader', () => {
  function watching(seesRacks: boolean) {
    const config = { ...CONSUMER_DEFAULTS, bootstrapNodes: [1], topics: ['t'] }
    const metadata = new ClientMetadata(config, new RandomSource('watch').fork('metadata'))
    metadata.update(answerOf(2), 0)
    const watch = new TopicWatch(metadata, seesRacks)
    watch.begin(['t'])
    return { metadata, watch }
  }

  it.each([false, true])('sees that a topic has more partitions (racks: %s)', (seesRacks) => {
    const { metadata, watch } = watching(seesRacks)
    metadata.update(answerOf(2), 1)
    expect(watch.hasChanged).toBe(false)
    metadata.update(answerOf(3), 2)
    expect(watch.hasChanged).toBe(true)
    watch.end()
    expect(watch.hasChanged).toBe(false)
  })

  it.each([
    [true, 'sees'],
    [false, 'does not see'],
  ])('with racks %s %s that a broker of a replica is gone, and back', (seesRacks) => {
    const { metadata, watch } = watching(seesRacks)
    metadata.update(answerOf(2, [1]), 1)
    expect(watch.hasChanged).toBe(seesRacks)
    metadata.update(answerOf(2), 2)
    expect(watch.hasChanged).toBe(false)
  })
})

describe('more partitions', () => {
  it.each([
    ['the leader', 'm', 2],
    ['nobody else', 'other', 1],
  ])('have %s join again', (_who, leader, joins) => {
    const rig = new MemberRig({ commit: { kind: 'none' } })
    rig.joinClassic(leader)
    rig.metadata.update(answerOf(3, [1]), 0)
    rig.wait(0.1)
    expect(rig.sent('JoinGroup')).toHaveLength(joins)
  })
})

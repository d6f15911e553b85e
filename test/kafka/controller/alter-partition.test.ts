// Source of the expected answers: ReplicationControlManager.alterPartition and
// validateAlterPartitionData of Kafka 4.1.

import { describe, expect, it } from 'vitest'
import type { AlterPartitionRequest } from '../../../src/kafka/messages.ts'
import { ControllerRig } from './controller-rig.ts'

type Asked = AlterPartitionRequest['partitions'][number]

/** Brokers 1 to 3 with a partition of epochs 1: broker 1 was fenced, came back, and follows. */
function aged(...options: ConstructorParameters<typeof ControllerRig>): ControllerRig {
  const rig = new ControllerRig(...options)
  rig.start(1, 2, 3)
  rig.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '2' })
  rig.silence(1)
  rig.start(1)
  return rig
}

/** What broker `sender` is told, and how many records that made. */
function ask(rig: ControllerRig, sender: number, changed: Partial<Asked> = {}, epoch?: number) {
  const before = rig.log.length
  const { leaderEpoch, partitionEpoch } = rig.partition(0)
  const newIsr = [2, 3, 1].map((id) => ({ id, brokerEpoch: rig.epochOf(id) }))
  const asked = {
    partition: 0,
    leaderEpoch,
    partitionEpoch,
    newIsr,
    recovery: 'RECOVERED' as const,
  }
  const reply = rig.take(
    rig.control.alterPartition({
      ...{ api: 'AlterPartition', brokerId: sender, brokerEpoch: epoch ?? rig.epochOf(sender) },
      partitions: [{ ...asked, ...changed }],
    }),
  )
  const [answer] = reply.partitions
  return { error: answer?.error ?? reply.error, answer, records: rig.log.length - before }
}

const refused = (error: string) => expect.objectContaining({ error, records: 0 })

describe('the wish of a leader', () => {
  it('is taken as it is written down, with the next partition epoch and the same leader', () => {
    const rig = aged()
    const { leaderEpoch, partitionEpoch } = rig.partition(0)
    const { answer, records } = ask(rig, 2)
    expect(records).toBe(1)
    expect(answer).toMatchObject({
      ...{ error: 'NONE', leader: 2, leaderEpoch, partitionEpoch: partitionEpoch + 1 },
      isr: [2, 3, 1],
    })
    expect(rig.partition(0).isr).toEqual([2, 3, 1])
  })

  it('that is granted already, as after a lost answer, is taken again without a record', () => {
    const rig = aged()
    ask(rig, 2)
    const { partitionEpoch } = rig.partition(0)
    const again = ask(rig, 2)
    expect(again).toMatchObject({ error: 'NONE', records: 0, answer: { partitionEpoch } })
  })

  it('of a process that was replaced is refused as a whole', () => {
    const rig = aged()
    expect(ask(rig, 2, {}, rig.epochOf(2) - 1)).toEqual(refused('STALE_BROKER_EPOCH'))
  })

  it('about a partition that nobody knows fails alone', () => {
    expect(ask(aged(), 2, { partition: 7 })).toEqual(refused('UNKNOWN_TOPIC_OR_PARTITION'))
  })
})

describe('a wish that rests on other epochs', () => {
  it('is for another controller where it knows more than this one', () => {
    const rig = aged()
    const { leaderEpoch, partitionEpoch } = rig.partition(0)
    const ahead = refused('NOT_CONTROLLER')
    expect(ask(rig, 2, { leaderEpoch: leaderEpoch + 1 })).toEqual(ahead)
    expect(ask(rig, 2, { partitionEpoch: partitionEpoch + 1 })).toEqual(ahead)
    // That comes first: a follower, too, is sent on.
    expect(ask(rig, 3, { partitionEpoch: partitionEpoch + 1 })).toEqual(ahead)
  })

  it('of a leader that was replaced is fenced, before it is asked who it is', () => {
    const rig = aged()
    const leaderEpoch = rig.partition(0).leaderEpoch - 1
    expect(ask(rig, 1, { leaderEpoch })).toEqual(refused('FENCED_LEADER_EPOCH'))
  })

  it('of the same leader about an ISR of before waits for metadata (KIP-497)', () => {
    const rig = aged()
    const partitionEpoch = rig.partition(0).partitionEpoch - 1
    expect(ask(rig, 2, { partitionEpoch })).toEqual(refused('INVALID_UPDATE_VERSION'))
    // Who does not lead is told that, however old its wish is.
    expect(ask(rig, 3, { partitionEpoch })).toEqual(refused('INVALID_REQUEST'))
  })
})

describe('an ISR', () => {
  const members = (rig: ControllerRig, ...ids: number[]) => ({
    newIsr: ids.map((id) => ({ id, brokerEpoch: rig.epochOf(id) })),
  })

  it('has its leader, replicas and nobody else, and each of them once', () => {
    const rig = aged()
    rig.start(4)
    for (const ids of [[3, 1], [2, 3, 4], [2, 2, 3], []]) {
      expect([ids, ask(rig, 2, members(rig, ...ids))]).toEqual([ids, refused('INVALID_REQUEST')])
    }
  })

  it('takes no leader back to recovering', () => {
    const rig = aged()
    const alone = { ...members(rig, 2), recovery: 'RECOVERING' as const }
    expect(ask(rig, 2, alone)).toEqual(refused('INVALID_REQUEST'))
  })

  it('is that of its leader alone while that one recovers from an unclean election', () => {
    const rig = aged({ elr: false }, { uncleanLeaderElectionEnable: true })
    ask(rig, 2, members(rig, 2))
    rig.silence(2)
    const { leader } = rig.partition(0)
    expect(rig.partition(0)).toMatchObject({ isr: [leader], recovery: 'RECOVERING' })
    const alone = { ...members(rig, leader), recovery: 'RECOVERING' as const }
    expect(ask(rig, leader, alone)).toMatchObject({ error: 'NONE', records: 0 })
    const both = { ...members(rig, 1, 3), recovery: 'RECOVERING' as const }
    expect(ask(rig, leader, both)).toEqual(refused('INVALID_REQUEST'))
    expect(ask(rig, leader, members(rig, 1, 3)).error).toBe('NONE')
    expect(rig.partition(0).recovery).toBe('RECOVERED')
  })

  it('takes a process that the leader has seen, and none that has come since (KIP-903)', () => {
    for (const [guard, error] of [
      [true, 'INELIGIBLE_REPLICA'],
      [false, 'NONE'],
    ] as const) {
      const rig = aged({ brokerEpochOnIsrAdd: guard })
      const seen = members(rig, 2, 3, 1)
      rig.silence(1)
      rig.start(1)
      expect(ask(rig, 2, seen).error).toBe(error)
    }
  })

  it('takes a replica without an epoch from a leader that sends none', () => {
    const newIsr = [2, 3, 1].map((id) => ({ id, brokerEpoch: -1 }))
    expect(ask(aged(), 2, { newIsr }).error).toBe('NONE')
  })

  it('takes no replica whose broker was unregistered', () => {
    const rig = aged()
    rig.take(rig.control.unregisterBroker({ api: 'UnregisterBroker', brokerId: 1 }))
    expect(ask(rig, 2)).toEqual(refused('INELIGIBLE_REPLICA'))
  })

  it('that ends a reassignment may take its own sender out: an error, and a record', () => {
    const rig = aged()
    rig.start(4)
    const move = { api: 'AlterReassignment', partition: 0, replicas: [1, 4] } as const
    rig.take(rig.control.alterReassignment(move))
    expect(rig.partition(0)).toMatchObject({ leader: 2, removingReplicas: [2, 3] })
    const { error, records } = ask(rig, 2, members(rig, 2, 3, 1, 4))
    expect([error, records]).toEqual(['NEW_LEADER_ELECTED', 1])
    expect(rig.partition(0)).toMatchObject({
      ...{ leader: 1, replicas: [1, 4], isr: [1, 4] },
      ...{ addingReplicas: [], removingReplicas: [] },
    })
  })
})

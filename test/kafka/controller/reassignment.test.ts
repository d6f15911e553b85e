// Source of the expected answers: ReplicationControlManager (changePartitionReassignment,
// cancelPartitionReassignment), PartitionReassignmentReplicas and -Revert of Kafka 4.1; KIP-455.

import { describe, expect, it } from 'vitest'
import { ControllerRig } from './controller-rig.ts'

function fourBrokers(...options: ConstructorParameters<typeof ControllerRig>): ControllerRig {
  const rig = new ControllerRig(...options)
  rig.start(1, 2, 3, 4)
  rig.createTopic('t', [[1, 2, 3]])
  return rig
}

function move(rig: ControllerRig, replicas: readonly number[] | null, partition = 0) {
  return rig.take(rig.control.alterReassignment({ api: 'AlterReassignment', partition, replicas }))
    .error
}

describe('a reassignment', () => {
  it('is none of a partition that nobody knows', () => {
    expect(move(fourBrokers(), [1, 2, 4], 7)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('to another order of the same replicas is done at once, and elects nobody', () => {
    const rig = fourBrokers()
    expect(move(rig, [3, 2, 1])).toBe('NONE')
    expect(rig.partition(0)).toMatchObject({
      ...{ replicas: [3, 2, 1], leader: 1, addingReplicas: [], removingReplicas: [] },
    })
  })

  it('keeps who is to go until all others are in sync, and lets them go together', () => {
    const rig = fourBrokers()
    move(rig, [4, 1])
    expect(rig.partition(0)).toMatchObject({ replicas: [4, 1, 2, 3], removingReplicas: [2, 3] })
    rig.alterIsr(0, [1, 2])
    expect(rig.partition(0).replicas).toEqual([4, 1, 2, 3])
    rig.alterIsr(0, [1, 2, 4])
    expect(rig.partition(0)).toMatchObject({ replicas: [4, 1], isr: [1, 4], removingReplicas: [] })
  })
})

// LeaderAcceptor, PartitionRegistration.directory: 4.1.0 asks a replica that is none yet for its
// log directory, and throws.
describe('a reassignment to somebody who is eligible and no replica', () => {
  /** Broker 2 was taken out of the assignment while it was eligible. */
  function withStranger(): ControllerRig {
    const rig = new ControllerRig()
    rig.start(1, 2, 3)
    rig.createTopic('t', [[1, 2]], { 'min.insync.replicas': '2' })
    rig.alterIsr(0, [1])
    move(rig, [1])
    expect(rig.partition(0)).toMatchObject({ replicas: [1], isr: [1], elr: [2] })
    return rig
  }

  it('fails where that one may be elected, for want of anybody in sync', () => {
    const rig = withStranger()
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ leader: -1, isr: [] })
    expect(rig.partition(0).elr).toContain(2)
    expect(move(rig, [1, 2])).toBe('UNKNOWN_SERVER_ERROR')
    expect(move(rig, [1, 3])).toBe('NONE')
  })

  it('goes on where somebody is in sync, or that one is away itself', () => {
    expect(move(withStranger(), [1, 2])).toBe('NONE')
    const rig = withStranger()
    rig.silence(1, 2)
    expect(move(rig, [1, 2])).toBe('NONE')
  })
})

describe('a reassignment that is called off', () => {
  it('must be one that is under way', () => {
    expect(move(fourBrokers(), null)).toBe('NO_REASSIGNMENT_IN_PROGRESS')
  })

  it('takes out what was added, in sync or not, and keeps all the others', () => {
    const rig = fourBrokers()
    rig.start(5)
    move(rig, [5, 4, 1])
    rig.alterIsr(0, [1, 2, 4])
    expect(move(rig, null)).toBe('NONE')
    expect(rig.partition(0)).toMatchObject({
      ...{ replicas: [1, 2, 3], isr: [1, 2], leader: 1 },
      ...{ addingReplicas: [], removingReplicas: [] },
    })
  })

  it('is refused where only added replicas are in sync: it would be an unclean election', () => {
    for (const [unclean, error, after] of [
      [false, 'INVALID_REPLICA_ASSIGNMENT', { leader: 4, isr: [4] }],
      [true, 'NONE', { replicas: [1, 2, 3], leader: 1, isr: [1] }],
    ] as const) {
      const rig = fourBrokers({ elr: false }, { uncleanLeaderElectionEnable: unclean })
      rig.start(5)
      move(rig, [4, 5])
      rig.alterIsr(0, [1, 4])
      // The last old replica leaves the ISR, so that leadership moves to the new one.
      rig.silence(1)
      expect(rig.partition(0)).toMatchObject({ leader: 4, isr: [4] })
      rig.start(1)
      expect(move(rig, null)).toBe(error)
      expect(rig.partition(0)).toMatchObject(after)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { completeReassignment } from '../../../src/kafka/controller/completed-reassignment.ts'
import { ControllerRig, SESSION_TIMEOUT } from './controller-rig.ts'

function threeBrokers(...options: ConstructorParameters<typeof ControllerRig>): ControllerRig {
  const rig = new ControllerRig(...options)
  rig.start(1, 2, 3)
  rig.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '2' })
  return rig
}

describe('fencing', () => {
  it('takes a silent broker out of the ISR and gives its leadership to the next in order', () => {
    const rig = threeBrokers()
    expect(rig.silence(1)).toEqual([1])
    expect(rig.partition(0)).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3] })
  })

  it('fences one broker at a time, so that leadership can hop to one that is dead as well', () => {
    const rig = threeBrokers()
    expect(rig.silence(1, 2)).toEqual([1, 2])
    expect(rig.partition(0)).toMatchObject({ leader: 3, leaderEpoch: 2, isr: [3] })
  })

  it('does not put a returning broker back into the ISR', () => {
    const rig = threeBrokers()
    rig.silence(1)
    rig.start(1)
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2, 3] })
    expect(rig.alterIsr(0, [2, 3, 1])).toBe('NONE')
    expect(rig.partition(0).isr).toEqual([2, 3, 1])
  })

  it('touches only partitions that have the broker in their ISR', () => {
    const rig = threeBrokers()
    rig.createTopic('u', [[2, 3]])
    const before = rig.partition(1)
    rig.silence(1)
    expect(rig.partition(1)).toBe(before)
  })

  it('judges silence against the last heartbeat', () => {
    const rig = threeBrokers()
    rig.now += SESSION_TIMEOUT
    expect(rig.control.maybeFenceStaleBroker(rig.now).fenced).toBe(-1)
    expect(rig.control.nextSessionExpiry()).toBe(SESSION_TIMEOUT)
    rig.now += 1
    expect(rig.control.maybeFenceStaleBroker(rig.now).fenced).toBe(1)
  })
})

describe('a session that ends', () => {
  it('is none of a broker that was unregistered', () => {
    const rig = threeBrokers()
    rig.take(rig.control.unregisterBroker({ api: 'UnregisterBroker', brokerId: 3 }))
    rig.now += SESSION_TIMEOUT + 1
    expect(rig.fenceStale()).toEqual([1, 2])
  })

  it('is none of a process that was replaced before anybody noticed its end', () => {
    const rig = threeBrokers()
    rig.now += SESSION_TIMEOUT + 1
    rig.register(1, false)
    expect(rig.fenceStale()).toEqual([2, 3])
  })

  it('of one that was replaced fences nobody, and has the controller look again soon', () => {
    const rig = threeBrokers()
    rig.now += SESSION_TIMEOUT + 1
    for (const id of [2, 3]) rig.heartbeat(id)
    rig.register(1, false)
    const look = () => rig.control.maybeFenceStaleBroker(rig.now)
    expect(look()).toEqual({ records: [], hasMore: true, fenced: -1 })
    expect(look()).toEqual({ records: [], hasMore: false, fenced: -1 })
  })
})

describe('the last in-sync replica', () => {
  it('without ELR leads again even after an unclean shutdown: acked records may be lost', () => {
    const rig = threeBrokers({ elr: false })
    rig.alterIsr(0, [1])
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ leader: -1, isr: [1], recovery: 'RECOVERED' })
    rig.register(1, false)
    rig.heartbeat(1)
    expect(rig.partition(0)).toMatchObject({ leader: 1, isr: [1], recovery: 'RECOVERED' })
  })

  it('with ELR hands over to an eligible replica, which has all that was committed', () => {
    const rig = threeBrokers()
    rig.alterIsr(0, [1])
    expect(rig.partition(0).elr).toEqual([2, 3])
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2], elr: [1, 3] })
  })

  it('with ELR is no candidate any more after an unclean shutdown', () => {
    const rig = threeBrokers()
    rig.alterIsr(0, [1])
    rig.silence(1)
    rig.register(1, false)
    expect(rig.partition(0).elr).toEqual([3])
  })

  it('stays a candidate after an unclean shutdown when that guard is off', () => {
    const rig = threeBrokers({ uncleanReplicaLeavesElr: false })
    rig.alterIsr(0, [1])
    rig.silence(1)
    rig.register(1, false)
    expect(rig.partition(0).elr).toEqual([1, 3])
  })

  it('that is the last known leader is elected uncleanly when every other trace is gone', () => {
    const rig = threeBrokers()
    rig.silence(3)
    rig.silence(2)
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ leader: -1, isr: [], lastKnownElr: [1] })
    for (const id of [1, 2, 3]) rig.register(id, false)
    expect(rig.partition(0)).toMatchObject({ leader: -1, elr: [], lastKnownElr: [1] })
    rig.heartbeat(2)
    expect(rig.partition(0).leader).toBe(-1)
    rig.heartbeat(1)
    expect(rig.partition(0)).toMatchObject({ leader: 1, isr: [1], recovery: 'RECOVERING' })
  })
})

describe('registration', () => {
  it('of a new process waits for the session of the old one', () => {
    const rig = threeBrokers()
    expect(rig.register(1).error).toBe('DUPLICATE_BROKER_REGISTRATION')
    rig.silence(1)
    expect(rig.register(1).error).toBe('NONE')
  })

  it('after a controlled shutdown waits as well, unless the guard is off', () => {
    for (const [guard, error] of [
      [true, 'DUPLICATE_BROKER_REGISTRATION'],
      [false, 'NONE'],
    ] as const) {
      const rig = new ControllerRig({ duplicateRegistrationAfterControlledShutdown: guard })
      rig.start(1, 2)
      expect(rig.heartbeat(1, { shutDown: true }).shouldShutDown).toBe(true)
      expect(rig.register(1).error).toBe(error)
      expect(rig.register(2)).toMatchObject({
        error: 'DUPLICATE_BROKER_REGISTRATION',
        brokerEpoch: -1,
      })
    }
  })

  it('after an unclean shutdown that nobody has noticed takes the broker out of its ISRs', () => {
    const rig = threeBrokers()
    rig.now += SESSION_TIMEOUT + 1
    expect(rig.register(1, false).error).toBe('NONE')
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2, 3], elr: [] })
  })

  it('comes behind what becomes of the process before, whose first record gives the epoch', () => {
    const rig = threeBrokers()
    rig.now += SESSION_TIMEOUT + 1
    const offset = rig.log.length
    expect(rig.register(1, false).brokerEpoch).toBe(offset)
    const types = rig.log.slice(offset).map(({ type }) => type)
    expect(types).toEqual(['PartitionChange', 'RegisterBroker'])
    expect(rig.control.state.cluster.registrationOffset(1)).toBe(offset + 1)
  })
})

describe('controlled shutdown', () => {
  it('moves leaderships first and lets the broker go when the others have seen it', () => {
    const rig = threeBrokers()
    expect(rig.heartbeat(1, { shutDown: true })).toMatchObject({ shouldShutDown: false })
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2, 3] })
    expect(rig.heartbeat(1, { shutDown: true }).shouldShutDown).toBe(false)
    rig.heartbeat(2)
    rig.heartbeat(3)
    expect(rig.heartbeat(1, { shutDown: true }).shouldShutDown).toBe(true)
    expect(rig.control.state.cluster.broker(1)?.fenced).toBe(true)
  })

  it('waits for the first record of it only, not for those that come later', () => {
    const rig = threeBrokers()
    rig.heartbeat(1, { shutDown: true })
    rig.heartbeat(2)
    rig.createTopic('u', [[2, 3]])
    expect(rig.heartbeat(1, { shutDown: true }).shouldShutDown).toBe(false)
    rig.heartbeat(3)
    expect(rig.heartbeat(1, { shutDown: true }).shouldShutDown).toBe(true)
  })
})

describe('a replica list', () => {
  const wrong = [[], [1, 1], [1, 9]]

  it('that is empty, repeats a broker or names an unknown one makes no topic', () => {
    const rig = threeBrokers()
    for (const replicas of [...wrong, [1, 2]]) {
      const { error } = rig.createTopic(`u${replicas.length}`, [[1, 2, 3], replicas])
      expect([replicas, error]).toEqual([replicas, 'INVALID_REPLICA_ASSIGNMENT'])
    }
    expect(rig.control.state.topics.size).toBe(1)
  })

  it('is none to move to either; a proper one adds before it removes', () => {
    const rig = threeBrokers()
    rig.start(4)
    const move = (replicas: readonly number[]) =>
      rig.take(rig.control.alterReassignment({ api: 'AlterReassignment', partition: 0, replicas }))
        .error
    expect(wrong.map(move)).toEqual(wrong.map(() => 'INVALID_REPLICA_ASSIGNMENT'))
    expect(move([1, 2, 4])).toBe('NONE')
    expect(rig.partition(0)).toMatchObject({
      ...{ replicas: [1, 2, 4, 3], addingReplicas: [4], removingReplicas: [3], observers: [] },
    })
  })

  it('that only observers would stay in is not moved to, as nobody is in sync', () => {
    const target = { replicas: [4, 1], isr: [1], adding: [4], removing: [1], observers: [4] }
    expect(completeReassignment(target)).toBe(target)
  })
})

describe('AlterPartition', () => {
  it('refuses a fenced replica, and takes it when that guard is off', () => {
    for (const [guard, error] of [
      [true, 'INELIGIBLE_REPLICA'],
      [false, 'NONE'],
    ] as const) {
      const rig = threeBrokers({ fencedReplicaBarredFromIsr: guard })
      rig.silence(3)
      expect(rig.alterIsr(0, [1, 2, 3])).toBe(error)
    }
  })

  it('refuses an ISR larger than the leader while it is recovering', () => {
    const rig = threeBrokers({ elr: false }, { uncleanLeaderElectionEnable: true })
    rig.alterIsr(0, [1])
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2], recovery: 'RECOVERING' })
    expect(rig.alterIsr(0, [2, 3], 'RECOVERING')).toBe('INVALID_REQUEST')
    expect(rig.alterIsr(0, [2, 3])).toBe('NONE')
    expect(rig.partition(0).recovery).toBe('RECOVERED')
  })
})

describe('observers', () => {
  it('start outside of the ISR and are not elected while they are', () => {
    const rig = new ControllerRig()
    rig.start(1, 2, 3)
    rig.createTopic('t', [[1, 2, 3]], {}, [[3]])
    expect(rig.partition(0)).toMatchObject({ leader: 1, isr: [1, 2], observers: [3] })
    rig.silence(1, 2)
    expect(rig.partition(0).leader).toBe(-1)
  })

  it('lead once their leader has added them to the ISR', () => {
    const rig = new ControllerRig()
    rig.start(1, 2, 3)
    rig.createTopic('t', [[1, 2, 3]], {}, [[3]])
    expect(rig.alterIsr(0, [1, 3])).toBe('NONE')
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ leader: 3, isr: [3] })
  })
})

const T = { type: 'topic', name: 't' } as const

describe('settings', () => {
  it('that allow unclean elections act on a leaderless partition only through the task', () => {
    const rig = threeBrokers({ elr: false })
    rig.alterIsr(0, [1])
    rig.silence(1)
    const name = 'unclean.leader.election.enable'
    rig.take(
      rig.control.alterConfig({ api: 'AlterConfig', resource: T, configs: { [name]: 'true' } }),
    )
    expect(rig.partition(0).leader).toBe(-1)
    rig.take({ records: rig.control.maybeElectUncleanLeaders().records, reply: null })
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2], recovery: 'RECOVERING' })
  })
})

describe('a copy', () => {
  it('does not see what the original decides later', () => {
    const rig = threeBrokers()
    const committed = rig.control.copy()
    rig.silence(1)
    expect(committed.state.partition(0).registration.leader).toBe(1)
    expect([...committed.state.index.partitionsWithBrokerInIsr(1)]).toEqual([0])
    expect(committed.state.cluster.isActive(1)).toBe(true)
  })
})

describe('activation', () => {
  it('gives every broker a whole new session, unless the guard is off', () => {
    for (const [guard, fenced] of [
      [true, 1],
      [false, -1],
    ] as const) {
      const rig = threeBrokers({ sessionsRestartAtActivation: guard })
      rig.now = 50_000
      rig.control.activate(rig.now)
      expect(rig.control.maybeFenceStaleBroker(rig.now + SESSION_TIMEOUT).fenced).toBe(-1)
      expect(rig.control.maybeFenceStaleBroker(rig.now + SESSION_TIMEOUT + 1).fenced).toBe(fenced)
    }
  })
})

describe('elections by request', () => {
  it('move leadership back to the first replica, also by the periodic task', () => {
    for (const move of [
      (rig: ControllerRig) => rig.control.electLeader(0, 'PREFERRED').records,
      (rig: ControllerRig) => rig.control.maybeBalanceLeaders().records,
    ]) {
      const rig = threeBrokers()
      rig.silence(1)
      rig.start(1)
      expect(move(rig)).toEqual([])
      rig.alterIsr(0, [2, 3, 1])
      rig.take({ records: move(rig), reply: null })
      expect(rig.partition(0)).toMatchObject({ leader: 1, leaderEpoch: 2 })
    }
  })

  it('are refused where nothing is to be elected', () => {
    const rig = threeBrokers()
    expect(rig.control.electLeader(0, 'PREFERRED').reply).toBe('ELECTION_NOT_NEEDED')
    expect(rig.control.electLeader(0, 'UNCLEAN').reply).toBe('ELECTION_NOT_NEEDED')
    expect(rig.control.electLeader(7, 'UNCLEAN').reply).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

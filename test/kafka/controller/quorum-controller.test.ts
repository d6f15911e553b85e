import { describe, expect, it } from 'vitest'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { ControlPlaneRig } from './control-plane-rig.ts'

const SESSION = 9 * SECOND

function settled(seed: string, options: { version?: string } = {}): ControlPlaneRig {
  const rig = new ControlPlaneRig({ seed, ...options }).startAndSettle()
  rig.createTopic('t', [1, 2, 3])
  return rig
}

/** Time from `since` to the first fence of a broker. */
function fenceAfter(rig: ControlPlaneRig, broker: number, since: Micros): Micros {
  rig.runUntil(`fence of ${broker}`, () => rig.fencesOf(broker, since).length > 0)
  return (rig.fencesOf(broker, since)[0]?.at ?? 0) - since
}

describe('a cluster', () => {
  it('starts: every broker registers, is unfenced, and sees the topic that is created', () => {
    const rig = settled('start')
    for (const { loader, lifecycle } of rig.brokers.values()) {
      expect(lifecycle?.isFenced).toBe(false)
      expect([...(loader?.image.brokers.keys() ?? [])].sort()).toEqual([1, 2, 3])
      expect(loader?.image.partitions.get(0)).toMatchObject({ leader: 1, isr: [1, 2, 3] })
      expect(loader?.image.topics.get('t')?.partitions).toEqual([0])
    }
  })

  it('writes a record every half second when idle, which costs a broker no publication', () => {
    const rig = settled('idle')
    let published = 0
    rig.loader(1).install({ onMetadata: () => published++ })
    const [before, offset] = [published, rig.loader(1).lastAppliedOffset]
    rig.run(10 * SECOND)
    expect(rig.loader(1).lastAppliedOffset - offset).toBeGreaterThanOrEqual(19)
    expect(rig.loader(1).lastAppliedOffset - offset).toBeLessThanOrEqual(21)
    expect(published).toBe(before)
  })
})

describe('a broker that dies', () => {
  it('is fenced between session - heartbeat and 1.125 sessions later, from 4.0 on (T1)', () => {
    const rig = settled('fence')
    const times: Micros[] = []
    for (let i = 0; i < 12; i++) {
      const at = rig.run(i * 170 * MS).now
      const { process } = rig.broker(2)
      process.crash()
      times.push(fenceAfter(rig, 2, at))
      process.start()
      rig.runUntil('back', () => rig.broker(2).lifecycle?.state === 'running').run(3 * SECOND)
    }
    for (const time of times) {
      expect(time).toBeGreaterThan(SESSION - 2.2 * SECOND)
      expect(time).toBeLessThan(1.125 * SESSION + 100 * MS)
    }
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(0.8 * SECOND)
  })

  it('is fenced exactly when its session ends, before 4.0', () => {
    const rig = settled('fence-3.9', { version: '3.9' })
    const at = rig.run(700 * MS).now
    rig.broker(2).process.crash()
    const time = fenceAfter(rig, 2, at)
    expect(time).toBeGreaterThan(SESSION - 2.2 * SECOND)
    expect(time).toBeLessThan(SESSION + 10 * MS)
  })

  it('loses its leaderships to the next in-sync replica, which every broker learns', () => {
    const rig = settled('leader')
    const at = rig.now
    rig.broker(1).process.crash()
    fenceAfter(rig, 1, at)
    rig.run(300 * MS)
    for (const id of [2, 3]) {
      expect(rig.loader(id).image.partitions.get(0)).toMatchObject({ leader: 2, isr: [2, 3] })
      expect(rig.loader(id).image.isAlive(1)).toBe(false)
    }
  })

  it('and restarts within its session is refused until that has ended', () => {
    const rig = settled('restart')
    const at = rig.now
    rig.broker(1).process.crash()
    rig.broker(1).process.start(2 * SECOND)
    const fenced = fenceAfter(rig, 1, at)
    expect(fenced).toBeGreaterThan(SESSION - 2.2 * SECOND)
    rig.runUntil('running', () => rig.broker(1).lifecycle?.state === 'running')
    const registered = rig.decided.find(
      ({ at: when, record }) => when > at && record.type === 'RegisterBroker',
    )
    expect((registered?.at ?? 0) - at).toBeGreaterThan(fenced - 1.2 * SECOND)
    expect(rig.now - at).toBeLessThan(12 * SECOND)
  })
})

describe('controlled shutdown', () => {
  it('moves leadership at once, fences at the second heartbeat, and again at session end', () => {
    const rig = settled('shutdown')
    const at = rig.now
    rig.broker(1).process.terminate()
    rig.runUntil('exit', () => rig.broker(1).process.state === 'stopped')
    const moved = rig.decided.find(
      ({ at: when, record }) => when >= at && record.type === 'PartitionChange',
    )
    expect((moved?.at ?? 0) - at).toBeLessThan(80 * MS)
    expect(rig.now - at).toBeGreaterThan(100 * MS)
    expect(rig.now - at).toBeLessThan(4.5 * SECOND)
    rig.run(15 * SECOND)
    const [first, second, ...more] = rig.fencesOf(1, at).map((fence) => fence.at - at)
    expect(first).toBeLessThan(4.5 * SECOND)
    expect(second).toBeGreaterThan((first ?? 0) + SESSION - 100 * MS)
    expect(second).toBeLessThan((first ?? 0) + 1.125 * SESSION + 100 * MS)
    expect(more).toEqual([])
    expect(rig.broker(1).cleanShutdownEpoch).toBeGreaterThan(0)
    expect(rig.loader(2).image.partitions.get(0)).toMatchObject({ leader: 2, isr: [2, 3] })
  })
})

describe('a new active controller', () => {
  it('gives every broker a whole new session (T5)', () => {
    const rig = settled('t5')
    const { active } = rig
    const at = rig.now
    active.process.crash()
    rig.broker(1).process.crash()
    const time = fenceAfter(rig, 1, at)
    expect(time).toBeGreaterThan(10.5 * SECOND)
    expect(time).toBeLessThan(16.5 * SECOND)
    rig.run(SECOND)
    const surviving = rig.brokers.get(2)?.lifecycle
    expect(surviving?.isFenced).toBe(false)
    expect(rig.fencesOf(2, at)).toEqual([])
  })

  it('is asked again by whoever the old one could not answer any more', () => {
    const rig = settled('handover')
    const old = rig.active
    rig.isolate(old.host)
    const request = { api: 'ElectLeaders', electionType: 'PREFERRED', partitions: [0] } as const
    const epoch = rig.loader(2).image.brokers.get(2)?.epoch ?? -1
    const alter = {
      api: 'AlterPartition',
      brokerId: 1,
      brokerEpoch: rig.loader(2).image.brokers.get(1)?.epoch ?? -1,
      partitions: [
        {
          partition: 0,
          leaderEpoch: 0,
          partitionEpoch: 0,
          newIsr: [
            { id: 1, brokerEpoch: rig.loader(2).image.brokers.get(1)?.epoch ?? -1 },
            { id: 2, brokerEpoch: epoch },
          ],
          recovery: 'RECOVERED',
        },
      ],
    } as const
    const undecided = rig.ask(alter, old)
    rig.run(100 * MS)
    expect(old.controller?.control.state.partition(0).registration.isr).toEqual([1, 2])
    expect(undecided).toEqual([])
    rig.run(8 * SECOND)
    rig.healAll()
    rig.run(8 * SECOND)
    expect(undecided).toMatchObject([{ api: 'AlterPartition', error: 'NOT_CONTROLLER' }])
    // What the old one had decided alone is gone, on its own side too.
    expect(old.controller?.isActive).toBe(false)
    expect(old.controller?.control.state.partition(0).registration.isr).toEqual([1, 2, 3])
    const answers = rig.ask(request)
    rig.run(SECOND)
    expect(answers).toMatchObject([{ api: 'Admin', error: 'ELECTION_NOT_NEEDED' }])
  })
})

describe('an active controller that is cut off', () => {
  it('answers no heartbeat from its next idle record on, and refuses when it resigns', () => {
    const rig = settled('cut-off')
    const old = rig.active
    rig.isolate(old.host)
    rig.run(600 * MS)
    const { epoch = -1 } = rig.loader(2).image.brokers.get(2) ?? {}
    const heartbeat = {
      api: 'BrokerHeartbeat',
      brokerId: 2,
      brokerEpoch: epoch,
      currentMetadataOffset: 0,
      wantFence: false,
      wantShutDown: false,
    } as const
    const answers = rig.ask(heartbeat, old)
    rig.run(SECOND)
    expect(old.controller?.isActive).toBe(true)
    expect(answers).toEqual([])
    rig.run(3 * SECOND)
    expect(answers).toMatchObject([{ api: 'BrokerHeartbeat', error: 'NOT_CONTROLLER' }])
  })
})

describe('producer ids', () => {
  it('come in blocks that no two brokers share, also after a failover', () => {
    const rig = settled('producer-ids')
    const blocks: number[] = []
    const allocate = (brokerId: number): void => {
      const brokerEpoch = rig.loader(3).image.brokers.get(brokerId)?.epoch ?? -1
      const answers = rig.ask({ api: 'AllocateProducerIds', brokerId, brokerEpoch })
      rig.runUntil('block', () => answers.length > 0)
      const [answer] = answers
      if (answer?.api === 'AllocateProducerIds') blocks.push(answer.firstProducerId)
    }
    allocate(1)
    allocate(2)
    const old = rig.active
    old.process.crash()
    rig.run(10 * SECOND)
    allocate(1)
    expect(blocks).toEqual([0, 1000, 2000])
  })
})

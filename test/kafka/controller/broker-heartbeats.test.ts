import { describe, expect, it } from 'vitest'
import { BrokerHeartbeats } from '../../../src/kafka/controller/broker-heartbeats.ts'
import { hashOfPair } from '../../../src/kafka/hash-order.ts'
import { ControllerRig } from './controller-rig.ts'

const TIMEOUT = 9_000

/** Brokers by id and epoch, heard one after the other, a millisecond apart. */
function heard(...sessions: readonly (readonly [id: number, epoch: number])[]): BrokerHeartbeats {
  const heartbeats = new BrokerHeartbeats(TIMEOUT)
  for (const [at, [id, epoch]] of sessions.entries()) heartbeats.updateContactTime(id, epoch, at)
  return heartbeats
}

function fencedBy(heartbeats: BrokerHeartbeats, now: number, inTable: boolean): number[] {
  const order: number[] = []
  for (;;) {
    const found = heartbeats.removeOneExpired(now, inTable)
    if (found === undefined) return order
    order.push(found.id)
  }
}

describe('sessions that end together', () => {
  it('come in the order of the table of ids and epochs; before 4.0, in that of their ends', () => {
    // Objects.hash(1, 9) is 1001, bucket 9 of 16; Objects.hash(2, 3) is 1026, bucket 2.
    const sessions = [
      [1, 9],
      [2, 3],
    ] as const
    expect(fencedBy(heard(...sessions), 2 * TIMEOUT, true)).toEqual([2, 1])
    expect(fencedBy(heard(...sessions), 2 * TIMEOUT, false)).toEqual([1, 2])
  })

  it('leave one that has not ended, wherever it stands in the table', () => {
    const heartbeats = heard([1, 9], [2, 3], [3, 4])
    expect(fencedBy(heartbeats, TIMEOUT + 1, true)).toEqual([1])
    expect(heartbeats.hasValidSession(2, 3, TIMEOUT + 1)).toBe(true)
  })

  it('put a new incarnation behind another broker of the same place', () => {
    // Objects.hash(1, 17) is 1009, Objects.hash(2, 2) is 1025: bucket 1 of 16 for both.
    const heartbeats = heard([1, 17], [2, 2])
    expect(hashOfPair(1, 17) & 15).toBe(hashOfPair(2, 2) & 15)
    expect(fencedBy(heartbeats, 2 * TIMEOUT, true)).toEqual([1, 2])
    const again = heard([1, 17], [2, 2], [1, 33])
    expect(fencedBy(again, 2 * TIMEOUT, true)).toEqual([2, 1])
  })
})

describe('the session of a process that was replaced', () => {
  it('is found in its place when it ends, and keeps nobody waiting', () => {
    const heartbeats = heard([1, 9], [2, 3])
    heartbeats.orphanSession(1)
    heartbeats.updateContactTime(1, 20, TIMEOUT)
    expect(heartbeats.hasValidSession(1, 9, 1)).toBe(false)
    const look = () => heartbeats.removeOneExpired(TIMEOUT + 2, true)
    expect([look(), look(), look()]).toEqual([{ id: 2, epoch: 3 }, { id: 1, epoch: 9 }, undefined])
  })

  it('plays no part before 4.0', () => {
    const heartbeats = heard([1, 9])
    heartbeats.orphanSession(1)
    expect(heartbeats.removeOneExpired(2 * TIMEOUT, false)).toBeUndefined()
  })
})

describe('a hash of two numbers', () => {
  it.each([
    [1, 1, 993],
    [3, 5_000_000_000, 705_033_759],
    [7, -1, 1178],
  ])('of %i and %i is that of Java', (first, second, hash) => {
    expect(hashOfPair(first, second)).toBe(hash)
  })
})

// BrokerHeartbeatManager.calculateNextBrokerState: from each state, what the broker wishes for.
describe('a heartbeat', () => {
  function registered(): ControllerRig {
    const rig = new ControllerRig()
    rig.start(1, 2)
    rig.createTopic('t', [[1, 2]])
    rig.register(3)
    return rig
  }
  const told = ({ isFenced, shouldShutDown }: ReturnType<ControllerRig['heartbeat']>) =>
    `${isFenced ? 'fenced' : 'unfenced'}${shouldShutDown ? ', may go' : ''}`

  it('of a fenced broker lets it stay so, go at once, or take part', () => {
    expect(told(registered().heartbeat(3, { fence: true }))).toBe('fenced')
    expect(told(registered().heartbeat(3, { shutDown: true }))).toBe('fenced, may go')
    expect(told(registered().heartbeat(3, { fence: true, shutDown: true }))).toBe('fenced, may go')
    expect(told(registered().heartbeat(3))).toBe('unfenced')
  })

  it('of a broker that takes part fences it where it asks for that, and others lead', () => {
    const rig = registered()
    expect(told(rig.heartbeat(1, { fence: true }))).toBe('fenced')
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2] })
    expect(told(registered().heartbeat(1, { fence: true, shutDown: true }))).toBe('fenced, may go')
  })

  it('of a broker that wants to go lets it, at once where it leads nothing', () => {
    const rig = registered()
    expect(told(rig.heartbeat(1, { shutDown: true }))).toBe('unfenced')
    expect(rig.partition(0)).toMatchObject({ leader: 2, isr: [2] })
    expect(told(registered().heartbeat(2, { shutDown: true }))).toBe('fenced, may go')
  })
})

import { describe, expect, it } from 'vitest'
import { BrokerLifecycleManager } from '../../../src/kafka/broker/lifecycle-manager.ts'
import type { BrokerHeartbeatResponse } from '../../../src/kafka/messages.ts'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { HeldController, oneProcess } from './scripted.ts'

const HEARTBEAT: BrokerHeartbeatResponse = {
  api: 'BrokerHeartbeat',
  error: 'NONE',
  isCaughtUp: true,
  isFenced: false,
  shouldShutDown: false,
}

class Rig {
  readonly turns: string[] = []
  readonly controller: HeldController
  readonly manager: BrokerLifecycleManager
  readonly #world

  constructor(heartbeatRetriedEveryInterval = true) {
    const { world, process } = oneProcess()
    this.#world = world
    this.controller = new HeldController(() => world.now)
    const config = {
      brokerId: 1,
      rack: 'a',
      incarnation: 7,
      heartbeatIntervalMs: 2_000,
      sessionTimeoutMs: 9_000,
      heartbeatRetriedEveryInterval,
      initialRegistrationTimeoutMs: 60_000,
    }
    this.manager = new BrokerLifecycleManager(config, process, this.controller, {
      metadataOffset: () => 42,
      onCaughtUp: () => this.turns.push('caught up'),
      onUnfenced: () => this.turns.push('unfenced'),
      onShutdownGranted: () => this.turns.push('shutdown granted'),
      onRegistrationTimeout: () => this.turns.push('registration timeout'),
    })
  }

  get now(): Micros {
    return this.#world.now
  }

  run(duration: Micros): this {
    this.#world.scheduler.run(this.now + duration)
    return this
  }

  /** Registered, caught up, unfenced. */
  toRunning(): this {
    this.manager.start(-1)
    this.run(0)
    this.controller.answer({ api: 'BrokerRegistration', error: 'NONE', brokerEpoch: 5 })
    this.run(0)
    this.controller.answer({ ...HEARTBEAT, isFenced: true })
    this.manager.setReadyToUnfence()
    this.run(0)
    this.controller.answer(HEARTBEAT)
    return this
  }
}

/** How long each of so many refused registrations is followed by silence. */
function gapsOfRefusals(rig: Rig, count: number): number[] {
  rig.manager.start(-1)
  rig.run(0)
  const gaps: number[] = []
  for (let i = 0; i < count; i++) {
    const at = rig.now
    rig.controller.answer({
      api: 'BrokerRegistration',
      error: 'DUPLICATE_BROKER_REGISTRATION',
      brokerEpoch: -1,
    })
    const seen = rig.controller.requests.length
    while (rig.controller.requests.length === seen && rig.turns.length === 0) rig.run(MS)
    gaps.push(rig.now - at)
  }
  return gaps
}

describe('a broker that starts', () => {
  it('registers with its incarnation and the epoch of its clean shutdown', () => {
    const rig = new Rig()
    rig.manager.start(17)
    rig.run(0)
    expect(rig.controller.last).toEqual({
      api: 'BrokerRegistration',
      brokerId: 1,
      incarnation: 7,
      rack: 'a',
      previousBrokerEpoch: 17,
    })
  })

  it('that is refused tries again every heartbeat interval', () => {
    expect(gapsOfRefusals(new Rig(), 3)).toEqual([2 * SECOND, 2 * SECOND, 2 * SECOND])
  })

  it('before 4.1 tries again after 100, 200, 400 ms ... of at most a session, ± 2 %', () => {
    const gaps = gapsOfRefusals(new Rig(false), 9)
    for (const [i, gap] of gaps.entries()) {
      const nominal = Math.min(9 * SECOND, 100 * MS * 2 ** i)
      expect(gap).toBeGreaterThan(nominal * 0.979 - MS)
      expect(gap).toBeLessThan(nominal * 1.021 + MS)
    }
  })

  it('gives up when nobody took its registration for a minute', () => {
    const rig = new Rig()
    rig.manager.start(-1)
    rig.run(61 * SECOND)
    expect(rig.turns).toEqual(['registration timeout'])
  })

  it('asks to stay fenced until its logs are recovered, and then at once to be unfenced', () => {
    const rig = new Rig()
    rig.manager.start(-1)
    rig.run(0)
    rig.controller.answer({ api: 'BrokerRegistration', error: 'NONE', brokerEpoch: 5 })
    rig.run(0)
    expect(rig.controller.last).toMatchObject({ brokerEpoch: 5, wantFence: true })
    rig.controller.answer({ ...HEARTBEAT, isCaughtUp: false, isFenced: true })
    rig.run(10 * MS)
    rig.controller.answer({ ...HEARTBEAT, isFenced: true })
    expect(rig.turns).toEqual(['caught up'])
    rig.run(3 * MS)
    rig.manager.setReadyToUnfence()
    rig.run(0)
    expect(rig.controller.last).toMatchObject({ wantFence: false, currentMetadataOffset: 42 })
    rig.controller.answer(HEARTBEAT)
    expect(rig.turns).toEqual(['caught up', 'unfenced'])
    expect(rig.manager.state).toBe('running')
  })
})

describe('a running broker', () => {
  it('sends the next heartbeat two seconds after the last answer, one at a time', () => {
    const rig = new Rig().toRunning()
    const at = rig.now
    rig.run(2 * SECOND)
    expect(rig.controller.lastAt - at).toBe(2 * SECOND)
    const sent = rig.controller.requests.length
    rig.run(4 * SECOND)
    expect(rig.controller.requests.length).toBe(sent)
    rig.controller.answer(HEARTBEAT)
    rig.run(2 * SECOND)
    expect(rig.controller.lastAt - at).toBe(8 * SECOND)
  })

  it.each([
    [true, 2 * SECOND],
    [false, 100 * MS],
  ])(
    'whose heartbeat was lost (guard %s) sends the next one %i us later, never at once',
    (on, gap) => {
      const rig = new Rig(on).toRunning()
      rig.run(2 * SECOND)
      // Something that wants a heartbeat at once, while one is in flight.
      rig.manager.setReadyToUnfence()
      rig.controller.answer(null)
      const sent = rig.controller.requests.length
      rig.run(0.9 * gap)
      expect(rig.controller.requests.length).toBe(sent)
      rig.run(0.2 * gap)
      expect(rig.controller.requests.length).toBe(sent + 1)
    },
  )

  it('whose incarnation is stale never fences itself: it asks again and again', () => {
    const rig = new Rig().toRunning()
    rig.run(2 * SECOND)
    for (let i = 0; i < 4; i++) {
      rig.controller.answer({ ...HEARTBEAT, error: 'STALE_BROKER_EPOCH', isFenced: true })
      rig.run(2 * SECOND)
    }
    expect(rig.manager.state).toBe('running')
    expect(rig.turns).toEqual(['caught up', 'unfenced'])
  })
})

describe('a controlled shutdown', () => {
  it('asks at once, again after 50 ms, then every two seconds, until it is granted', () => {
    const rig = new Rig().toRunning()
    const at = rig.run(700 * MS).now
    rig.manager.beginControlledShutdown()
    rig.run(0)
    const asked: Micros[] = []
    for (let i = 0; i < 3; i++) {
      expect(rig.controller.last).toMatchObject({ wantShutDown: true })
      asked.push(rig.controller.lastAt - at)
      rig.controller.answer({ ...HEARTBEAT, shouldShutDown: i === 2 })
      rig.run(2 * SECOND)
    }
    expect(asked).toEqual([0, 50 * MS, 50 * MS + 2 * SECOND + (2 * SECOND - 50 * MS)])
    expect(rig.turns).toContain('shutdown granted')
    expect(rig.manager.state).toBe('shutting-down')
  })

  it('that begins while a heartbeat is in flight goes out when that is answered', () => {
    const rig = new Rig().toRunning()
    rig.run(2 * SECOND)
    rig.manager.beginControlledShutdown()
    expect(rig.controller.last).toMatchObject({ wantShutDown: false })
    rig.controller.answer(HEARTBEAT)
    rig.run(0)
    expect(rig.controller.last).toMatchObject({ wantShutDown: true })
  })

  it('that no controller answers is given up after five minutes, and the broker goes', () => {
    const rig = new Rig().toRunning()
    rig.manager.beginControlledShutdown()
    rig.run(299 * SECOND)
    expect(rig.manager.state).toBe('pending-controlled-shutdown')
    rig.run(SECOND)
    expect(rig.manager.state).toBe('shutting-down')
    expect(rig.turns).toEqual(['caught up', 'unfenced', 'shutdown granted'])
    rig.controller.answer({ ...HEARTBEAT, shouldShutDown: true })
    expect(rig.turns).toHaveLength(3)
  })

  it('of a broker that never ran is over at once', () => {
    const rig = new Rig()
    rig.manager.start(-1)
    rig.manager.beginControlledShutdown()
    expect(rig.turns).toEqual(['shutdown granted'])
  })
})

it('a broker that nobody will hear of again is not whole', () => {
  const { manager } = new Rig()
  manager.assertWhole()
  manager.state = 'starting'
  expect(() => manager.assertWhole()).toThrow('a broker lets the controller hear of it')
})

// What raft tells a controller waits in its queue (QuorumController.appendRaftEvent).

import { describe, expect, it } from 'vitest'
import { QuorumController } from '../../../src/kafka/controller/quorum-controller.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'
import { guardsFor, type KafkaVersion } from '../../../src/kafka/version.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { oneProcess } from '../broker/scripted.ts'

const [OWN, OTHER] = [101, 102]
const SERVICE = 500

/** A controller whose raft node is played by the test. */
class ControllerAlone {
  readonly store = new QuorumStore()
  readonly controller: QuorumController
  /** What happened, each with its moment. */
  readonly told: string[] = []
  /** The epoch in which the raft node leads, -1 while it does not. */
  epoch = -1
  readonly #around = oneProcess()

  constructor(version: KafkaVersion = '4.1') {
    const guards = guardsFor(version)
    const options = { nodeId: OWN, guards, sessionTimeout: 9 * SECOND }
    const settings = { ...options, minInsyncReplicas: 1, uncleanLeaderElectionEnable: false }
    this.controller = new QuorumController(
      {
        nodeId: OWN,
        options: settings,
        staleCheckEveryEighth: guards.staleCheckEveryEighth,
        maxIdleIntervalMs: 0,
        autoLeaderRebalanceEnable: false,
        leaderImbalanceCheckIntervalSeconds: 300,
        uncleanLeaderElectionIntervalMs: 0,
        controllerServiceMicros: SERVICE,
      },
      this.#around.process,
      this.store,
      new TopicPartitions(),
    )
    this.controller.observer = {
      onActive: (_, epoch) => this.#tell(`active in ${epoch}`),
      onInactive: () => this.#tell('inactive'),
      onDecision: (_, records) => this.#tell(`decides ${records[0]?.type}`),
    }
    this.controller.connect(this)
  }

  get now(): number {
    return this.#around.world.now
  }

  get nextOffset(): number {
    return this.store.log.endOffset
  }

  append(epoch: number, records: readonly MetadataRecord[]): number | null {
    if (epoch !== this.epoch) return null
    const offset = this.nextOffset
    for (const record of records) this.store.log.append(epoch, record)
    return offset
  }

  resign(epoch: number): void {
    if (epoch === this.epoch) this.#tell(`resigns ${epoch}`)
  }

  run(duration: number): this {
    this.#around.world.scheduler.run(this.now + duration)
    return this
  }

  /** Leads from now on, with all that it has written so far committed. */
  leads(epoch: number): this {
    this.epoch = epoch
    this.commit()
    this.controller.onLeaderChange(OWN, epoch)
    return this
  }

  commit(): void {
    const from = this.#committed
    this.#committed = this.nextOffset
    if (this.#committed > from) this.controller.onCommit(this.store, from, this.#committed)
  }

  ask(name: string, request: Request): void {
    const send = (response: Response | null) => {
      const error = response !== null && 'error' in response ? response.error : 'closed'
      this.#tell(`${name}: ${error}`)
    }
    this.controller.handle(request, { send, done: () => {} })
  }

  register(brokerId: number): void {
    const process = { brokerId, incarnation: 1, rack: null, previousBrokerEpoch: -1 }
    this.ask(`registration ${brokerId}`, { api: 'BrokerRegistration', ...process })
  }

  heartbeat(brokerId: number): void {
    const brokerEpoch = this.controller.control.state.cluster.broker(brokerId)?.epoch ?? -1
    const wishes = { wantFence: false, wantShutDown: false, currentMetadataOffset: 1e6 }
    this.ask('heartbeat', { api: 'BrokerHeartbeat', brokerId, brokerEpoch, ...wishes })
  }

  #committed = 0

  #tell(what: string): void {
    this.told.push(`${this.now} ${what}`)
  }
}

/** Active since time 0, with one broker registered and unfenced; what is told since then. */
function active(version: KafkaVersion = '4.1'): { it: ControllerAlone; start: number } {
  const alone = new ControllerAlone(version).leads(5).run(MS)
  for (const step of [() => alone.register(1), () => alone.heartbeat(1)]) {
    step()
    alone.run(MS).commit()
  }
  alone.told.length = 0
  return { it: alone, start: alone.now }
}

describe('a commit', () => {
  it('is heard when its turn comes: who waits for it waits for the events before it', () => {
    const { it: alone, start } = active()
    alone.register(2)
    alone.register(3)
    alone.run(600).commit()
    alone.run(MS)
    expect(alone.told).toEqual([
      `${start + 500} decides RegisterBroker`,
      `${start + 1000} decides RegisterBroker`,
      `${start + 1000} registration 2: NONE`,
    ])
  })

  it('that comes behind the end of an office is replayed by the standby', () => {
    const { it: alone } = active()
    alone.register(2)
    alone.run(MS)
    alone.register(3)
    alone.epoch = -1
    alone.controller.onLeaderChange(OTHER, 6)
    alone.commit()
    alone.run(MS)
    expect(alone.controller.isActive).toBe(false)
    expect(alone.controller.control.state.cluster.broker(2)?.fenced).toBe(true)
    expect(alone.controller.control.state.cluster.broker(3)).toBeUndefined()
  })
})

describe('an office', () => {
  it('that raft has lost is given up at the next record, once', () => {
    const { it: alone, start } = active()
    alone.register(2)
    alone.epoch = -1
    alone.controller.onLeaderChange(OTHER, 6)
    expect(alone.controller.isActive).toBe(true)
    alone.run(MS)
    expect(alone.told).toEqual([
      `${start + 500} inactive`,
      `${start + 500} registration 2: NOT_CONTROLLER`,
    ])
  })

  it('is claimed behind those who came too early, and is whole before those who came later', () => {
    const alone = new ControllerAlone()
    alone.register(1)
    alone.leads(5)
    alone.register(1)
    alone.run(2 * MS)
    expect(alone.told).toEqual([
      '500 registration 1: NOT_CONTROLLER',
      '500 active in 5',
      '1500 decides RegisterBroker',
    ])
  })

  it('of an old epoch writes nothing into a new one, and does not give that up', () => {
    const { it: alone, start } = active()
    alone.register(2)
    alone.controller.onLeaderChange(OTHER, 6)
    alone.leads(7)
    alone.run(MS)
    expect(alone.told).toEqual([
      `${start + 500} inactive`,
      `${start + 500} registration 2: NOT_CONTROLLER`,
      `${start + 500} active in 7`,
    ])
  })
})

describe('a heartbeat in a long queue', () => {
  /** When the session of broker 1 ends, counted from the moment at which its heartbeat came. */
  function sessionOf(version: KafkaVersion): number {
    const { it: alone } = active(version)
    const { cluster } = alone.controller.control.state
    for (let id = 2; id < 42; id++) alone.register(id)
    const at = alone.now
    alone.heartbeat(1)
    alone.run(SECOND)
    return (cluster.heartbeats.nextExpiry() ?? 0) - at
  }

  it('counts from the moment at which it comes, since 4.0', () => {
    expect(sessionOf('4.1')).toBe(9 * SECOND)
    expect(sessionOf('3.9')).toBe(9 * SECOND + 41 * SERVICE)
  })

  it('is refused at once by who is not active', () => {
    const alone = new ControllerAlone()
    alone.heartbeat(1)
    expect(alone.told).toEqual(['0 heartbeat: NOT_CONTROLLER'])
  })
})

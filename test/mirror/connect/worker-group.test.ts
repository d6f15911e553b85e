import { describe, expect, it } from 'vitest'
import type { ConnectAssignment } from '../../../src/mirror/connect/group-protocol.ts'
import { NO_WORK, taskId, type Work, without } from '../../../src/mirror/connect/work.ts'
import { WorkerGroup, type WorkerListener } from '../../../src/mirror/connect/worker-group.ts'
import type { Process } from '../../../src/sim/process.ts'
import { ConnectRig } from './connect-rig.ts'

const WORK: Work = {
  connectors: ['source'],
  tasks: [0, 1, 2, 3].map((i) => taskId('source', i)),
}

/** A worker that runs at once what it is told to run, and joins again when told so. */
class Member implements WorkerListener {
  readonly process: Process
  readonly told: string[] = []
  work: Work = NO_WORK
  group: WorkerGroup | null = null
  last: ConnectAssignment | null = null
  readonly #rig: ConnectRig

  constructor(rig: ConnectRig, name: string, scheduledRebalanceMaxDelayMs = 300_000) {
    this.#rig = rig
    this.process = rig.process(name, (process) => {
      this.work = NO_WORK
      const config = {
        ...{ group: 'A-mm2', instance: '', clientId: name, clientHost: `/${name}` },
        ...{ sessionTimeoutMs: 10_000, heartbeatIntervalMs: 3_000, maxPollIntervalMs: 60_000 },
        ...{ requestTimeoutMs: 40_000, retryBackoffMs: 100, retryBackoffMaxMs: 1_000 },
        scheduledRebalanceMaxDelayMs,
      }
      const { network } = rig.simulation.world
      this.group = new WorkerGroup(process, network, rig.cluster, config, this)
    })
  }

  configSnapshot() {
    return { offset: 7, configured: WORK }
  }

  onAssigned(assignment: ConnectAssignment): void {
    this.work = assignment.work
    this.last = assignment
    const { connectors, tasks } = assignment.work
    this.told.push(`${this.#rig.now.toFixed(1)} ${connectors.length}+${tasks.length}`)
    const again = assignment.revoked.tasks.length + assignment.revoked.connectors.length > 0
    if (again) this.group?.requestRejoin()
    if (assignment.delay === 0) return
    const timer = this.process.timer(() => this.group?.requestRejoin())
    timer.arm(assignment.delay)
  }

  onGaveUp({ tasks }: Work): void {
    this.told.push(`${this.#rig.now.toFixed(1)} gives up ${tasks.length}`)
  }

  onRevoked(work: Work, onStopped: () => void): void {
    this.work = without(this.work, work)
    this.told.push(`${this.#rig.now.toFixed(1)} -${work.tasks.length}`)
    onStopped()
  }

  onRefused(): void {
    this.process.exit()
  }

  onWake(): void {}
}

describe('a Connect worker in its group', () => {
  it('gets its work when the first rebalance has waited for others: 3 s', () => {
    const rig = new ConnectRig()
    const one = new Member(rig, 'one')
    one.process.start()
    const at = rig.until(() => one.work.tasks.length === 4)
    expect(at).toBeGreaterThan(3)
    expect(at).toBeLessThan(4)
    expect(one.group?.isLeader).toBe(true)
    rig.run(60)
    expect(one.told).toHaveLength(1)
  })

  it('started again after kill -9 waits until the session of the dead one is over', () => {
    const rig = new ConnectRig()
    const one = new Member(rig, 'one')
    one.process.start()
    rig.until(() => one.work.tasks.length === 4)
    rig.run(20)
    const killedAt = rig.now
    one.process.crash()
    one.process.start(7_000_000)
    const backAt = rig.until(() => one.told.length === 2) - killedAt
    // The last heartbeat came up to 3 s before the kill.
    expect(backAt).toBeGreaterThan(7)
    expect(backAt).toBeLessThan(10.3)
    expect(one.work.tasks).toHaveLength(4)
  })

  it('runs nothing more when it has found no coordinator for a heartbeat interval', () => {
    const rig = new ConnectRig()
    const one = new Member(rig, 'one')
    one.process.start()
    rig.until(() => one.work.tasks.length === 4)
    const brokers = [...rig.simulation.cluster.nodes.values()].map(({ process }) => process)
    for (const process of brokers) process.crash()
    const downAt = rig.now
    const stoppedAt = rig.until(() => one.work.tasks.length === 0) - downAt
    expect(stoppedAt).toBeGreaterThan(2.9)
    expect(stoppedAt).toBeLessThan(3.2)
    rig.run(10)
    for (const process of brokers) process.start()
    rig.until(() => one.work.tasks.length === 4, 60)
  })
})

describe('two Connect workers', () => {
  const pair = (delayMs = 300_000) => {
    const rig = new ConnectRig()
    const one = new Member(rig, 'one', delayMs)
    const two = new Member(rig, 'two', delayMs)
    one.process.start()
    two.process.start(100_000)
    rig.until(() => one.work.tasks.length === 2 && two.work.tasks.length === 2)
    rig.run(20)
    return { rig, one, two }
  }

  it('share the work, and what a dead one ran waits 300 s and then moves', () => {
    const { rig, one, two } = pair()
    const [leader, other] = one.group?.isLeader === true ? [one, two] : [two, one]
    const killedAt = rig.now
    other.process.crash()
    rig.until(() => leader.last?.delay !== 0, 20)
    expect(leader.work.tasks).toHaveLength(2)
    const movedAt = rig.until(() => leader.work.tasks.length === 4) - killedAt
    expect(movedAt).toBeGreaterThan(307)
    expect(movedAt).toBeLessThan(311)
  })

  it('give one that comes back within the delay its part again, when the delay is over', () => {
    const { rig, one, two } = pair(60_000)
    const [leader, other] = one.group?.isLeader === true ? [one, two] : [two, one]
    const killedAt = rig.now
    const part = other.work.tasks
    other.process.crash()
    other.process.start(20_000_000)
    rig.run(25)
    expect(other.work.tasks).toHaveLength(0)
    const backAt = rig.until(() => other.work.tasks.length === 2) - killedAt
    expect(other.work.tasks).toEqual(part)
    expect(leader.work.tasks).toHaveLength(2)
    expect(backAt).toBeGreaterThan(67)
    expect(backAt).toBeLessThan(71)
  })
})

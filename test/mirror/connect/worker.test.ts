import { describe, expect, it } from 'vitest'
import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import type { ConnectWorkerSettings } from '../../../src/kafka/settings/modelled.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import type {
  ConnectorContext,
  ConnectorDefinition,
} from '../../../src/mirror/connect/connector.ts'
import type { RunningTask } from '../../../src/mirror/connect/source-offsets.ts'
import { Worker } from '../../../src/mirror/connect/worker.ts'
import { WorkerRest } from '../../../src/mirror/connect/worker-rest.ts'
import type { Process } from '../../../src/sim/process.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { ConnectRig } from './connect-rig.ts'

/** Workers of one group with one connector, whose tasks do nothing but be told of. */
class Workers {
  readonly rig = new ConnectRig()
  readonly told: string[] = []
  readonly workers = new Map<string, Worker>()
  readonly contexts = new Map<string, ConnectorContext>()
  /** Time that a task takes to stop. */
  stopMs = 100
  /** Time that a scheduled commit of a task takes. */
  commitMs = 0
  readonly commits: number[] = []
  /** Workers may call each other. */
  hasRest = false
  connectors = ['source']
  /** Second at which the connectors know their tasks. */
  knowsAt = 0
  tasks = 4
  version = 1
  readonly #recordIds = new InternalRecordIds()
  readonly #settings: ConnectWorkerSettings

  constructor(settings: Partial<ConnectWorkerSettings> = {}) {
    this.#settings = { ...defaultSettings('connectWorker', '4.1'), ...settings }
  }

  add(name: string) {
    return this.rig.process(name, (process) => {
      const { network } = this.rig.simulation.world
      const worker = new Worker({
        ...{ process, network, cluster: this.rig.cluster },
        ...{ recordIds: this.#recordIds, settings: this.#settings },
        ...{ group: 'A-mm2', clientId: name },
        configTopic: 'mm2-configs.A.internal',
        offsetTopic: 'mm2-offsets.A.internal',
        rest: this.hasRest ? this.#rest(process) : null,
        connectors: this.connectors.map((connector) => this.#connector(name, connector)),
      })
      this.workers.set(name, worker)
    })
  }

  #rest(process: Process): WorkerRest {
    const { network, processes } = this.rig.simulation.world
    return new WorkerRest(process, network, (url) => processes.get(url) ?? null)
  }

  #tell(what: string): void {
    this.told.push(`${this.rig.now.toFixed(1)} ${what}`)
  }

  #connector(worker: string, name: string): ConnectorDefinition {
    return {
      name,
      tasksMax: 4,
      readsOffsets: true,
      start: (context, onStarted) => {
        this.#tell(`${worker} connector`)
        this.contexts.set(worker, context)
        onStarted()
        return {
          taskConfigs: () => {
            const knows = this.rig.now >= this.knowsAt
            if (!knows) return null
            return Array.from({ length: this.tasks }, (_, i) => `v${this.version} ${name} ${i}`)
          },
          stop: (onStopped) => {
            this.contexts.delete(worker)
            onStopped()
          },
        }
      },
      startTask: (config, { process, committer }) => {
        this.#tell(`${worker} ${config}`)
        committer.schedule((onDone) => {
          this.commits.push(this.rig.now)
          process.timer(onDone).arm(this.commitMs * MS)
        })
        const task: RunningTask = {
          stop: (onStopped) => {
            this.#tell(`${worker} stop ${config}`)
            process.timer(onStopped).arm(this.stopMs * MS)
          },
          cancel: () => this.#tell(`${worker} cancel ${config}`),
        }
        return task
      },
    }
  }

  running(name: string): number {
    return this.workers.get(name)?.running.tasks.length ?? 0
  }

  /** Runs until the workers have so many tasks. */
  until(sizes: Readonly<Record<string, number>>, seconds?: number): number {
    return this.rig.until(
      () => Object.entries(sizes).every(([name, size]) => this.running(name) === size),
      seconds,
    )
  }

  /** What was told since, without its time. */
  since(count: number): string[] {
    return this.told.slice(count).map((line) => line.slice(line.indexOf(' ') + 1))
  }
}

describe('a Connect worker that is the only one', () => {
  it('writes down its connector, then its tasks, and runs them soon after the 3 s', () => {
    const group = new Workers()
    group.add('one').start()
    const at = group.until({ one: 4 })
    expect(at).toBeGreaterThan(3)
    expect(at).toBeLessThan(5)
    group.rig.run(30)
    const [first, ...tasks] = group.since(0)
    expect(first).toBe('one connector')
    expect(tasks.sort()).toEqual([0, 1, 2, 3].map((i) => `one v1 source ${i}`))
  })

  it('asks a connector that does not know its tasks again, less and less often', () => {
    const group = new Workers()
    group.knowsAt = 20
    group.add('one').start()
    const at = group.until({ one: 4 })
    expect(at).toBeGreaterThan(20)
    expect(at).toBeLessThan(40)
  })

  it('commits for one of its tasks after the other, where the offset topic is slow', () => {
    const group = new Workers()
    group.commitMs = 5_000
    group.add('one').start()
    const at = group.until({ one: 4 })
    group.rig.run(81)
    const waits = group.commits.map((second) => Math.round(second - at))
    expect(waits).toEqual([60, 65, 70, 75])
    group.rig.run(61)
    expect(group.commits).toHaveLength(8)
    expect(Math.round((group.commits[4] ?? 0) - at)).toBe(125)
  })

  it('after kill -9 runs its tasks when the session of its dead self has ended', () => {
    const group = new Workers()
    const process = group.add('one')
    process.start()
    group.until({ one: 4 })
    group.rig.run(20)
    const killedAt = group.rig.now
    const before = group.told.length
    process.crash()
    process.start(7 * SECOND)
    group.rig.until(() => group.told.length === before + 5)
    expect(group.rig.now - killedAt).toBeGreaterThan(7)
    expect(group.rig.now - killedAt).toBeLessThan(10.7)
    group.rig.run(30)
    expect(group.told).toHaveLength(before + 5)
  })

  it('restarts all tasks of a connector whose tasks have changed, once all have stopped', () => {
    const group = new Workers()
    group.add('one').start()
    group.until({ one: 4 })
    group.rig.run(5)
    const before = group.told.length
    group.version = 2
    group.contexts.get('one')?.requestTaskReconfiguration()
    group.rig.until(() => group.told.length === before + 8, 5)
    const told = group.since(before)
    expect(told.slice(0, 4)).toEqual([0, 1, 2, 3].map((i) => `one stop v1 source ${i}`))
    expect(told.slice(4).sort()).toEqual([0, 1, 2, 3].map((i) => `one v2 source ${i}`))
    group.contexts.get('one')?.requestTaskReconfiguration()
    group.rig.run(20)
    expect(group.told).toHaveLength(before + 8)
  })

  it('cancels tasks that have not stopped within task.shutdown.graceful.timeout.ms', () => {
    const group = new Workers()
    group.add('one').start()
    group.until({ one: 4 })
    group.stopMs = 60_000
    group.version = 2
    group.tasks = 2
    const from = group.rig.now
    const before = group.told.length
    group.contexts.get('one')?.requestTaskReconfiguration()
    group.rig.until(() => group.told.some((line) => line.includes('v2 source 1')), 30)
    expect(group.rig.now - from).toBeGreaterThan(5)
    expect(group.rig.now - from).toBeLessThan(6)
    expect(group.since(before).filter((line) => line.includes('cancel'))).toHaveLength(4)
    expect(group.running('one')).toBe(2)
  })

  it('waits 30 s for a write of the config topic, and then finds that its group is away', () => {
    const group = new Workers({ 'scheduled.rebalance.max.delay.ms': 0 })
    group.add('one').start()
    group.until({ one: 4 })
    group.rig.run(20)
    const brokers = [...group.rig.simulation.cluster.nodes.values()].map(({ process }) => process)
    for (const process of brokers) process.pause()
    group.version = 2
    const before = group.told.length
    const from = group.rig.now
    group.contexts.get('one')?.requestTaskReconfiguration()
    group.rig.run(29)
    expect(group.told).toHaveLength(before)
    const gaveUpAt = group.until({ one: 0 }, 20) - from
    expect(gaveUpAt).toBeGreaterThan(30)
    expect(gaveUpAt).toBeLessThan(35)
    for (const process of brokers) process.resume()
    group.rig.until(() => group.since(before).filter((line) => / v2 /.test(line)).length >= 4, 60)
    group.until({ one: 4 })
  })

  it('stops eight at a time of those that a rebalance revokes, each with its own 5 s', () => {
    const group = new Workers()
    group.tasks = 20
    group.add('one').start()
    group.until({ one: 20 })
    group.stopMs = 60_000
    const before = group.told.length
    group.add('two').start()
    group.until({ one: 10, two: 10 })
    const lines = group.told.slice(before).map((line) => line.split(' '))
    const at = (what: string) => lines.flatMap(([at, , did]) => (did === what ? [Number(at)] : []))
    const from = at('stop')[0] ?? 0
    const waits = (what: string) => at(what).map((second) => Math.round(second - from))
    expect(waits('stop')).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 5, 5])
    expect(waits('cancel')).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 10, 10])
  })

  it('stops what it runs when it is asked to end, and its successor need not wait', () => {
    const group = new Workers()
    const process = group.add('one')
    process.onTerminate = () => group.workers.get('one')?.stop(() => process.exit())
    process.start()
    group.until({ one: 4 })
    group.rig.run(5)
    const before = group.told.length
    const from = group.rig.now
    process.terminate()
    group.rig.run(1)
    expect(process.state).toBe('stopped')
    expect(group.since(before)).toEqual([0, 1, 2, 3].map((i) => `one stop v1 source ${i}`))
    process.start()
    group.rig.until(() => group.told.length === before + 9)
    expect(group.rig.now - from).toBeLessThan(6)
  })
})

describe('two Connect workers', () => {
  const pair = (delayMs: number) => {
    const group = new Workers({ 'scheduled.rebalance.max.delay.ms': delayMs })
    const processes = ['one', 'two'].map((name) => group.add(name))
    for (const [i, process] of processes.entries()) process.start(i * 100 * MS)
    group.until({ one: 2, two: 2 })
    group.rig.run(20)
    const isFirst = group.workers.get('one')?.isLeader === true
    const [leader, other] = isFirst ? ['one', 'two'] : ['two', 'one']
    const [leads, follows] = isFirst ? processes : [...processes].reverse()
    return { group, leader, other, leads, follows } as const
  }

  it('wait for a dead one as long as they are told, and then run its tasks', () => {
    const { group, leader, follows } = pair(300_000)
    const killedAt = group.rig.now
    follows?.crash()
    const movedAt = group.until({ [leader ?? '']: 4 }) - killedAt
    expect(movedAt).toBeGreaterThan(307)
    expect(movedAt).toBeLessThan(311)
  })

  it('give one that came back within the delay its tasks when the delay is over', () => {
    const { group, leader, other, follows } = pair(60_000)
    const killedAt = group.rig.now
    follows?.crash()
    follows?.start(20 * SECOND)
    group.rig.run(22)
    expect(group.running(other ?? '')).toBe(0)
    const backAt = group.until({ [leader ?? '']: 2, [other ?? '']: 2 }) - killedAt
    expect(backAt).toBeGreaterThan(67)
    expect(backAt).toBeLessThan(71)
  })

  it('do not wait at all where the leader died: the new one remembers nothing', () => {
    const { group, other, leads } = pair(300_000)
    const killedAt = group.rig.now
    leads?.crash()
    const movedAt = group.until({ [other ?? '']: 4 }) - killedAt
    expect(movedAt).toBeGreaterThan(7)
    expect(movedAt).toBeLessThan(11)
  })

  it('leave tasks without configurations where a follower has the connector', () => {
    const group = new Workers()
    group.connectors = ['source', 'other']
    for (const [i, name] of ['one', 'two'].entries()) group.add(name).start(i * 100 * MS)
    group.rig.run(120)
    const connectors = group.since(0).filter((line) => line.endsWith('connector'))
    expect(connectors.sort()).toEqual(['one connector', 'two connector'])
    // The four of the leader's connector, shared by both; of the other's there are none.
    expect(group.running('one') + group.running('two')).toBe(4)
    const names = group.since(0).flatMap((line) => /v1 (\w+) /.exec(line)?.[1] ?? [])
    expect(new Set(names).size).toBe(1)
  })

  it('have the leader write down what the follower’s tasks are told, where they may call', () => {
    const group = new Workers()
    group.hasRest = true
    group.connectors = ['source', 'other']
    for (const [i, name] of ['one', 'two'].entries()) group.add(name).start(i * 100 * MS)
    group.until({ one: 4, two: 4 })
    const names = group.since(0).flatMap((line) => /v1 (\w+) /.exec(line)?.[1] ?? [])
    expect([...new Set(names)].sort()).toEqual(['other', 'source'])
    const isFirst = group.workers.get('one')?.isLeader === true
    group.version = 2
    const before = group.told.length
    group.contexts.get(isFirst ? 'two' : 'one')?.requestTaskReconfiguration()
    group.rig.run(20)
    const restarted = group.since(before).filter((line) => / v2 /.test(line) && !/stop/.test(line))
    expect(restarted).toHaveLength(4)
  })

  it('ask again after a while where the leader does not answer', () => {
    const group = new Workers({ 'scheduled.rebalance.max.delay.ms': 0 })
    group.hasRest = true
    group.connectors = ['source', 'other']
    const processes = ['one', 'two'].map((name) => group.add(name))
    for (const [i, process] of processes.entries()) process.start(i * 100 * MS)
    group.until({ one: 4, two: 4 })
    group.rig.run(5)
    const isFirst = group.workers.get('one')?.isLeader === true
    const [leads] = isFirst ? processes : [...processes].reverse()
    leads?.pause()
    group.version = 2
    const before = group.told.length
    group.contexts.get(isFirst ? 'two' : 'one')?.requestTaskReconfiguration()
    group.rig.run(3)
    expect(group.told).toHaveLength(before)
    leads?.resume()
    group.rig.run(60)
    const restarted = group.since(before).filter((line) => / v2 /.test(line) && !/stop/.test(line))
    expect(restarted.length).toBeGreaterThanOrEqual(4)
  })
})

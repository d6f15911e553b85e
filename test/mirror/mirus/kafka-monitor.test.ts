import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import type { ConnectorContext } from '../../../src/mirror/connect/connector.ts'
import { KafkaMonitor, type TopicLister } from '../../../src/mirror/mirus/kafka-monitor.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { ConnectRig } from '../connect/connect-rig.ts'

const settings = { ...defaultSettings('mirus', '4.1'), 'topics.regex': '.*' }

/** A cluster that answers at once with what is written here; null: it does not answer well. */
class Lister implements TopicLister {
  topics: Record<string, number> | null
  asked: number[] = []
  readonly #now: () => number

  constructor(topics: Record<string, number> | null, now: () => number) {
    this.topics = topics
    this.#now = now
  }

  listTopics(told: Parameters<TopicLister['listTopics']>[0]): void {
    this.asked.push(Math.round(this.#now()))
    if (this.topics === null) told('REQUEST_TIMED_OUT', [])
    else
      told(
        'NONE',
        Object.entries(this.topics).map(([name, size]) => listing(name, size)),
      )
  }

  close(): void {}
}

function listing(name: string, size: number) {
  return { name, partitions: Array.from({ length: size }, (_, number) => number), replicas: 1 }
}

class Monitored {
  readonly rig = new ConnectRig('monitor')
  readonly source: Lister
  readonly target: Lister
  readonly startedAt = this.rig.now
  reconfigurations = 0
  starts: number[] = []
  monitor: KafkaMonitor | null = null

  constructor(source: Record<string, number> | null, target: Record<string, number>) {
    const now = () => this.#passed()
    this.source = new Lister(source, now)
    this.target = new Lister(target, now)
    const process = this.rig.process('mirus', (own) => {
      const context: ConnectorContext = {
        process: own,
        network: this.rig.simulation.world.network,
        offsets: { read: () => new Map(), write: () => {} },
        requestTaskReconfiguration: () => this.reconfigurations++,
      }
      this.monitor = new KafkaMonitor(settings, this, context, () => this.starts.push(now()))
    })
    process.start(0)
  }

  #passed(): number {
    return (this.rig.simulation.now - this.startedAt * SECOND) / SECOND
  }

  tasks(): readonly unknown[] | undefined {
    return this.monitor?.taskConfigs(10)
  }
}

describe('the monitor of Mirus', () => {
  it('looks once a minute, and has the tasks restarted only where something has changed', () => {
    const run = new Monitored({ a: 2, b: 1 }, { a: 2 })
    run.rig.run(200)
    expect(run.source.asked).toEqual([0, 60, 120, 180])
    expect(run.starts).toEqual([3])
    expect(run.reconfigurations).toBe(0)
    expect(run.tasks()).toHaveLength(2)
    run.target.topics = { a: 2, b: 1 }
    run.rig.run(30)
    expect(run.reconfigurations).toBe(0)
    run.rig.run(30)
    expect(run.reconfigurations).toBe(1)
    expect(run.tasks()).toHaveLength(3)
  })

  it('asks a source that does not answer again, after longer and longer waits', () => {
    const run = new Monitored(null, {})
    run.rig.run(40)
    expect(run.source.asked).toEqual([0, 0, 1, 3, 7, 15, 31])
    expect(run.starts).toEqual([])
    run.rig.run(30)
    // Without any list the tasks are asked for nevertheless: there are none.
    expect(run.starts).toEqual([60])
    expect(run.tasks()).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { ConfigStore } from '../../../src/mirror/connect/config-store.ts'
import { TopicLog } from '../../../src/mirror/connect/topic-log.ts'
import { WorkerAdmin } from '../../../src/mirror/connect/worker-admin.ts'
import { ConnectRig, topicOf } from './connect-rig.ts'

/** A config topic with one connector, `source`, and somebody else who writes into it. */
class Configs {
  readonly rig = new ConnectRig()
  readonly heard: string[] = []
  #store: ConfigStore | null = null
  #stranger: TopicLog | null = null

  constructor() {
    const recordIds = new InternalRecordIds()
    const started: string[] = []
    const failed = (reason: string) => {
      throw new Error(reason)
    }
    this.rig
      .process('worker', (process) => {
        const { cluster } = this.rig
        const { network } = this.rig.simulation.world
        const admin = new WorkerAdmin(process, network, cluster)
        const topic = topicOf('mm2-configs.A.internal', 1)
        const around = { process, network, cluster, admin, recordIds, topic }
        const store = new ConfigStore(around, {
          onConnectorConfigUpdate: (name) => this.heard.push(name),
          onTaskConfigUpdate: (tasks) => this.heard.push(`tasks ${tasks.join(' ')}`.trim()),
        })
        const stranger = new TopicLog({ ...around, onRecord: () => {} })
        store.start(() => started.push('worker'), failed)
        stranger.start(() => started.push('stranger'), failed)
        this.#store = store
        this.#stranger = stranger
      })
      .start()
    this.rig.until(() => started.length === 2)
    this.#put((store, done) => store.putConnector('source', done))
  }

  get store(): ConfigStore {
    if (this.#store === null) throw new Error('the worker has not started')
    return this.#store
  }

  #put(put: (store: ConfigStore, onDone: (isWritten: boolean) => void) => void): void {
    let isWritten = false
    put(this.store, (written) => {
      isWritten = written
    })
    this.rig.until(() => isWritten)
  }

  commit(...configs: string[]): void {
    this.#put((store, done) => store.putTaskConfigs('source', configs, done))
  }

  /** A commit of so many tasks, of which nothing came before it. */
  repeat(tasks: number): void {
    const { offset } = this.store.snapshot()
    this.#stranger?.write(0, { kind: 'commit', connector: 'source', tasks }, 40, () => {})
    this.rig.until(() => this.store.snapshot().offset > offset)
  }

  state() {
    const state = this.store.snapshot()
    return { run: state.configured.tasks, told: state.taskConfigs('source') }
  }
}

describe('a commit of task configurations', () => {
  it('counts with all that it names', () => {
    const configs = new Configs()
    configs.commit('a', 'b')
    expect(configs.state()).toEqual({ run: ['source-0', 'source-1'], told: ['a', 'b'] })
    expect(configs.heard).toEqual(['source', 'tasks source-0 source-1'])
  })

  it('has nobody run any of them where one is not there, and changes none', () => {
    const configs = new Configs()
    configs.commit('a')
    configs.repeat(2)
    expect(configs.state()).toEqual({ run: [], told: ['a', undefined] })
    expect(configs.heard.at(-1)).toBe('tasks')
  })

  it('mends it when it is whole again', () => {
    const configs = new Configs()
    configs.commit('a')
    configs.repeat(2)
    configs.commit('c')
    expect(configs.state()).toEqual({ run: ['source-0'], told: ['c'] })
  })
})

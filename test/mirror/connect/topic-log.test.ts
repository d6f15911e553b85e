import { describe, expect, it } from 'vitest'
import type { RecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { KafkaOffsetStore } from '../../../src/mirror/connect/kafka-offset-store.ts'
import type { TopicAdmin } from '../../../src/mirror/connect/log-topic.ts'
import { TopicLog } from '../../../src/mirror/connect/topic-log.ts'
import { WorkerAdmin } from '../../../src/mirror/connect/worker-admin.ts'
import type { Process } from '../../../src/sim/process.ts'
import { ConnectRig, topicOf } from './connect-rig.ts'

const CONFIGS = 'mm2-configs.A.internal'
const OFFSETS = 'mm2-offsets.A.internal'

function ended(reason: string): never {
  throw new Error(reason)
}

function around(rig: ConnectRig, process: Process, recordIds: RecordIds) {
  const { network } = rig.simulation.world
  return {
    process,
    network,
    cluster: rig.cluster,
    admin: new WorkerAdmin(process, network, rig.cluster),
    recordIds,
  }
}

describe('a topic that a worker keeps', () => {
  it('is read from its beginning to what was its end at the start, and then followed', () => {
    const rig = new ConnectRig()
    const recordIds = new InternalRecordIds()
    const read: Record<string, string[]> = { one: [], two: [] }
    const logs: TopicLog[] = []
    const started: string[] = []
    const start = (name: string) =>
      rig
        .process(name, (process) => {
          const log = new TopicLog({
            ...around(rig, process, recordIds),
            topic: topicOf(CONFIGS, 1),
            onRecord: (value, next) => read[name]?.push(`${JSON.stringify(value)} ${next}`),
          })
          logs.push(log)
          log.start(() => started.push(`${name} ${read[name]?.length}`), ended)
        })
        .start()
    start('one')
    rig.until(() => started.length === 1)
    expect(started).toEqual(['one 0'])
    const written: boolean[] = []
    for (const n of [1, 2, 3]) logs[0]?.write(0, { n }, 50, (done) => written.push(done))
    let isRead = false
    logs[0]?.readToEnd(() => {
      isRead = true
      expect(read.one).toEqual(['{"n":1} 1', '{"n":2} 2', '{"n":3} 3'])
    })
    rig.until(() => isRead)
    expect(written).toEqual([true, true, true])
    start('two')
    rig.until(() => started.length === 2)
    expect(started[1]).toBe('two 3')
    logs[0]?.write(0, { n: 4 }, 50, () => {})
    rig.until(() => read.two?.length === 4, 10)
  })
})

describe('readers of a topic whose end is not to be had', () => {
  it('are each called back once it is, however many had asked', () => {
    const rig = new ConnectRig()
    let failures = 0
    const logs: TopicLog[] = []
    let isStarted = false
    rig
      .process('one', (process) => {
        const base = around(rig, process, new InternalRecordIds())
        const admin: TopicAdmin = {
          createTopic: (...call) => base.admin.createTopic(...call),
          hasTopic: (...call) => base.admin.hasTopic(...call),
          endOffsets: (topic, done) => {
            if (failures-- > 0) done('REQUEST_TIMED_OUT', null)
            else base.admin.endOffsets(topic, done)
          },
        }
        const log = new TopicLog({ ...base, admin, topic: topicOf(OFFSETS, 1), onRecord: () => {} })
        logs.push(log)
        log.start(() => {
          isStarted = true
        }, ended)
      })
      .start()
    rig.until(() => isStarted)
    failures = 3
    const calledBack: number[] = []
    for (const n of [1, 2, 3]) logs[0]?.readToEnd(() => calledBack.push(n))
    expect(calledBack).toEqual([])
    rig.run(1)
    expect(calledBack.sort()).toEqual([1, 2, 3])
  })
})

describe('the offsets of a connector', () => {
  it('are there for the next worker once a flush says so, and each connector has its own', () => {
    const rig = new ConnectRig()
    const recordIds = new InternalRecordIds()
    let store: KafkaOffsetStore | null = null
    let isStarted = false
    const process = rig.process('worker', (booted) => {
      isStarted = false
      store = new KafkaOffsetStore({
        ...around(rig, booted, recordIds),
        topic: topicOf(OFFSETS, 5),
        offsetFlushTimeoutMs: 5_000,
      })
      store.start(() => {
        isStarted = true
      }, ended)
    })
    const now = () => store as KafkaOffsetStore | null
    process.start()
    rig.until(() => isStarted)
    const flushed: boolean[] = []
    now()?.write('source', new Map([3, 4, 5, 6, 7, 8].map((p) => [p, 10 * p])), (isWritten) =>
      flushed.push(isWritten),
    )
    rig.until(() => flushed.length === 1)
    now()?.write('source', new Map([[4, 99]]), (isWritten) => flushed.push(isWritten))
    now()?.write('heartbeat', new Map([[-1, 0]]), (isWritten) => flushed.push(isWritten))
    rig.until(() => flushed.length === 3)
    expect(flushed).toEqual([true, true, true])
    process.crash()
    isStarted = false
    process.start(1_000_000)
    rig.until(() => isStarted)
    expect([...(now()?.read('source') ?? [])].sort(([a], [b]) => a - b)).toEqual([
      ...[3].map((p) => [p, 10 * p]),
      [4, 99],
      ...[5, 6, 7, 8].map((p) => [p, 10 * p]),
    ])
    expect([...(now()?.read('heartbeat') ?? [])]).toEqual([[-1, 0]])
  })

  it('are not written where the cluster does not answer within offset.flush.timeout.ms', () => {
    const rig = new ConnectRig()
    let store: KafkaOffsetStore | null = null
    let isStarted = false
    rig
      .process('worker', (process) => {
        const base = around(rig, process, new InternalRecordIds())
        const topic = topicOf(OFFSETS, 5)
        store = new KafkaOffsetStore({ ...base, topic, offsetFlushTimeoutMs: 5_000 })
        store.start(() => {
          isStarted = true
        }, ended)
      })
      .start()
    rig.until(() => isStarted)
    for (const { process } of rig.simulation.cluster.nodes.values()) process.crash()
    const from = rig.now
    let isWritten: boolean | null = null
    const now = () => store as KafkaOffsetStore | null
    now()?.write('source', new Map([[3, 30]]), (done) => {
      isWritten = done
    })
    const at = rig.until(() => isWritten !== null) - from
    expect(isWritten).toBe(false)
    expect(at).toBeGreaterThanOrEqual(4.99)
    expect(at).toBeLessThan(5.02)
  })
})

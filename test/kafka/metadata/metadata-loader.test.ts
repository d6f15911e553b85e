import { describe, expect, it } from 'vitest'
import type { MetadataDelta } from '../../../src/kafka/metadata/metadata-delta.ts'
import { MetadataLoader } from '../../../src/kafka/metadata/metadata-loader.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import type { ReplayFault } from '../../../src/kafka/metadata/replay-fault.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'

const REGISTER: MetadataRecord = {
  type: 'RegisterBroker',
  brokerId: 1,
  brokerEpoch: 0,
  incarnation: 1,
  rack: null,
  fenced: true,
  inControlledShutdown: false,
}
const TOPIC: MetadataRecord = { type: 'Topic', name: 't', configs: { 'min.insync.replicas': '2' } }
const PARTITION: MetadataRecord = {
  type: 'Partition',
  partition: 0,
  topic: 't',
  number: 0,
  first: 0,
  replicas: [1, 2, 3],
  observers: [],
  isr: [1, 2, 3],
  leader: 1,
  leaderEpoch: 0,
  partitionEpoch: 0,
  recovery: 'RECOVERED',
}
const NO_OP: MetadataRecord = { type: 'NoOp' }

class Rig {
  readonly loader: MetadataLoader
  readonly store = new QuorumStore()
  readonly deltas: MetadataDelta[] = []

  constructor(onFault: ((fault: ReplayFault) => void) | null = null) {
    this.loader = new MetadataLoader(onFault)
  }

  listen(): this {
    this.loader.install({ onMetadata: (_, delta) => this.deltas.push(delta) })
    return this
  }

  commit(...records: MetadataRecord[]): this {
    const from = this.store.log.endOffset
    for (const record of records) this.store.log.append(1, record)
    this.loader.onCommit(this.store, from, this.store.log.endOffset)
    return this
  }
}

describe('a broker’s metadata', () => {
  it('follows the records in order', () => {
    const { loader } = new Rig().commit(REGISTER, TOPIC, PARTITION)
    expect(loader.image.isAlive(1)).toBe(false)
    expect(loader.image.isAlive(9)).toBe(false)
    expect(loader.image.topics.get('t')).toEqual({
      name: 't',
      partitions: [0],
      configs: { 'min.insync.replicas': '2' },
    })
    expect(loader.lastAppliedOffset).toBe(2)
  })

  it('shows a broker that lags only the last of several changes of a partition', () => {
    const rig = new Rig().commit(REGISTER, TOPIC, PARTITION).listen()
    rig.commit(
      { type: 'PartitionChange', partition: 0, isr: [2, 3], leader: 2 },
      { type: 'PartitionChange', partition: 0, isr: [3], leader: 3 },
      NO_OP,
    )
    expect(rig.deltas[1]?.changedPartitions).toEqual([0])
    expect(rig.loader.image.partitions.get(0)).toMatchObject({
      leader: 3,
      leaderEpoch: 2,
      partitionEpoch: 2,
    })
  })

  it('tells one that listens late of all that came before, and nobody of a quiet record', () => {
    const rig = new Rig().commit(REGISTER, TOPIC, PARTITION).listen()
    expect(rig.deltas).toHaveLength(1)
    expect(rig.deltas[0]?.changedBrokers).toEqual([1])
    rig.commit(NO_OP, NO_OP)
    expect(rig.deltas).toHaveLength(1)
    expect(rig.loader.lastAppliedOffset).toBe(4)
  })

  it('has caught up with the first commit it hears of, and says so once', () => {
    const rig = new Rig()
    const offsets: number[] = []
    rig.loader.whenCaughtUp(() => offsets.push(rig.loader.lastAppliedOffset))
    expect(offsets).toEqual([])
    rig.commit(REGISTER, TOPIC).commit(PARTITION)
    expect(offsets).toEqual([1])
    rig.loader.whenCaughtUp(() => offsets.push(rig.loader.lastAppliedOffset))
    expect(offsets).toEqual([1, 2])
  })

  it('tells a broker that has shut down no more, and goes on for the controller beside it', () => {
    const rig = new Rig().commit(REGISTER).listen()
    rig.loader.uninstall()
    rig.commit(TOPIC, PARTITION)
    expect(rig.deltas).toHaveLength(1)
    expect(rig.loader.image.topics.has('t')).toBe(true)
  })

  it('knows topic settings as they are set and removed', () => {
    const rig = new Rig().commit(TOPIC, PARTITION)
    const name = 'unclean.leader.election.enable'
    rig.commit({ type: 'Config', resource: { type: 'topic', name: 't' }, name, value: 'true' })
    expect(rig.loader.image.topics.get('t')?.configs[name]).toBe('true')
    rig.commit({ type: 'Config', resource: { type: 'topic', name: 't' }, name, value: null })
    expect(rig.loader.image.topics.get('t')?.configs).toEqual({ 'min.insync.replicas': '2' })
  })

  it('tells topics of one name apart, as controllers make them that lost their disks', () => {
    const rig = new Rig().commit(TOPIC, PARTITION)
    const other: MetadataRecord = { ...PARTITION, partition: 7, first: 7 }
    // The record of the second topic was never read: its partition is of a topic that nobody knows.
    rig.commit(other)
    expect(rig.loader.image.partitions.has(7)).toBe(false)
    rig.commit(TOPIC, other)
    const { image } = rig.loader
    expect(image.topics.get('t')?.partitions).toEqual([7])
    expect([...image.overshadowed, ...image.partitions.keys()]).toEqual([0, 0, 7])
    image.assertWhole()
  })

  it('forgets a broker that is unregistered and keeps one that is only fenced', () => {
    const rig = new Rig().commit(REGISTER).listen()
    rig.commit({
      type: 'BrokerRegistrationChange',
      brokerId: 1,
      brokerEpoch: 0,
      fenced: false,
      inControlledShutdown: true,
    })
    expect(rig.loader.image.isAlive(1)).toBe(true)
    rig.commit({ type: 'UnregisterBroker', brokerId: 1, brokerEpoch: 0 })
    expect(rig.loader.image.brokers.size).toBe(0)
    expect(rig.deltas.map((delta) => delta.changedBrokers)).toEqual([[1], [1], [1]])
  })

  it('goes on without a record that does not fit, unless its node is a controller too', () => {
    const stranger: MetadataRecord = { type: 'PartitionChange', partition: 9, isr: [3] }
    const broker = new Rig().commit(REGISTER, stranger, TOPIC)
    expect([broker.loader.image.brokers.size, broker.loader.image.topics.size]).toEqual([1, 1])
    expect(broker.loader.lastAppliedOffset).toBe(2)
    const faults: string[] = []
    const combined = new Rig(({ message }) => faults.push(message))
    combined.commit(REGISTER, stranger, TOPIC)
    expect(faults).toEqual([expect.stringContaining('a changed partition exists')])
    expect([combined.loader.image.brokers.size, combined.loader.image.topics.size]).toEqual([1, 0])
  })
})

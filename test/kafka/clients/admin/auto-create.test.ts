import { describe, expect, it } from 'vitest'
import { KafkaProducer } from '../../../../src/kafka/clients/kafka-producer.ts'
import { CONNECT_PRODUCER_DEFAULTS } from '../../../../src/kafka/clients/producer-config.ts'
import { ADMIN_SCENARIO, AdminWorld } from './admin-world.ts'

const settings = 'num.partitions: 3, default.replication.factor: 2'
const withSettings = (more = '') =>
  ADMIN_SCENARIO.replace('config: {', `config: {${settings}${more}, `)

function send(world: AdminWorld): string[] {
  const outcomes: string[] = []
  const { world: sim, cluster } = world.sim
  const zone = cluster.nodes.get(1)?.process.host.zone
  if (zone === undefined) throw new Error('no zone')
  const process = sim.addProcess('writer', sim.addHost('writer', zone))
  process.onBoot = () => {
    const producer = new KafkaProducer(process, sim.network, cluster, {
      config: { ...CONNECT_PRODUCER_DEFAULTS, maxBlockMs: 20_000 },
      topics: [],
      bootstrapNodes: [1, 2],
      owner: { onSettled: ({ outcome }) => outcomes.push(outcome), onUnblocked: () => {} },
      observer: { onBatchDone: () => {} },
    })
    const ids = [{ firstRecordId: 1, count: 1, createdFirst: 0, createdLast: 0 }]
    producer.send(
      { topic: 'new', partition: 0 },
      { payloadBytes: 100, compressionRatio: 1, ids, tag: {} },
    )
  }
  process.start()
  world.runMs(30_000)
  return outcomes
}

describe('a producer that writes to a topic that does not exist', () => {
  it('finds it made by the broker, with num.partitions and default.replication.factor', () => {
    const world = new AdminWorld(withSettings())
    expect(send(world)).toEqual(['ok'])
    const indices = world.sim.cluster.topics.partitionsOf('new')
    expect(indices).toHaveLength(3)
    for (const index of indices) {
      expect(world.sim.cluster.registrationOf(index)?.replicas).toHaveLength(2)
    }
  })

  it('fails where auto.create.topics.enable is off', () => {
    const world = new AdminWorld(withSettings(', auto.create.topics.enable: false'))
    expect(send(world)).toEqual(['fail'])
    expect(world.sim.cluster.topics.partitionsOf('new')).toEqual([])
  })
})

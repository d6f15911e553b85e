// Source of the expected faults: the replay methods of ClusterControlManager,
// ReplicationControlManager, ProducerIdControlManager and ClusterDelta.

import { expect, it } from 'vitest'
import { ProducerIdControl } from '../../../src/kafka/controller/producer-id-control.ts'
import { MetadataDelta } from '../../../src/kafka/metadata/metadata-delta.ts'
import { MetadataImage } from '../../../src/kafka/metadata/metadata-image.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { ReplayFault } from '../../../src/kafka/metadata/replay-fault.ts'
import { ControllerRig } from './controller-rig.ts'

const OF_BROKER_1 = { brokerId: 1, brokerEpoch: 7 }
const PARTITION: MetadataRecord = {
  ...{ type: 'Partition', partition: 9, first: 9, topic: 'unheard', number: 0, replicas: [1] },
  ...{ isr: [1], observers: [], leader: 1, leaderEpoch: 0, partitionEpoch: 0 },
  recovery: 'RECOVERED',
}

it.each<[string, MetadataRecord]>([
  ['a changed broker is registered', { type: 'BrokerRegistrationChange', ...OF_BROKER_1 }],
  ['who is unregistered was registered', { type: 'UnregisterBroker', ...OF_BROKER_1 }],
  ['a topic is created once', { type: 'Topic', name: 't', configs: {} }],
  ['a partition comes after its topic', PARTITION],
  ['a removed topic exists', { type: 'RemoveTopic', topic: 'unheard' }],
])('a controller ends where %s is not so', (sentence, record) => {
  const rig = new ControllerRig()
  rig.start(1)
  rig.control.replay({ type: 'Topic', name: 't', configs: {} }, rig.log.length)
  const replay = () => rig.control.replay(record, rig.log.length + 1)
  expect(replay).toThrow(ReplayFault)
  expect(replay).toThrow(sentence)
})

it('no block of producer ids is given twice', () => {
  const ids = new ProducerIdControl()
  ids.replay(ids.nextBlock(1))
  const again = { type: 'ProducerIds', brokerId: 2, nextProducerId: 1_000 } as const
  expect(() => ids.replay(again)).toThrow(ReplayFault)
  expect(ids.nextProducerId).toBe(1_000)
})

it('a broker changes only what it knows of the process that is registered', () => {
  const image = new MetadataImage()
  const delta = new MetadataDelta()
  const process = { brokerId: 1, brokerEpoch: 3, incarnation: 1, rack: null }
  const state = { fenced: true, inControlledShutdown: false }
  image.replay({ type: 'RegisterBroker', ...process, ...state }, 3, delta)
  const unfence = (brokerEpoch: number) => () => {
    const change = { brokerId: 1, brokerEpoch, fenced: false }
    image.replay({ type: 'BrokerRegistrationChange', ...change }, 4, delta)
  }
  expect(unfence(2)).toThrow(ReplayFault)
  unfence(3)()
  expect(image.isAlive(1)).toBe(true)
})

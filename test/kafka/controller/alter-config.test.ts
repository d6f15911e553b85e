import { describe, expect, it } from 'vitest'
import { CLUSTER_DEFAULT, nodeResource } from '../../../src/kafka/metadata/broker-configs.ts'
import { ControllerRig } from './controller-rig.ts'

function threeBrokers(...options: ConstructorParameters<typeof ControllerRig>): ControllerRig {
  const rig = new ControllerRig(...options)
  rig.start(1, 2, 3)
  rig.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '2' })
  return rig
}

const MIN_ISR = 'min.insync.replicas'
const T = { type: 'topic', name: 't' } as const

describe('settings', () => {
  it('another min.insync.replicas empties the ELR, the same one changes nothing', () => {
    const rig = threeBrokers()
    rig.alterIsr(0, [1])
    const alter = (value: string) => {
      const request = {
        api: 'AlterConfig',
        resource: T,
        configs: { 'min.insync.replicas': value },
      } as const
      return rig.take(rig.control.alterConfig(request))
    }
    alter('2')
    expect(rig.partition(0).elr).toEqual([2, 3])
    alter('3')
    expect(rig.partition(0).elr).toEqual([])
    rig.silence(1)
    expect(rig.partition(0)).toMatchObject({ elr: [1], lastKnownElr: [1] })
    alter('1')
    expect(rig.partition(0)).toMatchObject({ elr: [], lastKnownElr: [] })
  })

  it('another min.insync.replicas leaves the index of ELRs as it was: two records for one', () => {
    const rig = threeBrokers()
    const name = 'min.insync.replicas'
    const alter = (value: string) =>
      rig.take(
        rig.control.alterConfig({ api: 'AlterConfig', resource: T, configs: { [name]: value } }),
      )
    alter('2')
    rig.alterIsr(0, [1])
    alter('3')
    rig.alterIsr(0, [1, 2])
    const { partitionEpoch } = rig.partition(0)
    rig.take(rig.control.unregisterBroker({ api: 'UnregisterBroker', brokerId: 2 }))
    expect(rig.partition(0)).toMatchObject({ isr: [1], partitionEpoch: partitionEpoch + 2 })
  })

  it('of the cluster stand behind a topic’s own, but empty the ELR of every topic', () => {
    const rig = threeBrokers()
    rig.createTopic('u', [[1, 2, 3]])
    const alter = (value: string) => {
      const configs = { [MIN_ISR]: value }
      return rig.take(
        rig.control.alterConfig({ api: 'AlterConfig', resource: CLUSTER_DEFAULT, configs }),
      )
    }
    alter('3')
    const { configs } = rig.control.state
    expect([configs.minInsyncReplicas('t'), configs.minInsyncReplicas('u')]).toEqual([2, 3])
    rig.alterIsr(0, [1])
    expect(rig.partition(0).elr).toEqual([2, 3])
    // The same value again is written down again (KAFKA-14136).
    alter('3')
    expect(rig.partition(0).elr).toEqual([])
  })

  it('of one node are refused for the minimum with ELRs, and to a stranger', () => {
    const rig = threeBrokers()
    const alter = (id: number, name: string) =>
      rig.control.alterConfig({
        api: 'AlterConfig',
        resource: nodeResource(id),
        configs: { [name]: '1', 'compression.type': 'zstd' },
      })
    expect(alter(1, MIN_ISR)).toMatchObject({ records: [], reply: { error: 'INVALID_CONFIG' } })
    expect(alter(9, 'log.retention.ms').reply.error).toBe('BROKER_ID_NOT_REGISTERED')
    expect(alter(101, 'log.retention.ms').reply.error).toBe('NONE')
    const old = threeBrokers({ elr: false })
    const own = {
      api: 'AlterConfig',
      resource: nodeResource(101),
      configs: { [MIN_ISR]: '3' },
    } as const
    old.createTopic('u', [[1, 2, 3]])
    old.take(old.control.alterConfig(own))
    // The controller decides by its own settings, whatever a leader goes by.
    expect(old.control.state.configs.minInsyncReplicas('u')).toBe(3)
    expect(old.control.state.configs.minInsyncReplicas('t')).toBe(2)
  })

  it('begin with the minimum of the controller’s file as the cluster’s, with ELRs', () => {
    const minOf = (elr: boolean) => {
      const { control } = new ControllerRig({ elr }, { minInsyncReplicas: 2 })
      return control.state.configs.brokers.clusterValue(MIN_ISR)
    }
    expect([minOf(true), minOf(false)]).toEqual(['2', undefined])
  })
})

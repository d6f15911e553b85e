import { describe, expect, it } from 'vitest'
import { defaultSettings, resolveSettings } from '../../../src/kafka/settings/resolve.ts'

describe('settings around a schema registry', () => {
  // rest.SchemaRegistryConfig of confluentinc/schema-registry (8.x).
  it('have the defaults of its instances', () => {
    expect(defaultSettings('schemaRegistry', '4.1')).toEqual({
      'kafkagroup.heartbeat.interval.ms': 3_000,
      'kafkagroup.rebalance.timeout.ms': 300_000,
      'kafkagroup.session.timeout.ms': 10_000,
      'kafkastore.init.timeout.ms': 60_000,
      'kafkastore.timeout.ms': 500,
      'kafkastore.topic': '_schemas',
      'kafkastore.topic.replication.factor': 3,
      'leader.connect.timeout.ms': 60_000,
      'leader.election.sticky': false,
      'leader.read.timeout.ms': 60_000,
      'schema.registry.group.id': 'schema-registry',
    })
  })

  // client.SchemaRegistryClientConfig, serializers.AbstractKafkaSchemaSerDeConfig.
  it('and of its clients', () => {
    expect(defaultSettings('schemaClient', '4.1')).toEqual({
      'auto.register.schemas': true,
      'http.connect.timeout.ms': 60_000,
      'http.read.timeout.ms': 60_000,
      'max.retries': 3,
      'retries.max.wait.ms': 20_000,
      'retries.wait.ms': 1_000,
    })
  })

  it('are noted where they have no effect, and refused where nobody knows them', () => {
    const base = defaultSettings('schemaRegistry', '4.1')
    const user = { 'leader.eligibility': false, 'kafkastore.timeouts': 1 }
    const { notes, problems } = resolveSettings('schemaRegistry', user, base)
    expect(notes.map(({ name }) => name)).toEqual(['leader.eligibility'])
    expect(problems.map(({ name, fix }) => [name, fix])).toEqual([
      ['kafkastore.timeouts', 'did you mean kafkastore.timeout.ms?'],
    ])
  })
})

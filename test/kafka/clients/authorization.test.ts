// What becomes of a client that may not do what it wants.

import { describe, expect, it } from 'vitest'
import { Consumer } from '../../../src/kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import type { KafkaError } from '../../../src/kafka/errors.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

const SECOND = 1_000_000

/** Ten records a second for ten seconds. */
function tenASecond(): Lane {
  const phase = { from: 0, until: 10 * SECOND, recordsPerSecond: 10 }
  return {
    source: new OpenLoopSource(100, [phase], 0),
    target: { kind: 'partition', partition: 0 },
  }
}

describe('a producer that may not describe its topic', () => {
  it('throws at each send as soon as metadata has come, without max.block.ms', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.isSecret = true
    const { fates } = startProducer(cluster, [tenASecond()])
    cluster.rig.runMs(5_000)
    expect(fates.length).toBeGreaterThan(3)
    for (const fate of fates) {
      expect(fate).toMatchObject({ outcome: 'fail', error: 'TOPIC_AUTHORIZATION_FAILED', count: 1 })
    }
    // The next answer tells it of the next send; its application waits for each.
    expect(fates.length).toBeLessThanOrEqual(cluster.countOf('Metadata'))
    expect(cluster.countOf('Produce')).toBe(0)
  })

  it('sends what its application has left once it may', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.isSecret = true
    const { fates } = startProducer(cluster, [tenASecond()])
    cluster.rig.runMs(5_000)
    cluster.isSecret = false
    cluster.rig.runMs(10_000)
    const sent = fates.filter(({ outcome }) => outcome === 'ok')
    expect(records(fates)).toBe(100)
    expect(records(sent)).toBeGreaterThanOrEqual(50)
  })
})

describe('an idempotent producer without the right to write', () => {
  const refused = () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.idError = 'CLUSTER_AUTHORIZATION_FAILED'
    return cluster
  }

  it('fails what waits for its id, and asks for it again at once', () => {
    const cluster = refused()
    const { fates } = startProducer(cluster, [tenASecond()])
    cluster.rig.runMs(3_000)
    expect(records(fates)).toBeGreaterThan(20)
    expect(fates.map(({ error }) => error)).not.toContain('DELIVERY_TIMEOUT')
    for (const { outcome, error } of fates) {
      expect([outcome, error]).toEqual(['fail', 'CLUSTER_AUTHORIZATION_FAILED'])
    }
    expect(cluster.countOf('InitProducerId')).toBeGreaterThan(100)
    cluster.idError = 'NONE'
    cluster.rig.runMs(10_000)
    expect(records(fates.filter(({ outcome }) => outcome === 'ok'))).toBeGreaterThan(60)
  })

  it('never recovers before 3.6: its application needs another one', () => {
    const cluster = refused()
    const { fates } = startProducer(cluster, [tenASecond()], { producerIdRefusalIsFatal: true })
    cluster.rig.runMs(3_000)
    cluster.idError = 'NONE'
    cluster.rig.runMs(10_000)
    expect(records(fates)).toBe(100)
    expect(new Set(fates.map(({ error }) => error))).toEqual(
      new Set(['CLUSTER_AUTHORIZATION_FAILED']),
    )
    expect(cluster.countOf('InitProducerId')).toBe(1)
  })
})

describe('a batch that may not be written', () => {
  it('fails at once, is not tried again, and those after it find their place', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.onProduce = (_, attempt) => (attempt <= 3 ? 'TOPIC_AUTHORIZATION_FAILED' : null)
    const { fates } = startProducer(cluster, [tenASecond()])
    cluster.rig.runMs(12_000)
    expect(fates.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['fail', 'fail', 'fail'])
    expect(fates.slice(0, 3).every(({ attempts }) => attempts === 1)).toBe(true)
    expect(records(fates.filter(({ outcome }) => outcome === 'ok'))).toBe(
      100 - records(fates.slice(0, 3)),
    )
  })
})

describe('a consumer that may not describe its topic', () => {
  it('throws, polls again, and asks no sooner than it needs to', () => {
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.isSecret = true
    const thrown: KafkaError[] = []
    cluster.rig.boot(() => {
      new Consumer(cluster.rig.client, cluster.rig.world.network, cluster.rig, {
        config: CONSUMER_DEFAULTS,
        topics: ['t'],
        assignments: [],
        bootstrapNodes: cluster.brokers,
        observer: { onDelivered: () => {}, onUnauthorized: (error) => void thrown.push(error) },
      })
    })
    cluster.rig.runMs(60_000)
    expect(thrown).toEqual(['TOPIC_AUTHORIZATION_FAILED'])
    expect(cluster.countOf('Metadata')).toBe(1)
  })
})

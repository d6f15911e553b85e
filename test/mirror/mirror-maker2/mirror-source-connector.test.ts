// Source of the expected answers: MirrorSourceConnector (4.1): what it only orders, and what it
// waits for.

import { describe, expect, it } from 'vitest'
import type { TopicConfigs } from '../../../src/kafka/clients/admin/kafka-admin-client.ts'
import type { MirrorAdmin, TopicListing } from '../../../src/mirror/mirror-maker2/mirror-admin.ts'
import { MirrorSourceConnector } from '../../../src/mirror/mirror-maker2/mirror-source-connector.ts'
import { ConnectRig } from '../connect/connect-rig.ts'
import { flowFromTo } from './flow-from-to.ts'

const INTERVAL = 5
const EVERY_FIVE = {
  'refresh.topics.interval.seconds': INTERVAL,
  'sync.topic.configs.interval.seconds': INTERVAL,
}
const NO_CONFIGS: TopicConfigs = { own: {}, defaults: {} }

/** What both clusters answer, and what was ordered of the target. */
class Clusters {
  atSource: TopicListing[] = [{ name: 'orders', partitions: 2 }]
  tellsConfigs = true
  readonly ordered: string[] = []

  /** `listed` null: it does not answer. */
  admin(listed: () => readonly TopicListing[] | null): MirrorAdmin {
    const unused = (): never => {
      throw new Error('a source connector does not ask this')
    }
    // Orders are never answered: nothing here may wait for them.
    return {
      listTopics: (done) => {
        const topics = listed()
        done(topics === null ? 'REQUEST_TIMED_OUT' : 'NONE', topics)
      },
      createTopics: (topics, done) => {
        for (const { name, partitions } of topics) this.ordered.push(`${name}/${partitions}`)
        if (topics.some(({ name }) => name.startsWith('mm2-'))) done('NONE', null)
      },
      createPartitions: (name, partitions) => this.ordered.push(`${name} to ${partitions}`),
      describeConfigs: (names, done) => {
        const configs = new Map(names.map((name) => [name, NO_CONFIGS]))
        if (this.tellsConfigs) done('NONE', configs)
        else done('REQUEST_TIMED_OUT', null)
      },
      alterConfigs: (changes) => {
        for (const { name } of changes) this.ordered.push(`configs of ${name}`)
      },
      listConsumerGroups: unused,
      areGroupsEmpty: unused,
      listConsumerGroupOffsets: unused,
      listPartitionsOfGroups: unused,
      alterConsumerGroupOffsets: unused,
      describeAcls: (done) => done('NONE', []),
      createAcls: unused,
      close: () => {},
    }
  }
}

function start(clusters: Clusters, atTarget: () => readonly TopicListing[] | null) {
  const rig = new ConnectRig()
  const heard = { started: 0, reconfigurations: 0 }
  const connectors: MirrorSourceConnector[] = []
  rig
    .process('worker', (process) => {
      const context = {
        process,
        network: rig.simulation.world.network,
        offsets: { read: () => new Map<number, number>(), write: () => {} },
        requestTaskReconfiguration: () => {
          heard.reconfigurations++
        },
      }
      const source = clusters.admin(() => clusters.atSource)
      const admins = { source, target: clusters.admin(atTarget) }
      const onStarted = () => {
        heard.started++
      }
      connectors.push(new MirrorSourceConnector(flowFromTo(EVERY_FIVE), admins, context, onStarted))
    })
    .start()
  rig.run(1)
  return { heard, tasks: () => connectors[0]?.taskConfigs(1), refresh: () => rig.run(INTERVAL) }
}

describe('a source connector', () => {
  it('starts and goes on while its target answers none of its orders', () => {
    const clusters = new Clusters()
    const copies: TopicListing[] = []
    const { heard, refresh } = start(clusters, () => copies)
    expect(heard.started).toBe(1)
    expect(clusters.ordered).toContain('A.orders/2')
    copies.push({ name: 'A.orders', partitions: 2 })
    clusters.atSource = [{ name: 'orders', partitions: 3 }]
    refresh()
    expect(clusters.ordered).toContain('A.orders to 3')
    expect(heard.reconfigurations).toBe(1)
    refresh()
    expect(clusters.ordered.slice(-2)).toContain('configs of A.orders')
  })

  it('creates no copy while the source does not tell the settings of its topic', () => {
    const clusters = new Clusters()
    clusters.tellsConfigs = false
    const { heard, refresh } = start(clusters, () => [])
    refresh()
    expect(clusters.ordered.filter((order) => order.startsWith('A.'))).toEqual([])
    expect(heard).toEqual({ started: 1, reconfigurations: 0 })
    clusters.tellsConfigs = true
    refresh()
    expect(clusters.ordered).toContain('A.orders/2')
    expect(heard.reconfigurations).toBe(1)
  })

  it('has tasks for what the source told though the target does not answer at the start', () => {
    const { tasks } = start(new Clusters(), () => null)
    expect(tasks()).toHaveLength(1)
  })
})

import { describe, expect, it } from 'vitest'
import type { AdminError } from '../../../src/kafka/clients/admin/call.ts'
import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { Flow } from '../../../src/mirror/mirror-maker2/flow.ts'
import type { MirrorAdmin } from '../../../src/mirror/mirror-maker2/mirror-admin.ts'
import * as checkpoints from '../../../src/mirror/mirror-maker2/mirror-checkpoint-connector.ts'
import { ConnectRig } from '../connect/connect-rig.ts'
import { CURRENT } from './mirrored-partition.ts'

const INTERVAL = 5

/** A source whose answers a test sets. */
interface Source {
  groups: readonly string[]
  /** Of which groups the offsets are not to be had. */
  unanswered: readonly string[]
}

const unused = (): never => {
  throw new Error('a checkpoint connector does not ask this')
}

function adminOf(source: Source): MirrorAdmin {
  return {
    listTopics: unused,
    createTopics: (_topics, done) => done('NONE', null),
    createPartitions: unused,
    describeConfigs: unused,
    alterConfigs: unused,
    listConsumerGroups: (done) => done('NONE', source.groups),
    areGroupsEmpty: unused,
    listConsumerGroupOffsets: (group, done) => {
      const error: AdminError = source.unanswered.includes(group) ? 'REQUEST_TIMED_OUT' : 'NONE'
      done(error, error === 'NONE' ? new Map([[0, 5]]) : null)
    },
    alterConsumerGroupOffsets: unused,
    describeAcls: unused,
    createAcls: unused,
    close: () => {},
  }
}

function flow(): Flow {
  const topics = new TopicPartitions()
  topics.add('orders', 1)
  const port = { directory: { processOf: () => null }, topics, bootstrapNodes: [] }
  return new Flow({
    source: { ...port, name: 'A' },
    target: { ...port, name: 'B' },
    settings: {
      ...defaultSettings('mirrorMaker2', '4.1'),
      'refresh.groups.interval.seconds': INTERVAL,
    },
    guards: CURRENT,
    recordIds: new InternalRecordIds(),
  })
}

/** A connector in a worker that only counts how often it is asked to look at the tasks again. */
function start(source: Source) {
  const rig = new ConnectRig()
  const connectors: checkpoints.MirrorCheckpointConnector[] = []
  const heard = { started: 0, reconfigurations: 0 }
  rig
    .process('worker', (process) => {
      const context = {
        process,
        network: rig.simulation.world.network,
        offsets: { read: () => new Map<number, number>(), write: unused },
        requestTaskReconfiguration: () => {
          heard.reconfigurations++
        },
      }
      const admins = { source: adminOf(source), target: adminOf(source) }
      const onStarted = () => {
        heard.started++
      }
      const { MirrorCheckpointConnector } = checkpoints
      connectors.push(new MirrorCheckpointConnector(flow(), admins, context, onStarted))
    })
    .start()
  rig.run(1)
  return { heard, tasks: () => connectors[0]?.taskConfigs(4), refresh: () => rig.run(INTERVAL) }
}

describe('the groups that a connector watches', () => {
  it('stay as they are while the offsets of one of them are not to be had', () => {
    const source: Source = { groups: ['billing', 'audit'], unanswered: [] }
    const { heard, tasks, refresh } = start(source)
    expect(tasks()).toEqual([['billing'], ['audit']])
    source.groups = ['billing', 'audit', 'new']
    source.unanswered = ['audit']
    refresh()
    expect(tasks()).toEqual([['billing'], ['audit']])
    expect(heard).toEqual({ started: 1, reconfigurations: 0 })
    source.unanswered = []
    refresh()
    expect(tasks()).toEqual([['billing'], ['audit'], ['new']])
    expect(heard.reconfigurations).toBe(1)
  })

  it('are unknown, and not none, until the first look-up has succeeded', () => {
    const source: Source = { groups: ['billing'], unanswered: ['billing'] }
    const { heard, tasks, refresh } = start(source)
    expect(heard.started).toBe(1)
    expect(tasks()).toBeNull()
    refresh()
    expect(tasks()).toBeNull()
    expect(heard.reconfigurations).toBe(0)
    source.unanswered = []
    refresh()
    expect(tasks()).toEqual([['billing']])
    expect(heard.reconfigurations).toBe(1)
  })

  it('are gone once nobody lists them: the client hides that no broker answered', () => {
    const source: Source = { groups: ['billing'], unanswered: [] }
    const { heard, tasks, refresh } = start(source)
    source.groups = []
    refresh()
    expect(tasks()).toEqual([])
    expect(heard.reconfigurations).toBe(1)
  })
})

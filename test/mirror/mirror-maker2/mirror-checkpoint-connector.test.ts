import { describe, expect, it } from 'vitest'
import type { AdminError } from '../../../src/kafka/clients/admin/call.ts'
import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { Flow } from '../../../src/mirror/mirror-maker2/flow.ts'
import type { Mm2Guards } from '../../../src/mirror/mirror-maker2/guards.ts'
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
  /** Each question about offsets of groups. */
  readonly asked?: (readonly string[])[]
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
    listConsumerGroupOffsets: unused,
    listPartitionsOfGroups: (groups, done) => {
      source.asked?.push(groups)
      const isOut = groups.some((group) => source.unanswered.includes(group))
      const error: AdminError = isOut ? 'REQUEST_TIMED_OUT' : 'NONE'
      done(error, isOut ? null : new Map(groups.map((group) => [group, [0]])))
    },
    alterConsumerGroupOffsets: unused,
    describeAcls: unused,
    createAcls: unused,
    close: () => {},
  }
}

function flow(guards: Partial<Mm2Guards>): Flow {
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
    guards: { ...CURRENT, ...guards },
    recordIds: new InternalRecordIds(),
  })
}

/** A connector in a worker that only counts how often it is asked to look at the tasks again. */
function start(source: Source, guards: Partial<Mm2Guards> = {}) {
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
        translation: {
          ...{ onCheckpointsUnread: unused, onSyncsUnread: unused },
          onGroupsUnlisted: () => {},
        },
      }
      const admins = { source: adminOf(source), target: adminOf(source) }
      const onStarted = () => {
        heard.started++
      }
      const { MirrorCheckpointConnector } = checkpoints
      connectors.push(new MirrorCheckpointConnector(flow(guards), admins, context, onStarted))
    })
    .start()
  rig.run(1)
  return { heard, tasks: () => connectors[0]?.taskConfigs(4), refresh: () => rig.run(INTERVAL) }
}

it.each([
  ['all at once', true, [['billing', 'audit']]],
  ['one after the other before 4.0', false, [['billing'], ['audit']]],
])('groups are asked %s', (_how, asksGroupsAtOnce, questions) => {
  const asked: (readonly string[])[] = []
  start({ groups: ['billing', 'audit'], unanswered: [], asked }, { asksGroupsAtOnce })
  expect(asked).toEqual(questions)
})

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

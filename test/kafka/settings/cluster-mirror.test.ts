import { describe, expect, it } from 'vitest'
import { CLUSTER_MIRROR_SETTINGS } from '../../../src/kafka/settings/cluster-mirror.ts'
import { defaultSettings, resolveSettings } from '../../../src/kafka/settings/resolve.ts'

/** ClusterMirrorConfigs (brokers) and ClusterMirrorConfig (mirrors) of the implementation, 2026. */
const IMPLEMENTED: readonly (readonly [keyof typeof CLUSTER_MIRROR_SETTINGS, unknown])[] = [
  ['mirror.num.replica.fetchers', 1],
  ['mirror.metadata.refresh.interval.ms', 60_000],
  ['mirror.failed.retry.initial.backoff.ms', 100],
  ['mirror.failed.retry.max.backoff.ms', 300_000],
  ['mirror.failed.retry.max.attempts', 20],
  ['mirror.fetch.wait.max.ms', 1000],
  ['mirror.fetch.backoff.ms', 1000],
  ['mirror.fetch.min.bytes', 1],
  ['mirror.fetch.response.max.bytes', 10_485_760],
  ['mirror.fetch.max.bytes', 1_048_576],
  ['mirror.socket.receive.buffer.bytes', 65_536],
  ['mirror.topics.include', ''],
  ['mirror.topics.exclude', '__.*'],
  ['mirror.groups.include', '.*'],
  ['mirror.groups.exclude', ''],
  ['mirror.acl.include', '*'],
]

describe('the settings of a cluster mirror', () => {
  it.each(IMPLEMENTED)('%s has the default of the implementation', (name, value) => {
    expect(CLUSTER_MIRROR_SETTINGS[name].default).toBe(value)
  })

  it('are refused with the nearest name, noted where they have no effect', () => {
    const base = defaultSettings('clusterMirror', '4.3')
    const wrong = { 'mirror.group.include': 'a', 'mirror.state.topic.num.partitions': 5 }
    const { problems, notes } = resolveSettings('clusterMirror', wrong, base)
    expect(problems.map(({ fix }) => fix)).toEqual(['did you mean mirror.groups.include?'])
    expect(notes.map(({ name }) => name)).toEqual(['mirror.state.topic.num.partitions'])
  })
})

import { describe, expect, it } from 'vitest'
import { CLUSTER_LINK_SETTINGS } from '../../../src/kafka/settings/cluster-link.ts'
import { parseFilters, passes } from '../../../src/kafka/settings/cluster-link-filters.ts'
import { defaultSettings, resolveSettings } from '../../../src/kafka/settings/resolve.ts'

/** Confluent's documentation of link properties, and a link described by its command line tool. */
const DOCUMENTED = {
  'acl.sync.enable': false,
  'acl.sync.ms': 5000,
  'availability.check.consecutive.failure.threshold': 5,
  'availability.check.ms': 60_000,
  'cluster.link.retry.timeout.ms': 300_000,
  'connection.mode': 'OUTBOUND',
  'connections.max.idle.ms': 600_000,
  'consumer.offset.sync.enable': false,
  'consumer.offset.sync.ms': 30_000,
  'link.mode': 'DESTINATION',
  'mirror.start.offset.spec': 'earliest',
  'num.cluster.link.fetchers': 1,
} as const

describe('the settings of a cluster link', () => {
  it('have the defaults that Confluent documents', () => {
    for (const [name, value] of Object.entries(DOCUMENTED)) {
      expect(CLUSTER_LINK_SETTINGS[name as keyof typeof DOCUMENTED].default, name).toBe(value)
    }
  })

  it('are refused with the nearest name, noted where they have no effect', () => {
    const base = defaultSettings('clusterLink', '4.1')
    const wrong = { 'consumer.offset.synch.ms': 1000, 'security.protocol': 'SSL' }
    const { problems, notes } = resolveSettings('clusterLink', wrong, base)
    expect(problems.map(({ fix }) => fix)).toEqual(['did you mean consumer.offset.sync.ms?'])
    expect(notes.map(({ name }) => name)).toEqual(['security.protocol'])
    const early = resolveSettings('clusterLink', { 'consumer.offset.sync.ms': 500 }, base)
    expect(early.problems[0]?.message).toBe('below Kafka’s minimum of 1000')
  })
})

describe('the filters of a link', () => {
  const row = (name: string, patternType: string, filterType: string) => ({
    ...{ name, patternType, filterType },
  })
  const filters = (...rows: readonly object[]) =>
    parseFilters(JSON.stringify({ groupFilters: rows }), 'groupFilters') ?? []

  it('include by name, by prefix and all, and an exclusion wins', () => {
    const some = filters(row('bill', 'LITERAL', 'INCLUDE'), row('app-', 'PREFIXED', 'INCLUDE'))
    expect(['bill', 'billing', 'app-1', 'other'].filter((one) => passes(some, one))).toEqual([
      ...['bill', 'app-1'],
    ])
    const most = filters(row('*', 'LITERAL', 'INCLUDE'), row('test-', 'PREFIXED', 'EXCLUDE'))
    expect(['bill', 'test-1'].filter((one) => passes(most, one))).toEqual(['bill'])
    expect(passes([], 'bill')).toBe(false)
  })

  it('that are no such JSON are no filters', () => {
    expect(parseFilters('groupFilters', 'groupFilters')).toBeNull()
    expect(parseFilters('{"topicFilters": []}', 'groupFilters')).toBeNull()
    expect(parseFilters('{"groupFilters": [{"name": "x"}]}', 'groupFilters')).toBeNull()
    expect(parseFilters('', 'groupFilters')).toEqual([])
  })
})

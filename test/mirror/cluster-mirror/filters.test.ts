import { describe, expect, it } from 'vitest'
import type { AclBinding } from '../../../src/kafka/metadata/acls.ts'
import { CLUSTER_MIRROR_SETTINGS } from '../../../src/kafka/settings/cluster-mirror.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { mirrorFilters } from '../../../src/mirror/cluster-mirror/filters.ts'

const DEFAULTS = defaultSettings('clusterMirror', '4.3')
const ACL: AclBinding = {
  ...{ resource: 'TOPIC', pattern: 'LITERAL', name: 'orders', principal: 'User:shop' },
  ...{ operation: 'WRITE', permission: 'ALLOW' },
}

describe('what a cluster mirror takes', () => {
  it('without a word: topics that are started, every group, every list, most settings', () => {
    const { topics, groups, settings, acls } = mirrorFilters(DEFAULTS)
    expect(topics).toBeNull()
    expect([groups('billing'), acls(ACL)]).toEqual([true, true])
    expect(settings('retention.ms')).toBe(true)
    const weaker = ['min.insync.replicas', 'unclean.leader.election.enable']
    expect(weaker.map(settings)).toEqual([false, false])
  })

  it('by expressions, of which those that exclude win', () => {
    const { topics, groups } = mirrorFilters({
      ...DEFAULTS,
      'mirror.topics.include': 'orders-.*, __internal',
      'mirror.groups.include': 'app-.*',
      'mirror.groups.exclude': 'app-2',
    })
    const names = ['orders-us', 'orders', '__internal']
    expect(names.map((name) => topics?.(name))).toEqual([true, false, false])
    expect(['app-1', 'app-2', 'other'].map(groups)).toEqual([true, false, false])
  })

  it.each([
    ['TOPIC;orders', true],
    ['topic;ord.*;write', true],
    ['GROUP', false],
    ['*;*;READ', false],
    ['*;*;*;DENY', false],
    ['*;*;*;*;User:shop', true],
    ['*;*;*;*;User:other, TOPIC', true],
    ['', false],
  ])('of access control lists those that a rule names: %s', (rules, isTaken) => {
    expect(mirrorFilters({ ...DEFAULTS, 'mirror.acl.include': rules }).acls(ACL)).toBe(isTaken)
  })

  it('has a default for each of its settings', () => {
    expect(Object.keys(DEFAULTS).sort()).toEqual(Object.keys(CLUSTER_MIRROR_SETTINGS).sort())
  })
})

import { describe, expect, it } from 'vitest'
import type { AclBinding } from '../../../src/kafka/metadata/acls.ts'
import {
  type AclFilter,
  namesAcl,
  parseAclFilters,
} from '../../../src/kafka/settings/cluster-link-acl-filters.ts'
import { aclChanges } from '../../../src/mirror/cluster-link/mirror-acls.ts'

const acl = (change: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resource: 'TOPIC', pattern: 'LITERAL', name: 'orders', principal: 'User:shop' },
  ...{ operation: 'WRITE', permission: 'ALLOW', ...change },
})
const filters = (resource: object, access: object) =>
  JSON.stringify({ aclFilters: [{ resourceFilter: resource, accessFilter: access }] })
const parsed = (text: string) => parseAclFilters(text) ?? expect.unreachable()

const ANY = parsed(filters({ resourceType: 'any', patternType: 'any' }, { operation: 'any' }))

describe('acl.filters', () => {
  it('are read as Confluent’s tools take them: words in any case, any for anything', () => {
    const text = filters(
      { resourceType: 'topic', patternType: 'literal', name: 'orders' },
      { principal: 'User:shop', operation: 'describe-configs', permissionType: 'allow' },
    )
    expect(parsed(text)).toEqual([
      {
        ...{ resource: 'TOPIC', pattern: 'LITERAL', name: 'orders' },
        ...{ principal: 'User:shop', operation: 'DESCRIBE_CONFIGS', permission: 'ALLOW' },
        host: null,
      },
    ])
    expect(ANY[0]).toEqual({
      ...{ resource: null, pattern: null, name: null },
      ...{ principal: null, operation: null, permission: null, host: null },
    })
  })

  it('are none without a text, and refused where they are something else', () => {
    expect(parseAclFilters('')).toEqual([])
    for (const text of ['{', '[]', '{"aclFilters": 1}', '{"aclFilters": [{}]}', 'null']) {
      expect(parseAclFilters(text), text).toBeNull()
    }
    expect(parseAclFilters(filters({ resourceType: 1 }, { operation: 'any' }))).toBeNull()
  })
})

function taking(filters: readonly AclFilter[]) {
  return { takes: (acl: AclBinding) => namesAcl(filters, acl), ownsAll: false }
}

describe('access control lists over a cluster link', () => {
  const group = acl({ resource: 'GROUP', operation: 'READ' })
  const prefix = acl({ pattern: 'PREFIXED' })

  it('cross as they are: rights to write, of groups, and by prefix too', () => {
    const { missing, gone } = aclChanges(taking(ANY), [acl(), group, prefix], [prefix])
    expect(missing).toEqual([acl(), group])
    expect(gone).toEqual([])
  })

  it('go where they have gone at the source, also those that somebody added here', () => {
    const own = acl({ principal: 'User:standby' })
    expect(aclChanges(taking(ANY), [acl()], [acl(), own])).toEqual({ missing: [], gone: [own] })
  })

  it('of a cluster mirror go whoever made them: the source’s are all there may be', () => {
    const takesWrites = {
      takes: ({ operation }: AclBinding) => operation === 'WRITE',
      ownsAll: true,
    }
    const { missing, gone } = aclChanges(takesWrites, [acl(), group], [group, prefix])
    expect([missing, gone]).toEqual([[acl()], [group, prefix]])
  })

  it('of one machine are named by its host only', () => {
    const office = acl({ host: 'office' })
    const of = (host: string) => parsed(filters({ resourceType: 'any' }, { host }))
    expect(aclChanges(taking(ANY), [acl(), office], []).missing).toEqual([acl(), office])
    expect(aclChanges(taking(of('office')), [acl(), office], []).missing).toEqual([office])
    expect(aclChanges(taking(of('*')), [acl(), office], []).missing).toEqual([acl()])
    expect(aclChanges(taking(ANY), [acl()], [office])).toEqual({ missing: [acl()], gone: [office] })
  })

  it('are left alone where no filter names them', () => {
    const topics = parsed(filters({ resourceType: 'topic' }, { operation: 'read' }))
    const read = acl({ operation: 'READ' })
    const { missing, gone } = aclChanges(
      taking(topics),
      [acl(), read, group],
      [acl({ name: 'own' })],
    )
    expect([missing, gone]).toEqual([[read], []])
    expect(aclChanges(taking([]), [acl()], [group])).toEqual({ missing: [], gone: [] })
  })
})

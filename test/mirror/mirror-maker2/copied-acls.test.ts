import { describe, expect, it } from 'vitest'
import type { AclBinding } from '../../../src/kafka/metadata/acls.ts'
import { aclsToCopy } from '../../../src/mirror/mirror-maker2/copied-acls.ts'

const acl = (change: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resource: 'TOPIC', pattern: 'LITERAL', name: 'orders', principal: 'User:shop' },
  ...{ operation: 'WRITE', permission: 'ALLOW', ...change },
})

describe('what MirrorMaker 2 copies of lists', () => {
  const flow = {
    shouldReplicateTopic: (topic: string) => topic !== 'left-out',
    remoteTopic: (topic: string) => `A.${topic}`,
  }

  it('is who may read, under the name of the copy, and not who may write', () => {
    const read = acl({ operation: 'READ' })
    expect(aclsToCopy(flow, [acl(), read])).toEqual([{ ...read, name: 'A.orders' }])
  })

  it('is a right to everything as a right to read, and every denial', () => {
    const all = acl({ operation: 'ALL' })
    const deny = acl({ permission: 'DENY' })
    expect(aclsToCopy(flow, [all, deny]).map(({ operation }) => operation)).toEqual([
      ...['READ', 'WRITE'],
    ])
  })

  it('is nothing of groups, of prefixes, and of topics that it does not copy', () => {
    const more = [
      acl({ resource: 'GROUP', operation: 'READ' }),
      acl({ pattern: 'PREFIXED', operation: 'READ' }),
      acl({ name: 'left-out', operation: 'READ' }),
    ]
    expect(aclsToCopy(flow, more)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { Acls } from '../../../src/kafka/metadata/acl-records.ts'
import {
  type AclBinding,
  type Action,
  isAllowed,
  isAllowedOnAny,
} from '../../../src/kafka/metadata/acls.ts'

const CLOSED = { superUsers: ['User:admin'], allowEveryoneIfNoAclFound: false }
const OPEN = { ...CLOSED, allowEveryoneIfNoAclFound: true }

const acl = (change: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resource: 'TOPIC', pattern: 'LITERAL', name: 'orders', principal: 'User:shop' },
  ...{ operation: 'WRITE', permission: 'ALLOW', ...change },
})
const action = (change: Partial<Action> = {}): Action => ({
  ...{ principal: 'User:shop', host: 'office', resource: 'TOPIC', name: 'orders' },
  ...{ operation: 'WRITE', ...change },
})

describe('a list of who may do what', () => {
  it('allows what it names, and refuses the rest', () => {
    expect(isAllowed([acl()], action(), CLOSED)).toBe(true)
    expect(isAllowed([acl()], action({ operation: 'READ' }), CLOSED)).toBe(false)
    expect(isAllowed([acl()], action({ principal: 'User:other' }), CLOSED)).toBe(false)
    expect(isAllowed([acl()], action({ name: 'orders-2' }), CLOSED)).toBe(false)
    expect(isAllowed([acl()], action({ resource: 'GROUP' }), CLOSED)).toBe(false)
  })

  it('is about one host, or about all', () => {
    const here = [acl({ host: 'office' })]
    expect(isAllowed(here, action(), CLOSED)).toBe(true)
    expect(isAllowed(here, action({ host: 'home' }), CLOSED)).toBe(false)
    // Where it is about the topic at all, what no list says is refused.
    expect(isAllowed(here, action({ host: 'home' }), OPEN)).toBe(false)
    const notHome = [acl(), acl({ permission: 'DENY', host: 'home' })]
    expect(isAllowed(notHome, action(), CLOSED)).toBe(true)
    expect(isAllowed(notHome, action({ host: 'home' }), CLOSED)).toBe(false)
  })

  it('denies before it allows, in whatever order', () => {
    const deny = acl({ permission: 'DENY', principal: 'User:*' })
    expect(isAllowed([acl(), deny], action(), CLOSED)).toBe(false)
    expect(isAllowed([deny, acl()], action(), OPEN)).toBe(false)
  })

  it('knows prefixes, every name, everybody and every operation', () => {
    expect(isAllowed([acl({ pattern: 'PREFIXED', name: 'ord' })], action(), CLOSED)).toBe(true)
    expect(isAllowed([acl({ name: '*' })], action(), CLOSED)).toBe(true)
    expect(isAllowed([acl({ principal: 'User:*' })], action(), CLOSED)).toBe(true)
    expect(isAllowed([acl({ operation: 'ALL' })], action(), CLOSED)).toBe(true)
  })

  it('lets describe who may read or write; a denial to write is none to describe', () => {
    const describing = action({ operation: 'DESCRIBE' })
    expect(isAllowed([acl()], describing, CLOSED)).toBe(true)
    const deny = acl({ permission: 'DENY' })
    expect(isAllowed([acl({ operation: 'READ' }), deny], describing, CLOSED)).toBe(true)
    expect(isAllowed([acl({ operation: 'CREATE' })], describing, CLOSED)).toBe(false)
  })

  it('leaves a resource that no list is about to allow.everyone.if.no.acl.found', () => {
    expect(isAllowed([], action(), OPEN)).toBe(true)
    expect(isAllowed([], action(), CLOSED)).toBe(false)
    // Somebody else's list is a list about it.
    expect(isAllowed([acl({ principal: 'User:other' })], action(), OPEN)).toBe(false)
  })

  it('is not for super users', () => {
    const deny = acl({ permission: 'DENY', principal: 'User:*' })
    expect(isAllowed([deny], action({ principal: 'User:admin' }), CLOSED)).toBe(true)
  })
})

describe('a right to some topic or other', () => {
  const shop = { principal: 'User:shop', host: 'office' }
  const wanted = { ...shop, resource: 'TOPIC', operation: 'WRITE' } as const
  const mayOnAny = (acls: readonly AclBinding[], config = CLOSED) =>
    isAllowedOnAny(acls, wanted, config)
  const deny = (change: Partial<AclBinding>) => acl({ permission: 'DENY', ...change })

  it('follows from a right to one, whichever that is', () => {
    expect(mayOnAny([acl({ name: 'returns' })])).toBe(true)
    expect(mayOnAny([acl({ pattern: 'PREFIXED', name: 're' })])).toBe(true)
    expect(mayOnAny([acl({ operation: 'ALL' })])).toBe(true)
    expect(mayOnAny([acl({ operation: 'READ' })])).toBe(false)
    expect(mayOnAny([acl({ principal: 'User:other' })])).toBe(false)
    expect(mayOnAny([acl({ resource: 'GROUP' })])).toBe(false)
    expect(mayOnAny([])).toBe(false)
    expect(mayOnAny([acl({ host: 'office' })])).toBe(true)
    expect(mayOnAny([acl({ host: 'home' })])).toBe(false)
    expect(mayOnAny([acl(), deny({ host: 'home' })])).toBe(true)
  })

  it('is left where a denial leaves something of it', () => {
    expect(mayOnAny([acl(), deny({})])).toBe(false)
    expect(mayOnAny([acl(), deny({ name: 'returns' })])).toBe(true)
    expect(mayOnAny([acl(), deny({ pattern: 'PREFIXED', name: 'ord' })])).toBe(false)
    expect(mayOnAny([acl({ pattern: 'PREFIXED' }), deny({})])).toBe(true)
    expect(mayOnAny([acl({ name: '*' }), deny({})])).toBe(true)
    expect(mayOnAny([acl({ name: '*' }), deny({ name: '*' })])).toBe(false)
  })

  it('is everybody’s where the setting or a super user says so', () => {
    expect(mayOnAny([], OPEN)).toBe(true)
    expect(mayOnAny([acl({ principal: 'User:other' })], OPEN)).toBe(true)
    const admin = { ...wanted, principal: 'User:admin' }
    expect(isAllowedOnAny([deny({ principal: 'User:*', name: '*' })], admin, CLOSED)).toBe(true)
  })
})

describe('the lists that the metadata log holds', () => {
  it('have each entry once, until it is removed', () => {
    const acls = new Acls()
    for (const one of [acl(), acl(), acl({ operation: 'READ' })]) {
      acls.replay({ type: 'AccessControlEntry', acl: one })
    }
    expect([...acls]).toEqual([acl(), acl({ operation: 'READ' })])
    acls.replay({ type: 'RemoveAccessControlEntry', acl: acl() })
    expect([...acls]).toEqual([acl({ operation: 'READ' })])
    expect(acls.has(acl())).toBe(false)
  })

  it('are copied with a controller’s state, and go their own ways then', () => {
    const acls = new Acls()
    acls.replay({ type: 'AccessControlEntry', acl: acl() })
    const copy = new Acls(acls)
    copy.replay({ type: 'RemoveAccessControlEntry', acl: acl() })
    expect([[...acls].length, [...copy].length]).toEqual([1, 0])
  })
})
